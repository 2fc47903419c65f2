package dev.gantry.artifacts;

import dev.gantry.http.ApiException;
import dev.gantry.http.Paging;

/** How a content comes in and lies in the database: a few of them fit in memory at any time. */
final class Pieces {
  /** Of each piece but the last, in bytes. */
  static final int SIZE = 512 * 1024;

  private static final int MOST = Integer.MAX_VALUE / SIZE;

  private Pieces() {}

  /** The place of a piece, from 0; fails with 400. */
  static int number(String text) {
    return Paging.number("number", text, 0, 0, MOST);
  }

  /** The piece, unless it is too long, or nothing: then it fails with 400. */
  static byte[] checked(byte[] bytes) {
    if (bytes == null || bytes.length == 0 || bytes.length > SIZE) {
      throw ApiException.invalid("body", "must be 1 to " + SIZE + " bytes of the file");
    }
    return bytes;
  }
}
