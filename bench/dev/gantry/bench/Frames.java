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
    System.arraycopy(buffer, from, buffer, 0, limit - from);
    limit -= from;
    from = 0;
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

  /** The event holds this text outside of its data's strings, as {@code \nevent: end\n}. */
  boolean holds(byte[] text) {
    return find(text, from) >= 0;
  }

  /** Where the data begins in the {@link #buffer}. */
  int data() {
    return find(DATA, from) + DATA.length;
  }

  /** Where the data ends. */
  int end() {
    return to;
  }

  byte[] buffer() {
    return buffer;
  }

  /** Where this text begins, at or behind {@code start}; negative when it is not there. */
  int find(byte[] text, int start) {
    for (int at = start; at + text.length <= to; at++) {
      if (buffer[at] == text[0]
          && Arrays.equals(buffer, at, at + text.length, text, 0, text.length)) {
        return at;
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
