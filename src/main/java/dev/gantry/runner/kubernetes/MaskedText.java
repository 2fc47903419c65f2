package dev.gantry.runner.kubernetes;

import dev.gantry.runner.masking.Mask;
import java.util.Arrays;

/**
 * Masks a text that comes in pieces: what may be the first part of a secret is held back until it
 * is decided. Lengths and line ends stay as they are. Not safe for several threads.
 */
final class MaskedText {
  private final Mask mask;

  /** The last bytes that were passed on, unmasked, and behind them those that are held back. */
  private byte[] text = new byte[1024];

  private int before;
  private int length;

  MaskedText(Mask mask) {
    this.mask = mask;
  }

  /** Takes more of the text, and returns what is decided by it. */
  byte[] add(byte[] buffer, int offset, int count) {
    if (length + count > text.length) {
      text = Arrays.copyOf(text, Math.max(2 * text.length, length + count));
    }
    System.arraycopy(buffer, offset, text, length, count);
    length += count;
    return decided(false);
  }

  /** What is still held back, when nothing more follows. */
  byte[] rest() {
    return decided(true);
  }

  private byte[] decided(boolean last) {
    byte[] masked = Arrays.copyOf(text, length);
    int to = mask.isEmpty() ? length : Math.max(before, mask.apply(masked, length, last));
    byte[] decided = Arrays.copyOfRange(masked, before, to);
    int from = Math.max(0, to - mask.reach());
    System.arraycopy(text, from, text, 0, length - from);
    before = to - from;
    length -= from;
    return decided;
  }
}
