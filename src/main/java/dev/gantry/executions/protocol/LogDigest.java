package dev.gantry.executions.protocol;

import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/**
 * The hash over an attempt's log: the sum, modulo 2^64, of XXH64 of each line's UTF-8 bytes with
 * the line's sequence number as the seed. A sum can be carried on from where a reader stopped, and
 * added over steps, which a chained hash cannot; it tells a lost, doubled, changed or moved line,
 * and is no defence against forgery.
 */
public final class LogDigest {
  private static final XXHash64 HASH = XXHashFactory.fastestJavaInstance().hash64();

  private LogDigest() {}

  /** What line {@code seq} (from 0) adds to the sum. */
  public static long ofLine(long seq, byte[] buffer, int offset, int length) {
    return HASH.hash(buffer, offset, length, seq);
  }

  /** Sixteen hexadecimal digits, as the API shows it. */
  public static String format(long digest) {
    return "%016x".formatted(digest);
  }
}
