package dev.gantry.logs;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing run of UTF-8 bytes that JSON is written into. Not safe for several threads. */
final class JsonBytes {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final boolean[] PLAIN = new boolean[256];

  static {
    Arrays.fill(PLAIN, 0x20, 256, true);
    PLAIN['"'] = false;
    PLAIN['\\'] = false;
  }

  private byte[] bytes = new byte[64 * 1024];
  private int size;

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** The bytes themselves, of which the first {@link #size} count; changed by the next call. */
  byte[] array() {
    return bytes;
  }

  JsonBytes raw(byte[] text) {
    return raw(text, 0, text.length);
  }

  JsonBytes raw(byte[] text, int offset, int length) {
    reserve(length);
    System.arraycopy(text, offset, bytes, size, length);
    size += length;
    return this;
  }

  JsonBytes raw(String text) {
    return raw(text.getBytes(StandardCharsets.UTF_8));
  }

  JsonBytes number(long value) {
    if (value < 0 || value > 999_999_999_999_999_999L) {
      return raw(Long.toString(value));
    }
    int digits = digits(value);
    reserve(digits);
    long rest = value;
    for (int at = size + digits - 1; at >= size; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
    return this;
  }

  private static int digits(long value) {
    int digits = 1;
    for (long bound = 10; bound <= value; bound *= 10) {
      digits++;
    }
    return digits;
  }

  /** Writes a string with its quotes; the text is valid UTF-8 and stays so. */
  JsonBytes string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return string(utf8, 0, utf8.length);
  }

  JsonBytes string(byte[] text, int offset, int length) {
    reserve(length + 2);
    bytes[size++] = '"';
    int end = offset + length;
    int from = offset;
    for (int at = offset; at < end; at++) {
      if (!PLAIN[text[at] & 0xff]) {
        raw(text, from, at - from);
        escape(text[at]);
        from = at + 1;
      }
    }
    raw(text, from, end - from);
    reserve(1);
    bytes[size++] = '"';
    return this;
  }

  private void escape(byte value) {
    reserve(6);
    bytes[size++] = '\\';
    switch (value) {
      case '"', '\\' -> bytes[size++] = value;
      case '\n' -> bytes[size++] = 'n';
      case '\r' -> bytes[size++] = 'r';
      case '\t' -> bytes[size++] = 't';
      default -> {
        bytes[size++] = 'u';
        bytes[size++] = '0';
        bytes[size++] = '0';
        bytes[size++] = HEX[value >> 4];
        bytes[size++] = HEX[value & 15];
      }
    }
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
