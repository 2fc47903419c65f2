package dev.gantry.logs;

import dev.gantry.executions.protocol.LogBatch;
import dev.gantry.logs.LogPoll.Place;
import dev.gantry.logs.LogPoll.Stored;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The statements by which the log store writes, all in a transaction of the caller's. */
final class LogTables {
  /** Creates rows that are not there, locks them all, and tells where they stand. */
  private static final String LOCK =
      """
      insert into log_progress (topic, partition, next_offset)
      select $1, p, 0 from unnest($2::integer[]) p order by p
      on conflict (topic, partition) do update set next_offset = log_progress.next_offset
      returning partition, next_offset
      """;

  private static final String ATTEMPTS =
      """
      select execution_id, step, attempt, lines, missing, digest, end_lines, end_digest
      from log_attempts where (execution_id, step, attempt) in
        (select * from unnest($1::uuid[], $2::integer[], $3::integer[]))
      """;

  private static final String INSERT_CHUNK =
      """
      insert into log_chunks
        (execution_id, first_offset, last_offset, steps, lines, first_at, last_at, data)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      """;

  private static final String UPSERT_ATTEMPT =
      """
      insert into log_attempts
        (execution_id, step, attempt, lines, missing, digest, end_lines, end_digest)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict (execution_id, step, attempt) do update set
        lines = excluded.lines, missing = excluded.missing, digest = excluded.digest,
        end_lines = excluded.end_lines, end_digest = excluded.end_digest
      """;

  private static final String ADVANCE =
      """
      update log_progress set next_offset = greatest(next_offset, $3)
      where topic = $1 and partition = $2
      """;

  private final SqlConnection connection;

  LogTables(SqlConnection connection) {
    this.connection = connection;
  }

  /** The next offset of each of these partitions, locked until the transaction ends. */
  Uni<Map<Integer, Long>> lock(String topic, Collection<Integer> partitions) {
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(topic, partitions.toArray(Integer[]::new)))
        .map(
            rows -> {
              Map<Integer, Long> progress = new HashMap<>();
              rows.forEach(row -> progress.put(row.getInteger(0), row.getLong(1)));
              return progress;
            });
  }

  Uni<Map<Place, AttemptLog>> attempts(Set<Place> places) {
    List<Place> all = List.copyOf(places);
    return connection
        .preparedQuery(ATTEMPTS)
        .execute(
            Tuple.of(
                all.stream().map(Place::executionId).toArray(UUID[]::new),
                all.stream().map(p -> p.key().step()).toArray(Integer[]::new),
                all.stream().map(p -> p.key().attempt()).toArray(Integer[]::new)))
        .map(
            rows -> {
              Map<Place, AttemptLog> attempts = new HashMap<>();
              rows.forEach(
                  row -> {
                    AttemptLog attempt = attempt(row);
                    attempts.put(new Place(row.getUUID("execution_id"), attempt.key()), attempt);
                  });
              return attempts;
            });
  }

  /** Reads a row of {@code log_attempts}. */
  static AttemptLog attempt(Row row) {
    Long endLines = row.getLong("end_lines");
    return new AttemptLog(
        new AttemptLog.Key(row.getInteger("step"), row.getInteger("attempt")),
        row.getLong("lines"),
        row.getLong("missing"),
        row.getLong("digest"),
        endLines == null ? null : new LogBatch.End(endLines, row.getLong("end_digest")));
  }

  Uni<Void> insertChunks(List<Stored> chunks) {
    return batch(INSERT_CHUNK, chunks.stream().map(LogTables::tuple).toList());
  }

  private static Tuple tuple(Stored stored) {
    Chunk chunk = stored.chunk();
    return Tuple.tuple()
        .addUUID(stored.executionId())
        .addLong(chunk.firstOffset())
        .addLong(chunk.lastOffset())
        .addArrayOfInteger(chunk.steps())
        .addInteger(chunk.lines())
        .addOffsetDateTime(at(chunk.firstMillis()))
        .addOffsetDateTime(at(chunk.lastMillis()))
        .addValue(Buffer.buffer(chunk.data()));
  }

  private static OffsetDateTime at(long millis) {
    return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
  }

  Uni<Void> upsertAttempts(Map<Place, AttemptLog> attempts) {
    return batch(
        UPSERT_ATTEMPT,
        attempts.entrySet().stream().map(e -> tuple(e.getKey(), e.getValue())).toList());
  }

  private static Tuple tuple(Place place, AttemptLog log) {
    LogBatch.End end = log.end();
    return Tuple.tuple()
        .addUUID(place.executionId())
        .addInteger(place.key().step())
        .addInteger(place.key().attempt())
        .addLong(log.nextSeq())
        .addLong(log.missing())
        .addLong(log.digest())
        .addLong(end == null ? null : end.lines())
        .addLong(end == null ? null : end.digest());
  }

  Uni<Void> advance(String topic, Map<Integer, Long> next) {
    return batch(
        ADVANCE,
        next.entrySet().stream().map(e -> Tuple.of(topic, e.getKey(), e.getValue())).toList());
  }

  private Uni<Void> batch(String statement, List<Tuple> rows) {
    return rows.isEmpty()
        ? Uni.createFrom().voidItem()
        : connection.preparedQuery(statement).executeBatch(rows).replaceWithVoid();
  }
}
