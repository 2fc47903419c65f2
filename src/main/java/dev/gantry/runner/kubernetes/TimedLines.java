package dev.gantry.runner.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/**
 * Reads a container's log as the kubelet gives it with timestamps: every line begins with the time
 * at which it was written, and a blank. Hands on what the program wrote, line ends included. Not
 * safe for several threads; blocks.
 */
final class TimedLines {
  /** RFC 3339 with nanoseconds and an offset, at the most. */
  private static final int LONGEST_TIME = 40;

  private final InputStream in;
  private final byte[] buffer = new byte[32 * 1024];
  private final StringBuilder time = new StringBuilder(LONGEST_TIME);
  private boolean inTime = true;

  TimedLines(InputStream in) {
    this.in = in;
  }

  /** Takes what was read; the buffer may only be read during the call. */
  interface Sink {
    /** A line begins that was written at this time. */
    void begins(Instant at) throws IOException;

    /** More of the line, its end included if that has come. */
    void bytes(byte[] buffer, int offset, int length) throws IOException;
  }

  /** Reads what there is, and waits for it; false at the end. */
  boolean read(Sink sink) throws IOException {
    int length = in.read(buffer);
    int at = 0;
    while (at < length) {
      at = inTime ? readTime(at, length, sink) : readLine(at, length, sink);
    }
    return length >= 0;
  }

  private int readTime(int from, int to, Sink sink) throws IOException {
    int at = from;
    while (at < to && buffer[at] != ' ') {
      time.append((char) (buffer[at++] & 255));
      if (time.length() > LONGEST_TIME) {
        throw new IOException("a line of the log begins with no time: " + time);
      }
    }
    if (at == to) {
      return at;
    }
    sink.begins(time());
    inTime = false;
    return at + 1;
  }

  private Instant time() throws IOException {
    String text = time.toString();
    time.setLength(0);
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new IOException("a line of the log begins with no time: " + text, e);
    }
  }

  private int readLine(int from, int to, Sink sink) throws IOException {
    int end = from;
    while (end < to && buffer[end] != '\n') {
      end++;
    }
    if (end < to) {
      end++;
      inTime = true;
    }
    sink.bytes(buffer, from, end - from);
    return end;
  }
}
