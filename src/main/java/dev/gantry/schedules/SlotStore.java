package dev.gantry.schedules;

import dev.gantry.executions.ExecuteWorkflow;
import dev.gantry.http.Paging;
import dev.gantry.resources.JsonColumn;
import dev.gantry.workflows.Timetable;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * How far schedules have come, and what became of their slots. Whoever moves a schedule on says
 * where it stood; of two that do so, one finds that it stands there no longer. Event loop, never
 * blocks.
 */
@ApplicationScoped
class SlotStore {
  private static final String TAKE =
      """
      update schedules set taken_until = now() + $2 * interval '1 millisecond'
      where id in (
        select id from schedules
        where not paused and (next_at is null or next_at <= now())
          and (taken_until is null or taken_until <= now())
        order by next_at nulls first limit $1 for update skip locked)
      returning id, organization_id, name, crons, timezone, overlap, catchup, request, base,
        now() as now
      """;

  private static final String MOVE =
      """
      update schedules set base = $3, next_at = $4, taken_until = null
      where id = $1 and base = $2 and not paused
      """;

  private static final String ADD =
      """
      insert into schedule_slots (schedule_id, slot, outcome, execution_id, error)
      values ($1, $2, $3, $4, $5) on conflict do nothing
      """;

  private static final String FORGET =
      """
      delete from schedule_slots
      where schedule_id = $1 and decided_at < now() - interval '90 days'
      """;

  private static final String LAST =
      """
      select distinct on (schedule_id) schedule_id, slot, outcome, execution_id, error, decided_at
      from schedule_slots where schedule_id = any($1) order by schedule_id, slot desc
      """;

  private static final String LIST =
      """
      select slot, outcome, execution_id, error, decided_at from schedule_slots
      where schedule_id = $1 order by slot desc limit $2 offset $3
      """;

  private static final String COUNT = "select count(*) from schedule_slots where schedule_id = $1";

  private final Pool pool;

  SlotStore(Pool pool) {
    this.pool = pool;
  }

  /**
   * A schedule that this process works on, for as long as its lease.
   *
   * @param base every slot up to here is done with; the fence
   * @param now by the database's clock
   */
  record Taken(
      UUID id,
      UUID organization,
      String name,
      Timetable when,
      ExecuteWorkflow request,
      Instant base,
      Instant now) {
    private static Taken of(Row row) {
      return new Taken(
          row.getUUID("id"),
          row.getUUID("organization_id"),
          row.getString("name"),
          Schedule.when(
              new JsonColumn.Texts().convertToEntityAttribute(row.getString("crons")),
              row.getString("timezone"),
              row.getString("overlap"),
              row.getString("catchup")),
          new Schedule.RequestInColumn().convertToEntityAttribute(row.getString("request")),
          instant(row, "base"),
          instant(row, "now"));
    }
  }

  /** Up to {@code most} schedules with something to do, that no other process works on. */
  Uni<List<Taken>> take(int most, Duration lease) {
    return pool.preparedQuery(TAKE)
        .execute(Tuple.of(most, lease.toMillis()))
        .map(rows -> list(rows, Taken::of));
  }

  /** Moves the schedule on and frees it; false when it does not stand there any more. */
  Uni<Boolean> move(SqlClient client, Taken schedule, Turn turn) {
    return client
        .preparedQuery(MOVE)
        .execute(
            Tuple.of(schedule.id(), time(schedule.base()), time(turn.base()), time(turn.next())))
        .map(rows -> rows.rowCount() == 1);
  }

  /**
   * Keeps what became of a slot.
   *
   * @param outcome see {@link Slot}
   * @param execution that was started, or null
   * @param error why none was, or null
   */
  Uni<Void> add(
      SqlClient client, UUID schedule, Instant slot, String outcome, UUID execution, String error) {
    return client
        .preparedQuery(ADD)
        .execute(Tuple.of(schedule, time(slot), outcome, execution, error))
        .chain(() -> client.preparedQuery(FORGET).execute(Tuple.of(schedule)))
        .replaceWithVoid();
  }

  /** The last slot of each that was decided on, by schedule. */
  Uni<Map<UUID, Slot>> last(Collection<UUID> schedules) {
    return pool.preparedQuery(LAST)
        .execute(Tuple.of(schedules.toArray(UUID[]::new)))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .collect(Collectors.toMap(row -> row.getUUID("schedule_id"), SlotStore::slot)));
  }

  /** The newest first. */
  Uni<List<Slot>> list(UUID schedule, Paging paging) {
    return pool.preparedQuery(LIST)
        .execute(Tuple.of(schedule, paging.limit(), paging.offset()))
        .map(rows -> list(rows, SlotStore::slot));
  }

  Uni<Long> count(UUID schedule) {
    return pool.preparedQuery(COUNT)
        .execute(Tuple.of(schedule))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  private static Slot slot(Row row) {
    return Slot.of(
        instant(row, "slot"),
        row.getString("outcome"),
        row.getUUID("execution_id"),
        row.getString("error"),
        instant(row, "decided_at"));
  }

  private static <T> List<T> list(Iterable<Row> rows, Function<Row, T> each) {
    return StreamSupport.stream(rows.spliterator(), false).map(each).toList();
  }

  private static Instant instant(Row row, String column) {
    return row.getOffsetDateTime(column).toInstant();
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
