package dev.gantry.runner.kubernetes;

import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.runner.Utf8;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Takes the output out of a log: what the program's wrapper prints of it between two lines that
 * nobody else knows. Without a wrapper all that was printed is the output. Not safe for several
 * threads.
 */
final class OutputSection {
  /** White space before the text is read over, up to this many bytes. */
  private static final int MARGIN = 4096;

  private final byte[] mark;
  private final int most;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private boolean open;
  private boolean cut;

  /**
   * @param mark null = there is no wrapper
   * @param wanted how many bytes at most, if that is less than a step keeps; 0 = as many
   */
  OutputSection(String mark, int wanted) {
    this.mark = mark == null ? null : mark.getBytes(StandardCharsets.UTF_8);
    this.most =
        wanted == 0 ? StepEvent.MAX_OUTPUT_BYTES : Math.min(wanted, StepEvent.MAX_OUTPUT_BYTES);
    this.open = mark == null;
  }

  /** Whether the line is not of the log, but the output or one of its marks. */
  boolean takes(byte[] buffer, int offset, int length) {
    if (isMark(buffer, offset, length)) {
      open = !open;
      return true;
    }
    if (open) {
      add(buffer, offset, length);
    }
    return open && mark != null;
  }

  private boolean isMark(byte[] buffer, int offset, int length) {
    return mark != null && Arrays.equals(mark, 0, mark.length, buffer, offset, offset + length);
  }

  private void add(byte[] buffer, int offset, int length) {
    if (text.size() > most + MARGIN) {
      cut = true;
      return;
    }
    text.write(buffer, offset, length);
    text.write('\n');
  }

  /** Trimmed, in at most as many bytes as are wanted. */
  String text() {
    byte[] bytes = trimmed().getBytes(StandardCharsets.UTF_8);
    return bytes.length <= most
        ? trimmed()
        : new String(bytes, 0, Utf8.boundary(bytes, 0, most), StandardCharsets.UTF_8);
  }

  /** The wrapper prints so much and no more. */
  boolean isTruncated() {
    return cut
        || (mark != null && text.size() >= Wrapper.OUTPUT_BYTES)
        || trimmed().getBytes(StandardCharsets.UTF_8).length > most;
  }

  private String trimmed() {
    return text.toString(StandardCharsets.UTF_8).strip();
  }
}
