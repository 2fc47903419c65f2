package dev.gantry.bench;

import static dev.gantry.bench.WrongResultException.require;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Follows the log of an execution with one step from its first line to its end, and makes sure that
 * it is whole: numbered without a gap, none twice, all there by Gantry's own count. Blocks.
 */
final class LogFollower {
  private static final byte[] LOG = bytes("\nevent: log\n");
  private static final byte[] END = bytes("\nevent: end\n");
  private static final byte[] SEQ = bytes(",\"seq\":");
  private static final byte[] MESSAGE = bytes(",\"message\":\"");

  private final Api api;
  private final LineListener listener;
  private long lines;

  /**
   * Takes each line's bytes as they stand in the JSON, in order; they are valid during the call.
   */
  interface LineListener {
    void line(long seq, byte[] buffer, int from, int to);
  }

  LogFollower(Api api, LineListener listener) {
    this.api = api;
    this.listener = listener;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Answers how many lines there were. */
  long follow(String executionId) throws IOException, InterruptedException {
    String path = "/workflows/executions/" + executionId + "/logs/stream";
    try (Frames frames = new Frames(api.stream(path))) {
      while (frames.next()) {
        if (frames.holds(END)) {
          requireWhole(frames);
          return lines;
        }
        if (!frames.isComment()) {
          line(frames);
        }
      }
    }
    throw new WrongResultException("the stream broke off after " + lines + " lines");
  }

  /** A quote within a string is escaped in JSON, so that a key is found by its quotes. */
  private void line(Frames frames) {
    require(frames.holds(LOG), "an event of another kind after line", lines);
    int seq = frames.find(SEQ, frames.data()) + SEQ.length;
    int message = frames.find(MESSAGE, seq) + MESSAGE.length;
    byte[] buffer = frames.buffer();
    int end = frames.end();
    require(
        number(buffer, seq) == lines && buffer[end - 2] == '"' && buffer[end - 1] == '}',
        "not the whole line " + lines,
        new String(buffer, frames.data(), end - frames.data(), StandardCharsets.UTF_8));
    listener.line(lines, buffer, message, end - 2);
    lines++;
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
    JsonNode end = Api.JSON.readTree(frames.buffer(), frames.data(), frames.end() - frames.data());
    boolean whole =
        end.path("complete").asBoolean()
            && end.path("lines").asLong() == lines
            && end.path("status").asText().equals("completed");
    require(whole, "not the whole log after " + lines + " lines", end);
  }
}
