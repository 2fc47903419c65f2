package dev.gantry.runner.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a log batch consists of: enough to make the same batch again.
 *
 * @param index the batch's place among the attempt's, from 0
 * @param millis the time of its lines
 * @param digest over the attempt's lines up to and with this batch
 * @param end it is the last one
 */
record JournalEntry(
    int index, long firstSeq, long millis, long digest, boolean end, List<Run> runs) {
  private static final int HEAD = 3 * Long.BYTES + 2 * Integer.BYTES + 1;
  private static final int RUN = 2 * Long.BYTES + Integer.BYTES + 2;

  long nextSeq() {
    return firstSeq + runs.stream().mapToInt(Run::count).sum();
  }

  int size() {
    return HEAD + RUN * runs.size();
  }

  void write(ByteBuffer out) {
    out.putInt(index).putLong(firstSeq).putLong(millis).putLong(digest).put(flag(end));
    out.putInt(runs.size());
    for (Run run : runs) {
      out.put((byte) run.source()).putLong(run.from()).putLong(run.to());
      out.putInt(run.count()).put(flag(run.open()));
    }
  }

  private static byte flag(boolean set) {
    return (byte) (set ? 1 : 0);
  }

  static JournalEntry read(ByteBuffer in) {
    int index = in.getInt();
    long firstSeq = in.getLong();
    long millis = in.getLong();
    long digest = in.getLong();
    boolean end = in.get() != 0;
    int count = in.getInt();
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      runs.add(new Run(in.get(), in.getLong(), in.getLong(), in.getInt(), in.get() != 0));
    }
    return new JournalEntry(index, firstSeq, millis, digest, end, runs);
  }
}
