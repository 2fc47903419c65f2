package dev.gantry.runner.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Which log batches an attempt has sent and which Kafka has acknowledged, written before the one
 * and after the other, so that the next process sends the same lines with the same numbers. Not
 * forced to disk: it must survive the runner, not the host. Not safe for several threads.
 */
final class Journal {
  private static final byte SENT = 1;
  private static final byte ACKNOWLEDGED = 2;

  private final Path file;
  private FileChannel channel;

  Journal(Path file) {
    this.file = file;
  }

  /**
   * What the journal says.
   *
   * @param unacknowledged to be sent again, in order
   * @param last the last entry, or null when nothing was sent
   * @param offsets how far each source was read, by its number in {@link Run}
   */
  record Replay(List<JournalEntry> unacknowledged, JournalEntry last, long[] offsets) {}

  void sent(JournalEntry entry) {
    ByteBuffer record = ByteBuffer.allocate(1 + entry.size()).put(SENT);
    entry.write(record);
    append(record.flip());
  }

  void acknowledged(int index) {
    append(ByteBuffer.allocate(1 + Integer.BYTES).put(ACKNOWLEDGED).putInt(index).flip());
  }

  private void append(ByteBuffer record) {
    try {
      if (channel == null) {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
      while (record.hasRemaining()) {
        channel.write(record);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads what an earlier process wrote; a record that its end cut off is removed. */
  Replay replay() {
    TreeMap<Integer, JournalEntry> unacknowledged = new TreeMap<>();
    long[] offsets = new long[Run.SOURCES];
    JournalEntry last = null;
    ByteBuffer records = read();
    int whole = 0;
    try {
      while (records.hasRemaining()) {
        if (records.get() == SENT) {
          JournalEntry entry = JournalEntry.read(records);
          unacknowledged.put(entry.index(), entry);
          entry.runs().forEach(run -> offsets[run.source()] = run.to());
          last = entry;
        } else {
          unacknowledged.remove(records.getInt());
        }
        whole = records.position();
      }
    } catch (BufferUnderflowException cut) {
      truncate(whole);
    }
    return new Replay(new ArrayList<>(unacknowledged.values()), last, offsets);
  }

  private ByteBuffer read() {
    try {
      return ByteBuffer.wrap(file.toFile().exists() ? Files.readAllBytes(file) : new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void truncate(int size) {
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      out.truncate(size);
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
