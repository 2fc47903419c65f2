package dev.gantry.bench;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The program of a step: prints lines of 100 bytes as fast as they are taken, each its number and
 * ten words of a small vocabulary, like a log and as compressible. Each line follows from its
 * number, so that a reader can tell whether it is the right one.
 */
final class Chatter {
  static final int LENGTH = 100;
  private static final int DIGITS = 10;
  private static final int WORDS = 64;
  private static final int WORD = 9;
  private static final byte[] VOCABULARY = vocabulary();

  private Chatter() {}

  /** Takes how many lines. */
  public static void main(String[] arguments) throws IOException {
    int count = Integer.parseInt(arguments[0]);
    byte[] line = new byte[LENGTH + 1];
    line[LENGTH] = '\n';
    try (OutputStream out =
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 64 << 10)) {
      for (int i = 0; i < count; i++) {
        write(i, line);
        out.write(line);
      }
    }
  }

  /** Writes line {@code number} to the beginning of {@code line}. */
  static void write(long number, byte[] line) {
    long rest = number;
    for (int at = DIGITS - 1; at >= 0; at--) {
      line[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    long choice = mix(number);
    for (int at = DIGITS; at < LENGTH; at += WORD) {
      System.arraycopy(VOCABULARY, (int) (choice & (WORDS - 1)) * WORD, line, at, WORD);
      choice >>>= 6;
    }
  }

  /** The finishing step of SplitMix64. */
  private static long mix(long number) {
    long z = (number + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Words of eight letters, each with a space before it. */
  private static byte[] vocabulary() {
    byte[] words = new byte[WORDS * WORD];
    Arrays.fill(words, (byte) ' ');
    byte[] letters = "etaoinshrdlucmfw".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < words.length; i++) {
      if (i % WORD > 0) {
        words[i] = letters[(int) (mix(i) & 15)];
      }
    }
    return words;
  }
}
