package dev.gantry.webhooks;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * Who sends where. A destination is a host and port of one organization; the process that owns it
 * sends there, for as long as its lease, and keeps the circuit. Event loop, never blocks.
 */
@ApplicationScoped
class DestinationStore {
  /**
   * The end of a statement that has {@code changed} deliveries: somebody is to look at where they
   * go, but not before an open circuit lets one through.
   */
  static final String WAKE =
      """
      insert into webhook_destinations as d (organization_id, name, next_at)
      select distinct organization_id, destination, now() from changed where next_at is not null
      order by 1, 2
      on conflict (organization_id, name) do update set next_at =
        case when d.open_until > now() then d.open_until else least(d.next_at, now()) end
      """;

  private static final String TAKE =
      """
      update webhook_destinations
      set owner = $1, owned_until = now() + $2 * interval '1 millisecond',
        next_at = now() + $2 * interval '1 millisecond'
      where (organization_id, name) in (
        select organization_id, name from webhook_destinations
        where next_at <= now() and (owner = $1 or owned_until is null or owned_until <= now())
        order by next_at limit $3 for update skip locked)
      returning organization_id, name, failures
      """;

  // Locked first, so that what is planned meanwhile is seen by the statement after it, or sees it.
  private static final String LOCK =
      """
      select from webhook_destinations
      where organization_id = $1 and name = $2 and owner = $3 for update
      """;

  private static final String RELEASE =
      """
      update webhook_destinations d
      set owner = null, owned_until = null, failures = $3,
        open_until = case when $4 then now() + $5 * interval '1 millisecond' end,
        next_at = case when waits.next_at is not null
          then greatest(waits.next_at, now() + $5 * interval '1 millisecond') end
      from (
        select min(next_at) as next_at from webhook_deliveries
        where organization_id = $1 and destination = $2 and next_at is not null) waits
      where d.organization_id = $1 and d.name = $2
      """;

  private static final String LEAVE =
      """
      update webhook_destinations set owner = null, owned_until = null, next_at = now()
      where owner = $1
      """;

  private static final String FORGET =
      """
      delete from webhook_destinations
      where next_at is null and failures = 0 and owned_until is null
      """;

  private static final String OPEN =
      "select count(*) from webhook_destinations where open_until > now()";

  private final Pool pool;

  DestinationStore(Pool pool) {
    this.pool = pool;
  }

  /**
   * Where one organization's deliveries go.
   *
   * @param name host and port
   */
  record Place(UUID organization, String name) {}

  /**
   * @param failures in a row, so far
   */
  record Owned(Place place, int failures) {
    private static Owned of(Row row) {
      return new Owned(
          new Place(row.getUUID("organization_id"), row.getString("name")),
          row.getInteger("failures"));
    }
  }

  /** Up to {@code most} places with something to send; also ones that this process has already. */
  Uni<List<Owned>> take(UUID process, Duration lease, int most) {
    return pool.preparedQuery(TAKE)
        .execute(Tuple.of(process, lease.toMillis(), most))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(Owned::of).toList());
  }

  /**
   * Gives a place back.
   *
   * @param open whether the circuit is: nothing is sent there while the place rests
   * @param rest how long nobody needs to look, whatever there is
   */
  Uni<Void> release(UUID process, Place place, int failures, boolean open, Duration rest) {
    return pool.withTransaction(
        connection ->
            connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(place.organization(), place.name(), process))
                .chain(
                    rows ->
                        rows.size() == 0
                            ? Uni.createFrom().voidItem()
                            : connection
                                .preparedQuery(RELEASE)
                                .execute(
                                    Tuple.of(
                                        place.organization(),
                                        place.name(),
                                        failures,
                                        open,
                                        rest.toMillis()))
                                .replaceWithVoid()));
  }

  /** Leaves all that the process owns to the others. */
  Uni<Void> leave(UUID process) {
    return pool.preparedQuery(LEAVE).execute(Tuple.of(process)).replaceWithVoid();
  }

  /** Forgets places where nothing went wrong and nothing is to be sent. */
  Uni<Void> forget() {
    return pool.query(FORGET).execute().replaceWithVoid();
  }

  /** How many circuits are open. */
  Uni<Long> open() {
    return pool.query(OPEN).execute().map(rows -> rows.iterator().next().getLong(0));
  }
}
