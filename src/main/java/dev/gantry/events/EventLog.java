package dev.gantry.events;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * All events that were told and are still kept, in the order of telling. None appears later before
 * one that could be read already, so whoever remembers a position misses nothing. Any thread, never
 * blocks; fails with what the database says.
 */
@ApplicationScoped
public class EventLog {
  private static final String COLUMNS =
      """
      select position, organization_id, id, type, subject, sequence, time, traceparent, data
      from events
      """;

  private static final String AFTER = COLUMNS + "where position > $1 order by position limit $2";

  // What is not filtered by is not written down, so that the planner sees which index fits.
  private static final String WANTED =
      COLUMNS
          + "where organization_id = $1 and position > $2 and position < $3 and sequence > $4"
          + "%s order by position limit $5";

  private static final String LAST = "select coalesce(max(position), 0) from events";

  private final Pool pool;
  private final EventBell bell;

  EventLog(Pool pool, EventBell bell) {
    this.pool = pool;
    this.bell = bell;
  }

  /** The events behind a position, of all organizations. */
  public Uni<List<ToldEvent>> after(long position, int most) {
    return pool.preparedQuery(AFTER).execute(Tuple.of(position, most)).map(EventLog::events);
  }

  /** The wanted ones of the events behind a position. */
  public Uni<List<ToldEvent>> after(long position, EventFilter filter, int most) {
    StringBuilder further = new StringBuilder();
    Tuple values =
        Tuple.of(filter.organization(), position, filter.until(), filter.afterSequence(), most);
    if (filter.types() != null) {
      further.append(" and type = any($").append(values.size() + 1).append(')');
      values.addValue(filter.types().toArray(String[]::new));
    }
    if (filter.subject() != null) {
      further.append(" and subject = $").append(values.size() + 1);
      values.addValue(filter.subject());
    }
    return pool.preparedQuery(WANTED.formatted(further)).execute(values).map(EventLog::events);
  }

  /** The position of the last event that was told; 0 = none. */
  public Uni<Long> last() {
    return pool.query(LAST).execute().map(rows -> rows.iterator().next().getLong(0));
  }

  /** The position behind which all events are that were told at this time or later. */
  public static long before(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time) - 1;
  }

  /**
   * From now on {@code listener} is called soon after events were told, and every second in case it
   * was not heard of. On an event loop; it must not block.
   */
  public void onTold(Runnable listener) {
    bell.add(listener);
  }

  private static List<ToldEvent> events(RowSet<Row> rows) {
    List<ToldEvent> events = new ArrayList<>(rows.size());
    for (Row row : rows) {
      events.add(
          new ToldEvent(
              row.getLong(0),
              row.getUUID(1),
              row.getString(2),
              row.getString(3),
              row.getString(4),
              row.getLong(5),
              row.getOffsetDateTime(6).toInstant(),
              row.getString(7),
              row.getString(8)));
    }
    return events;
  }
}
