package dev.gantry.runner;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes that may or may not be UTF-8. */
public final class Utf8 {
  private static final int LONGEST = 4;

  private Utf8() {}

  static boolean isValid(byte[] buffer, int offset, int length) {
    int end = offset + length;
    int at = offset;
    while (at < end && buffer[at] >= 0) {
      at++;
    }
    return at == end || decodes(buffer, at, end - at);
  }

  private static boolean decodes(byte[] buffer, int offset, int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(buffer, offset, length));
      return true;
    } catch (CharacterCodingException invalid) {
      return false;
    }
  }

  /**
   * The last place not after {@code cut} that is not inside a character; {@code cut} itself when
   * what stands there is no UTF-8 anyway.
   */
  public static int boundary(byte[] buffer, int from, int cut) {
    int at = cut;
    while (at > from && cut - at < LONGEST && isContinuation(buffer[at])) {
      at--;
    }
    return at == from || isContinuation(buffer[at]) ? cut : at;
  }

  private static boolean isContinuation(byte b) {
    return (b & 0xC0) == 0x80;
  }
}
