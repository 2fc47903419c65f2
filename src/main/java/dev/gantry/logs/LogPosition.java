package dev.gantry.logs;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gantry.executions.protocol.LogBatch;
import dev.gantry.executions.protocol.LogBatch.Level;

/**
 * How far an attempt's log is stored.
 *
 * @param storedUpTo everything before this offset in the partition of the logs topic is stored
 * @param lines the sequence number of the attempt's next line
 * @param digest over the lines that came
 * @param printed how many of them the program printed, the pieces of a long line each counted
 * @param firstAt of what the program printed, in epoch milliseconds; null when that is nothing
 * @param lastAt likewise
 */
record LogPosition(
    @JsonProperty("stored_up_to") long storedUpTo,
    long lines,
    long digest,
    long printed,
    @JsonProperty("first_at") Long firstAt,
    @JsonProperty("last_at") Long lastAt) {

  /** Counts what the program printed in the entries of one attempt, which come in order. */
  static final class Count {
    private final AttemptLog.Key key;
    private long printed;
    private Long firstAt;
    private Long lastAt;

    Count(AttemptLog.Key key) {
      this.key = key;
    }

    void add(Chunk.Entry entry) {
      LogBatch batch = entry.batch();
      if (batch.step() != key.step() || batch.attempt() != key.attempt()) {
        return;
      }
      long firstNew = batch.firstSeq() + entry.known();
      batch.forEachLine(
          (seq, millis, level, continued, buffer, offset, length) -> {
            if (seq >= firstNew && level != Level.SYSTEM) {
              printed++;
              firstAt = firstAt == null ? (Long) millis : firstAt;
              lastAt = millis;
            }
          });
    }

    LogPosition at(long storedUpTo, AttemptLog attempt) {
      return new LogPosition(
          storedUpTo, attempt.nextSeq(), attempt.digest(), printed, firstAt, lastAt);
    }
  }
}
