package dev.gantry.logs;

import java.util.Arrays;

/** The last of what a step printed, as text. Not safe for several threads. */
final class Tail {
  private byte[] bytes = {};
  private int size;
  private long cut;

  int size() {
    return size;
  }

  /** How many bytes were before what is there. */
  long cut() {
    return cut;
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  void add(byte[] text, int offset, int length) {
    if (size + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + length, Math.max(256, bytes.length * 2)));
    }
    System.arraycopy(text, offset, bytes, size, length);
    size += length;
  }

  /** Leaves the last whole lines that have so many bytes, or of a longer line whole characters. */
  void keep(int most) {
    if (size > most) {
      int from = beginning(size - most);
      cut += from;
      bytes = Arrays.copyOfRange(bytes, from, size);
      size = bytes.length;
    }
  }

  private int beginning(int least) {
    int from = least;
    while (from < size && bytes[from - 1] != '\n') {
      from++;
    }
    return from < size ? from : characterFrom(least);
  }

  private int characterFrom(int least) {
    int from = least;
    while (from < size && (bytes[from] & 0xc0) == 0x80) {
      from++;
    }
    return from;
  }
}
