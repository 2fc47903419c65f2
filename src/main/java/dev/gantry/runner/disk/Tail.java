package dev.gantry.runner.disk;

import dev.gantry.runner.masking.Mask;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/**
 * Reads a file that grows, from where it was last read to. Opened when there is something to read.
 * {@link #hasChanged} is for any thread, the rest for one at a time; may block.
 */
final class Tail {
  private final File file;
  private final Mask mask;
  private volatile long seen;
  private long offset;
  private FileChannel channel;

  Tail(File file, long offset, Mask mask) {
    this.file = file;
    this.mask = mask;
    this.offset = offset;
    this.seen = offset;
  }

  /** Whether the file is longer or shorter than it was at {@link #look}. */
  boolean hasChanged() {
    return file.length() != seen;
  }

  /** How long the file is now. */
  long look() {
    seen = file.length();
    return seen;
  }

  long offset() {
    return offset;
  }

  /** What was read up to {@code offset} was used. */
  void advanceTo(long position) {
    offset = position;
  }

  /**
   * Fills {@code buffer} from {@code position} on, masked, and returns how much there was; 0 at the
   * end.
   *
   * @param last nothing will follow what is there: else what may be a secret's first part is left
   */
  int read(long position, byte[] buffer, int length, boolean last) {
    if (mask.isEmpty()) {
      return read(position, buffer, length);
    }
    int before = (int) Math.min(position, mask.reach());
    byte[] window = new byte[before + length + mask.reach()];
    int there = read(position - before, window, window.length);
    boolean whole = last || there == window.length;
    int decided = mask.apply(window, there, whole);
    int read = Math.max(0, Math.min(length, decided - before));
    System.arraycopy(window, before, buffer, 0, read);
    return read;
  }

  private int read(long position, byte[] buffer, int length) {
    try {
      if (channel == null) {
        channel = FileChannel.open(file.toPath(), StandardOpenOption.READ);
      }
      ByteBuffer into = ByteBuffer.wrap(buffer, 0, length);
      int read = 0;
      while (into.hasRemaining() && read >= 0) {
        read = channel.read(into, position + into.position());
      }
      return into.position();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void close() {
    try {
      if (channel != null) {
        channel.close();
        channel = null;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
