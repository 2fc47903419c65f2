package dev.gantry.bench;

import static dev.gantry.bench.WrongResultException.require;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Follows the log of an execution with one step from its first line to its end, and makes sure that
 * it is whole: numbered without a gap, none twice, all there by Gantry's own count. Blocks.
 */
final class LogFollower {
  private static final byte[] LOG = bytes("\nevent: log\n");
  private static final byte[] END = bytes("\nevent: end\n");
  private static final byte[] SEQ = bytes(",\"seq\":");
  private static final byte[] MESSAGE = bytes(",\"message\":\"");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LineListener listener;
  private long lines;
  private long lastLine = System.nanoTime();

  /**
   * Takes each line's bytes as they stand in the JSON, in order; they are valid during the call.
   */
  interface LineListener {
    void line(long seq, byte[] buffer, int from, int to);
  }

  LogFollower(LineListener listener) {
    this.listener = listener;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads the stream to its end, and closes it; answers how many lines there were. */
  long follow(InputStream stream) throws IOException {
    try (Frames frames = new Frames(stream)) {
      while (frames.next()) {
        if (frames.isComment()) {
          requireProgress();
        } else if (frames.holds(LOG)) {
          line(frames);
        } else {
          requireWhole(frames);
          return lines;
        }
      }
    }
    throw new WrongResultException("the stream broke off after " + lines + " lines");
  }

  /** A stream that only keeps itself alive does not come to an end. */
  private void requireProgress() {
    boolean patient = System.nanoTime() - lastLine < PATIENCE.toNanos();
    require(patient, "no line came for " + PATIENCE.toSeconds() + " s after line", lines);
  }

  /** A quote within a string is escaped in JSON, so that a key is found by its quotes. */
  private void line(Frames frames) {
    int seq = frames.behind(SEQ, frames.data());
    int message = frames.behind(MESSAGE, seq);
    byte[] buffer = frames.buffer();
    int end = frames.end();
    boolean whole =
        number(buffer, seq) == lines && buffer[end - 2] == '"' && buffer[end - 1] == '}';
    if (!whole) {
      throw new WrongResultException("not the whole line " + lines + ": " + frames);
    }
    listener.line(lines, buffer, message, end - 2);
    lines++;
    lastLine = System.nanoTime();
  }

  /** The digits at {@code from}. */
  static long number(byte[] buffer, int from) {
    long number = 0;
    for (int at = from; buffer[at] >= '0' && buffer[at] <= '9'; at++) {
      number = number * 10 + buffer[at] - '0';
    }
    return number;
  }

  private void requireWhole(Frames frames) throws IOException {
    require(frames.holds(END), "an event that is not known after line " + lines, frames);
    JsonNode end = Api.JSON.readTree(frames.buffer(), frames.data(), frames.end() - frames.data());
    boolean whole =
        end.path("complete").asBoolean()
            && end.path("lines").asLong() == lines
            && end.path("status").asText().equals("completed");
    require(whole, "not the whole log after " + lines + " lines", end);
  }
}
