package dev.gantry.logs;

import com.github.luben.zstd.Zstd;
import dev.gantry.executions.protocol.LogBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Consecutive batches of one execution, as they lie compressed in a row of the store: for each its
 * offset (8 bytes), how many of its first lines are duplicates (4), its length (4) and its bytes.
 * Pure code; a megabyte takes milliseconds.
 */
record Chunk(
    long firstOffset,
    long lastOffset,
    Integer[] steps,
    int lines,
    long firstMillis,
    long lastMillis,
    byte[] data) {
  private static final int ENTRY_HEAD = Long.BYTES + 2 * Integer.BYTES;
  private static final int LEVEL = 1;

  /**
   * A batch at its place in the topic.
   *
   * @param known how many of its first lines came before, and are to be passed over
   */
  record Entry(long offset, int known, LogBatch batch) {}

  /** Packs entries, which are in order and not none. */
  static Chunk pack(List<Entry> entries) {
    int size = entries.stream().mapToInt(Chunk::size).sum();
    ByteBuffer raw = ByteBuffer.allocate(size);
    TreeSet<Integer> steps = new TreeSet<>();
    Span span = new Span();
    for (Entry entry : entries) {
      byte[] bytes = entry.batch().bytes();
      raw.putLong(entry.offset()).putInt(entry.known()).putInt(bytes.length).put(bytes);
      steps.add(entry.batch().step());
      span.add(entry);
    }
    return new Chunk(
        entries.get(0).offset(),
        entries.get(entries.size() - 1).offset(),
        steps.toArray(Integer[]::new),
        span.lines,
        span.first,
        span.last,
        Zstd.compress(raw.array(), LEVEL));
  }

  /** The size of an entry before compression. */
  static int size(Entry entry) {
    return ENTRY_HEAD + entry.batch().bytes().length;
  }

  /** The entries of a chunk's data. */
  static List<Entry> unpack(byte[] data) {
    int size = Math.toIntExact(Zstd.getFrameContentSize(data));
    ByteBuffer raw = ByteBuffer.wrap(Zstd.decompress(data, size));
    List<Entry> entries = new ArrayList<>();
    while (raw.hasRemaining()) {
      long offset = raw.getLong();
      int known = raw.getInt();
      byte[] bytes = new byte[raw.getInt()];
      raw.get(bytes);
      entries.add(new Entry(offset, known, LogBatch.decode(bytes)));
    }
    return entries;
  }

  /** Counts lines and the time they span. */
  private static final class Span {
    private int lines;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    void add(Entry entry) {
      lines += entry.batch().count() - entry.known();
      entry
          .batch()
          .forEachLine(
              (seq, millis, level, continued, buffer, offset, length) -> {
                first = Math.min(first, millis);
                last = Math.max(last, millis);
              });
    }
  }
}
