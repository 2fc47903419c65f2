package dev.gantry.runner.disk;

import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.runner.Utf8;
import dev.gantry.runner.masking.Mask;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The beginning of a program's standard output, trimmed: what later steps know of it.
 *
 * @param truncated there was more
 */
record Output(String text, boolean truncated) {
  /** White space before the text is read over, up to this many bytes. */
  private static final int MARGIN = 4096;

  /**
   * @param wanted how many bytes at most, if that is less than a step keeps; 0 = as many
   */
  static Output of(File file, Mask mask, int wanted) {
    long length = file.length();
    if (length == 0) {
      return new Output("", false);
    }
    int most =
        wanted == 0 ? StepEvent.MAX_OUTPUT_BYTES : Math.min(wanted, StepEvent.MAX_OUTPUT_BYTES);
    int limit = most + MARGIN + mask.reach();
    try (InputStream in = new FileInputStream(file)) {
      byte[] head = in.readNBytes((int) Math.min(length, limit));
      mask.apply(head, head.length, true);
      String text = new String(head, StandardCharsets.UTF_8).strip();
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return bytes.length <= most
          ? new Output(text, length > head.length)
          : new Output(cut(bytes, most), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String cut(byte[] bytes, int most) {
    int end = Utf8.boundary(bytes, 0, most);
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }
}
