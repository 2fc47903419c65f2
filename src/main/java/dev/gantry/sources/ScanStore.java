package dev.gantry.sources;

import dev.gantry.events.PublicEvent;
import dev.gantry.messaging.Outbox;
import dev.gantry.messaging.Topics;
import dev.gantry.platform.Ids;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * The rows of scans. One is taken by one process at a time, for as long as its lease; only who took
 * it last can end it, and what it found replaces what the source had in the same transaction. Times
 * are the database's. A source is locked before its scans, always. Event loop, never blocks; fails
 * with what the database says.
 */
@ApplicationScoped
class ScanStore {
  static final String RUNNING = "running";
  static final String COMPLETED = "completed";
  static final String FAILED = "failed";

  private static final String SUPERSEDE =
      """
      update source_scans set state = 'failed', not_before = null, finished_at = now(),
        result = :result
      where source_id = :source and not_before is not null
      """;

  private static final String ADD_OF_SOURCE =
      """
      insert into source_scans (id, organization_id, source_id, state, not_before, attempts, created_at)
      values (:id, :organization, :source, 'running', now(), 0,
        date_trunc('milliseconds', now()))
      """;

  private static final String ADD_PREVIEW =
      """
      insert into source_scans (id, organization_id, origin, inline_tools, inline_workflows, state,
        not_before, attempts, created_at)
      values ($1, $2, $3, $4, $5, 'running', now(), 0, date_trunc('milliseconds', now()))
      """;

  private static final String TAKE =
      """
      with taken as (
        update source_scans set attempts = attempts + 1,
          not_before = now() + $2 * interval '1 millisecond'
        where id in (
          select id from source_scans where not_before <= now() order by not_before limit $1
          for update skip locked)
        returning *)
      select t.id, t.organization_id, t.source_id, t.attempts,
        coalesce(t.origin, s.origin) as origin,
        case when s.id is null then t.inline_tools else s.inline_tools end as inline_tools,
        case when s.id is null then t.inline_workflows else s.inline_workflows end
          as inline_workflows
      from taken t left join sources s on s.id = t.source_id
      """;

  private static final String LOCK_SOURCE =
      "select status from sources where id = $1 and organization_id = $2 for update";

  private static final String END =
      """
      update source_scans set state = $3, result = $4, not_before = null, finished_at = now()
      where id = $1 and attempts = $2 and not_before is not null
      """;

  private static final String READY =
      """
      update sources set status = 'ready', commit = $2, errors = $3, tools_count = $4,
        workflows_count = $5, scanned_at = date_trunc('milliseconds', now()),
        version = version + 1, event_sequence = event_sequence + $6
      where id = $1 returning name, origin, event_sequence
      """;

  private static final String NOT_READY =
      """
      update sources set status = 'failed', errors = $2,
        scanned_at = date_trunc('milliseconds', now()), version = version + 1
      where id = $1
      """;

  private static final String FIND =
      """
      select source_id, state, result, created_at, finished_at from source_scans
      where id = $1 and organization_id = $2
      """;

  private static final String FORGET =
      "delete from source_scans where finished_at < now() - $1 * interval '1 millisecond'";

  private final Pool pool;
  private final Definitions definitions;
  private final Outbox outbox;
  private final Topics topics;

  ScanStore(Pool pool, Definitions definitions, Outbox outbox, Topics topics) {
    this.pool = pool;
    this.definitions = definitions;
    this.outbox = outbox;
    this.topics = topics;
  }

  /** In the session's transaction, in which {@code source} is locked; answers the scan's id. */
  Uni<UUID> add(Source source) {
    UUID id = Ids.next();
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(SUPERSEDE)
                    .setParameter("result", ScanResult.failed("A later scan took its place").json())
                    .setParameter("source", source.id)
                    .executeUpdate()
                    .chain(
                        () ->
                            session
                                .createNativeQuery(ADD_OF_SOURCE)
                                .setParameter("id", id)
                                .setParameter("organization", source.organizationId)
                                .setParameter("source", source.id)
                                .executeUpdate()))
        .replaceWith(id);
  }

  Uni<UUID> addPreview(UUID organization, Origin origin, String tools, String workflows) {
    UUID id = Ids.next();
    String stored = new Origin.InColumn().convertToDatabaseColumn(origin);
    return pool.preparedQuery(ADD_PREVIEW)
        .execute(Tuple.of(id, organization, stored, tools, workflows))
        .replaceWith(id);
  }

  /**
   * A scan that this process has for the time of its lease.
   *
   * @param source null for a preview
   * @param attempt from 1; the fence
   */
  record Taken(
      UUID id,
      UUID organization,
      UUID source,
      int attempt,
      Origin origin,
      String inlineTools,
      String inlineWorkflows) {

    private static Taken of(Row row) {
      return new Taken(
          row.getUUID("id"),
          row.getUUID("organization_id"),
          row.getUUID("source_id"),
          row.getInteger("attempts"),
          new Origin.InColumn().convertToEntityAttribute(row.getString("origin")),
          row.getString("inline_tools"),
          row.getString("inline_workflows"));
    }
  }

  /** Up to {@code most} that wait, or whose lease has passed. */
  Uni<List<Taken>> take(int most, Duration lease) {
    return pool.preparedQuery(TAKE)
        .execute(Tuple.of(most, lease.toMillis()))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(Taken::of).toList());
  }

  /** Answers whether the scan was still the taker's to end; nothing changes otherwise. */
  Uni<Boolean> complete(Taken scan, String commit, Findings found) {
    ScanResult result = ScanResult.of(commit, found);
    return end(scan, COMPLETED, result, transaction -> ready(transaction, scan, result, found));
  }

  /** As {@link #complete}; what the source had stays. */
  Uni<Boolean> fail(Taken scan, String error) {
    ScanResult result = ScanResult.failed(error);
    return end(
        scan,
        FAILED,
        result,
        transaction ->
            transaction
                .preparedQuery(NOT_READY)
                .execute(Tuple.of(scan.source(), result.errorsJson())));
  }

  private interface Change {
    Uni<?> of(SqlConnection transaction);
  }

  private Uni<Boolean> end(Taken scan, String state, ScanResult result, Change ofSource) {
    return pool.withTransaction(
            transaction ->
                locked(transaction, scan)
                    .chain(() -> ended(transaction, scan, state, result))
                    .call(
                        mine ->
                            mine && scan.source() != null
                                ? ofSource.of(transaction)
                                : Uni.createFrom().voidItem()))
        .invoke(outbox::committed);
  }

  private static Uni<?> locked(SqlConnection transaction, Taken scan) {
    return scan.source() == null
        ? Uni.createFrom().voidItem()
        : transaction
            .preparedQuery(LOCK_SOURCE)
            .execute(Tuple.of(scan.source(), scan.organization()));
  }

  private static Uni<Boolean> ended(
      SqlConnection transaction, Taken scan, String state, ScanResult result) {
    return transaction
        .preparedQuery(END)
        .execute(Tuple.of(scan.id(), scan.attempt(), state, result.json()))
        .map(rows -> rows.rowCount() == 1);
  }

  private Uni<?> ready(SqlConnection transaction, Taken scan, ScanResult result, Findings found) {
    return definitions
        .replace(transaction, scan.organization(), scan.source(), found)
        .chain(
            changed ->
                transaction
                    .preparedQuery(READY)
                    .execute(
                        Tuple.of(
                            scan.source(),
                            result.commit(),
                            result.errorsJson(),
                            found.tools().size(),
                            found.workflows().size(),
                            changed ? 1L : 0L))
                    .chain(
                        rows ->
                            changed
                                ? Outbox.add(
                                    transaction,
                                    List.of(
                                        updated(scan, result.commit(), rows)
                                            .toMessage(topics.events())))
                                : Uni.createFrom().voidItem()));
  }

  private static PublicEvent updated(Taken scan, String commit, RowSet<Row> rows) {
    Row source = rows.iterator().next();
    String id = scan.source().toString();
    Origin origin = new Origin.InColumn().convertToEntityAttribute(source.getString("origin"));
    return new PublicEvent(
        "source.updated",
        id,
        source.getLong("event_sequence"),
        Instant.now(),
        scan.organization(),
        null,
        Map.of(
            "source",
            Source.told(id, source.getString("name"), origin.type(), Source.READY, commit)));
  }

  /**
   * A scan as it is stored.
   *
   * @param result null while it runs
   */
  record Stored(
      UUID id,
      UUID source,
      String state,
      ScanResult result,
      Instant createdAt,
      Instant completedAt) {
    boolean isRunning() {
      return RUNNING.equals(state);
    }

    private static Stored of(UUID id, Row row) {
      String result = row.getString("result");
      return new Stored(
          id,
          row.getUUID("source_id"),
          row.getString("state"),
          result == null ? null : ScanResult.read(result),
          row.getOffsetDateTime("created_at").toInstant(),
          row.getOffsetDateTime("finished_at") == null
              ? null
              : row.getOffsetDateTime("finished_at").toInstant());
    }
  }

  Uni<Optional<Stored>> find(UUID organization, UUID id) {
    return pool.preparedQuery(FIND)
        .execute(Tuple.of(id, organization))
        .map(
            rows ->
                rows.size() == 0
                    ? Optional.empty()
                    : Optional.of(Stored.of(id, rows.iterator().next())));
  }

  /** Deletes scans that ended longer ago than this. */
  Uni<Void> forget(Duration retention) {
    return pool.preparedQuery(FORGET).execute(Tuple.of(retention.toMillis())).replaceWithVoid();
  }
}
