package dev.gantry.logs;

import dev.gantry.executions.protocol.LogBatch;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record of the logs topic, decoded: a batch of one execution at its offset. */
record LogRecord(UUID executionId, int partition, long offset, LogBatch batch) {
  /** The last millisecond that RFC 3339 can write. */
  private static final long LAST_MILLIS = 253_402_300_799_999L;

  /**
   * Decodes a record and walks through its lines once, so that nothing fails later.
   *
   * @throws IllegalArgumentException when key or value are not what a runner writes; every reader
   *     passes over such a record
   */
  static LogRecord of(ConsumerRecord<String, byte[]> record) {
    if (record.key() == null || record.value() == null) {
      throw new IllegalArgumentException("log record without key or value");
    }
    try {
      UUID executionId = UUID.fromString(record.key());
      LogBatch batch = LogBatch.decode(record.value());
      requireCounts(batch);
      batch.forEachLine(
          (seq, millis, level, continued, buffer, offset, length) -> requireTime(millis));
      return new LogRecord(executionId, record.partition(), record.offset(), batch);
    } catch (java.nio.BufferUnderflowException | IndexOutOfBoundsException cut) {
      throw new IllegalArgumentException("log batch holds lines that are cut off", cut);
    }
  }

  private static void requireTime(long millis) {
    if (millis < 0 || millis > LAST_MILLIS) {
      throw new IllegalArgumentException("log line of the time " + millis);
    }
  }

  private static void requireCounts(LogBatch batch) {
    if (batch.step() < 0 || batch.attempt() < 0 || batch.firstSeq() < 0 || batch.count() < 0) {
      throw new IllegalArgumentException("log batch holds a number below zero");
    }
  }
}
