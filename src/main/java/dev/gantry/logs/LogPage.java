package dev.gantry.logs;

import dev.gantry.logs.LogReader.Packed;
import java.util.List;

/** One page of lines as JSON objects in an array, filled chunk by chunk. For one thread. */
final class LogPage {
  /** A page ends here even if it holds fewer lines than wanted. */
  private static final int MAX_BYTES = 4 << 20;

  private final LineFilter filter;
  private final int limit;
  private final JsonBytes out = new JsonBytes();
  private final LineWriter writer = new LineWriter(out);
  private LineId last;
  private int count;
  private boolean more;

  LogPage(LineId after, LineFilter filter, int limit) {
    this.last = after;
    this.filter = filter;
    this.limit = limit;
  }

  /** Takes what fits; false when the page is full. */
  boolean add(List<Packed> chunks) {
    for (Packed chunk : chunks) {
      for (Chunk.Entry entry : chunk.entries()) {
        add(entry);
      }
      if (more) {
        return false;
      }
    }
    return true;
  }

  private void add(Chunk.Entry entry) {
    if (more || !filter.wants(entry.batch().step()) || entry.offset() < last.offset()) {
      return;
    }
    writer.batch(entry.batch());
    entry
        .batch()
        .forEachLine(
            (seq, millis, level, continued, buffer, offset, length) -> {
              int index = (int) (seq - entry.batch().firstSeq());
              boolean wanted =
                  index >= entry.known()
                      && last.isBefore(entry.offset(), index)
                      && millis >= filter.sinceMillis();
              if (!wanted || more) {
                return;
              }
              if (count == limit || out.size() > MAX_BYTES) {
                more = true;
                return;
              }
              out.raw(count == 0 ? "" : ",");
              writer.line(
                  entry.offset(), index, seq, millis, level, continued, buffer, offset, length);
              count++;
              last = new LineId(entry.offset(), index);
            });
  }

  /** The id of the page's last line, or where the page began. */
  LineId last() {
    return last;
  }

  boolean hasMore() {
    return more;
  }

  JsonBytes lines() {
    return out;
  }
}
