package dev.gantry.logs;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Reads the log store; answers on the caller's context, never blocks. */
@ApplicationScoped
class LogReader {
  /** Looks the first chunk up by the key, so that a page far behind costs what the first does. */
  private static final String CHUNKS =
      """
      select data, last_offset from log_chunks
      where execution_id = $1 and last_offset >= $2 and first_offset < $3
        and first_offset >= coalesce((
          select max(first_offset) from log_chunks
          where execution_id = $1 and first_offset <= $2), 0)
        and ($4::integer is null or $4 = any (steps))
      order by first_offset limit $5
      """;

  /** One statement, so that progress and attempts are of the same moment. */
  private static final String STATE =
      """
      select p.next_offset, a.step, a.attempt, a.lines, a.missing, a.digest, a.end_lines,
        a.end_digest
      from (select coalesce((select next_offset from log_progress
          where topic = $1 and partition = $2), 0) as next_offset) p
      left join log_attempts a on a.execution_id = $3
      order by a.step, a.attempt
      """;

  private final Pool pool;

  LogReader(Pool pool) {
    this.pool = pool;
  }

  /**
   * What is stored of an execution at one moment.
   *
   * @param nextOffset everything before it in the partition is stored
   * @param attempts the attempts of which there is something, by step and attempt
   */
  record State(long nextOffset, Map<AttemptLog.Key, AttemptLog> attempts) {}

  Uni<State> state(String topic, int partition, UUID executionId) {
    return pool.preparedQuery(STATE)
        .execute(Tuple.of(topic, partition, executionId))
        .map(LogReader::state);
  }

  private static State state(RowSet<Row> rows) {
    Map<AttemptLog.Key, AttemptLog> attempts = new HashMap<>();
    long next = 0;
    for (Row row : rows) {
      next = row.getLong("next_offset");
      if (row.getInteger("step") != null) {
        AttemptLog attempt = LogTables.attempt(row);
        attempts.put(attempt.key(), attempt);
      }
    }
    return new State(next, attempts);
  }

  /**
   * A stored chunk, still packed.
   *
   * @param lastOffset of its last batch
   */
  record Packed(long lastOffset, byte[] data) {
    List<Chunk.Entry> entries() {
      return Chunk.unpack(data);
    }
  }

  /**
   * Up to {@code count} chunks that hold batches from offset {@code from} on and begin before
   * {@code until}, in order; with {@code step}, only those with lines of that step.
   */
  Uni<List<Packed>> chunks(UUID executionId, long from, long until, Integer step, int count) {
    return pool.preparedQuery(CHUNKS)
        .execute(Tuple.of(executionId, Math.max(0, from), until, step, count))
        .map(
            rows -> {
              List<Packed> chunks = new ArrayList<>(rows.size());
              StreamSupport.stream(rows.spliterator(), false)
                  .map(row -> new Packed(row.getLong(1), row.getBuffer(0).getBytes()))
                  .forEach(chunks::add);
              return chunks;
            });
  }
}
