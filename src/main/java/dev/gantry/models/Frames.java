package dev.gantry.models;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Takes the bytes of a stream as they come, and gives the frames that are whole: server-sent events
 * or, for {@code LINES}, each line. What is not whole at the end is none. One thread at a time.
 */
final class Frames {
  /** How a provider separates its frames. */
  enum Form {
    EVENTS,
    LINES
  }

  /**
   * @param event the event's name; null = none
   */
  record Frame(String event, String data) {}

  private static final int LONGEST_LINE = 1 << 20;

  private final Form form;
  private final Consumer<Frame> reader;
  private final RecordParser lines;
  private final StringBuilder data = new StringBuilder();
  private String event;

  /**
   * @param tooLong hears of a line that is longer than any provider's
   */
  Frames(Form form, Consumer<Frame> reader, Runnable tooLong) {
    this.form = form;
    this.reader = reader;
    lines =
        RecordParser.newDelimited("\n", this::line)
            .maxRecordSize(LONGEST_LINE)
            .exceptionHandler(failure -> tooLong.run());
  }

  void take(Buffer more) {
    lines.handle(more);
  }

  private void line(Buffer bytes) {
    String line = bytes.toString(StandardCharsets.UTF_8);
    if (line.endsWith("\r")) {
      line = line.substring(0, line.length() - 1);
    }
    if (form == Form.EVENTS) {
      field(line);
    } else if (!line.isBlank()) {
      reader.accept(new Frame(null, line));
    }
  }

  private void field(String line) {
    if (line.isEmpty()) {
      dispatch();
    } else if (line.startsWith("data:")) {
      data.append(data.isEmpty() ? "" : "\n").append(value(line));
    } else if (line.startsWith("event:")) {
      event = value(line);
    }
  }

  private void dispatch() {
    if (!data.isEmpty()) {
      reader.accept(new Frame(event, data.toString()));
      data.setLength(0);
    }
    event = null;
  }

  private static String value(String line) {
    return line.substring(line.indexOf(':') + 1).strip();
  }
}
