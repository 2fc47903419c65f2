package dev.gantry.logs;

import dev.gantry.executions.protocol.LogBatch;
import dev.gantry.executions.protocol.LogDigest;

/**
 * What is known of one attempt's log up to some offset of the topic. Decides which lines are new: a
 * runner that restarts sends batches again with the same sequence numbers, and the first occurrence
 * of a line wins. Every reader that feeds it the same batches in order decides the same. Not safe
 * for several threads.
 */
final class AttemptLog {
  /** Which attempt of which step. */
  record Key(int step, int attempt) {}

  private final Key key;
  private long nextSeq;
  private long missing;
  private long digest;
  private LogBatch.End end;

  AttemptLog(Key key) {
    this(key, 0, 0, 0, null);
  }

  AttemptLog(Key key, long nextSeq, long missing, long digest, LogBatch.End end) {
    this.key = key;
    this.nextSeq = nextSeq;
    this.missing = missing;
    this.digest = digest;
    this.end = end;
  }

  /**
   * Counts what is new in {@code batch}.
   *
   * @return how many of its first lines were there before; its line count when nothing is new
   */
  int add(LogBatch batch) {
    if (end == null) {
      end = batch.end();
    }
    if (batch.nextSeq() <= nextSeq) {
      return batch.count();
    }
    int known = (int) Math.max(0, nextSeq - batch.firstSeq());
    missing += Math.max(0, batch.firstSeq() - nextSeq);
    long firstNew = batch.firstSeq() + known;
    batch.forEachLine(
        (seq, millis, level, continued, buffer, offset, length) -> {
          if (seq >= firstNew) {
            digest += LogDigest.ofLine(seq, buffer, offset, length);
          }
        });
    nextSeq = batch.nextSeq();
    return known;
  }

  Key key() {
    return key;
  }

  /** The sequence number after the last line that came. */
  long nextSeq() {
    return nextSeq;
  }

  /** Lines before {@link #nextSeq} that never came. */
  long missing() {
    return missing;
  }

  /** How many lines there are. */
  long lines() {
    return nextSeq - missing;
  }

  long digest() {
    return digest;
  }

  /** Null until the attempt's end came. */
  LogBatch.End end() {
    return end;
  }

  /** All that the runner counted came, and nothing else. */
  boolean whole() {
    return end != null && missing == 0 && nextSeq == end.lines() && digest == end.digest();
  }

  /** The end came, and nothing more is to be waited for. */
  boolean ended() {
    return end != null && nextSeq >= end.lines();
  }
}
