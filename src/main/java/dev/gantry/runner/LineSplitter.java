package dev.gantry.runner;

import java.nio.charset.StandardCharsets;

/**
 * Splits bytes into lines of valid UTF-8. A line ends with LF, a CR before it is dropped; what does
 * not decode becomes U+FFFD; everything else, control characters and NUL included, is data. A line
 * longer than {@link #MAX_LINE} comes in pieces, all but the last marked as continued. Where a
 * piece ends depends on the bytes alone and not on how they were read, so that reading them again
 * gives the same lines.
 */
public final class LineSplitter {
  /** The longest piece, in bytes of UTF-8. */
  public static final int MAX_LINE = 64 * 1024;

  /** How much must be given at once so that a step forward is certain. */
  public static final int LOOKAHEAD = MAX_LINE + 2;

  private LineSplitter() {}

  /** Takes lines; the buffer may only be read during the call. */
  public interface Sink {
    void line(byte[] buffer, int offset, int length, boolean continued);

    /** Asked after each line: whether to stop here. */
    boolean full();
  }

  /**
   * Hands the lines in {@code buffer[0, length)} to {@code sink} and returns how many bytes they
   * took; the rest must be given again, with what follows.
   *
   * @param last nothing follows: an unfinished line is a line
   */
  public static int split(byte[] buffer, int length, boolean last, Sink sink) {
    int at = 0;
    while (at < length && !sink.full()) {
      int next = step(buffer, at, length, last, sink);
      if (next == at) {
        break;
      }
      at = next;
    }
    return at;
  }

  private static int step(byte[] buffer, int at, int length, boolean last, Sink sink) {
    int limit = Math.min(length, at + LOOKAHEAD);
    int end = lineFeed(buffer, at, limit);
    if (end >= 0) {
      int stop = end > at && buffer[end - 1] == '\r' ? end - 1 : end;
      if (stop - at <= MAX_LINE) {
        emit(buffer, at, stop - at, false, sink);
        return end + 1;
      }
    } else if (limit - at < LOOKAHEAD && !last) {
      return at;
    } else if (limit - at <= MAX_LINE) {
      emit(buffer, at, limit - at, false, sink);
      return limit;
    }
    int cut = Utf8.boundary(buffer, at, at + MAX_LINE);
    emit(buffer, at, cut - at, true, sink);
    return cut;
  }

  private static int lineFeed(byte[] buffer, int from, int to) {
    for (int i = from; i < to; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private static void emit(byte[] buffer, int offset, int length, boolean continued, Sink sink) {
    if (Utf8.isValid(buffer, offset, length)) {
      sink.line(buffer, offset, length, continued);
      return;
    }
    byte[] mended =
        new String(buffer, offset, length, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    int at = 0;
    while (mended.length - at > MAX_LINE) {
      int cut = Utf8.boundary(mended, at, at + MAX_LINE);
      sink.line(mended, at, cut - at, true);
      at = cut;
    }
    sink.line(mended, at, mended.length - at, continued);
  }
}
