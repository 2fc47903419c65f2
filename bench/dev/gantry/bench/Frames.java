package dev.gantry.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Server-sent events, read in place: the driver shares the machine with what it measures, so that a
 * line of a log is no object here. For one thread; blocks.
 */
final class Frames implements Closeable {
  private static final byte[] DATA = "\ndata: ".getBytes(StandardCharsets.US_ASCII);

  private final InputStream in;
  private byte[] buffer = new byte[256 << 10];
  private int limit;
  private int from;
  private int to;
  private int next;

  Frames(InputStream in) {
    this.in = in;
  }

  /** Goes to the next event; false when the stream is over. */
  boolean next() throws IOException {
    from = next;
    int scan = from;
    while (true) {
      for (; scan + 1 < limit; scan++) {
        if (buffer[scan] == '\n' && buffer[scan + 1] == '\n') {
          to = scan;
          next = scan + 2;
          return true;
        }
      }
      int scanned = scan - from;
      if (!fill()) {
        return false;
      }
      scan = from + scanned;
    }
  }

  /** Reads more behind the part of an event that is there already. */
  private boolean fill() throws IOException {
    if (from > 0) {
      System.arraycopy(buffer, from, buffer, 0, limit - from);
      limit -= from;
      from = 0;
    }
    if (limit == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int read = in.read(buffer, limit, buffer.length - limit);
    limit += Math.max(0, read);
    return read >= 0;
  }

  /** A comment, which only keeps the connection alive. */
  boolean isComment() {
    return buffer[from] == ':';
  }

  /** The event has a line that is this text, which comes with the line breaks around it. */
  boolean holds(byte[] text) {
    return find(text, from) >= 0;
  }

  /** Where the data begins in the {@link #buffer}. */
  int data() {
    return behind(DATA, from);
  }

  /** Where the data ends. */
  int end() {
    return to;
  }

  byte[] buffer() {
    return buffer;
  }

  /** The first place behind this text, which must be there at or behind {@code start}. */
  int behind(byte[] text, int start) {
    int at = find(text, start);
    if (at < 0) {
      throw new WrongResultException("no " + ascii(text, 0, text.length) + " in " + this);
    }
    return at + text.length;
  }

  private int find(byte[] text, int start) {
    for (int at = start; at + text.length <= to; at++) {
      if (buffer[at] == text[0]
          && Arrays.equals(buffer, at, at + text.length, text, 0, text.length)) {
        return at;
      }
    }
    return -1;
  }

  private static String ascii(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
  }

  /** The event. */
  @Override
  public String toString() {
    return ascii(buffer, from, to);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
