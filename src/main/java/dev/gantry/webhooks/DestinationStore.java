package dev.gantry.webhooks;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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

  // What is due at the places that are new to the process is claimed with them.
  private static final String TAKE =
      """
      with places as (
        select organization_id, name, failures, owner is distinct from $1 as fresh
        from webhook_destinations
        where next_at <= now() and (owner = $1 or owned_until is null or owned_until <= now())
        order by next_at limit $3 for update skip locked),
      taken as (
        update webhook_destinations d
        set owner = $1, owned_until = now() + $2 * interval '1 millisecond',
          next_at = now() + $2 * interval '1 millisecond'
        from places p where d.organization_id = p.organization_id and d.name = p.name),
      due as (
        select d.position, d.webhook_id from places p
        cross join lateral (
          select d.position, d.webhook_id from webhook_deliveries d
          where d.organization_id = p.organization_id and d.destination = p.name
            and d.next_at <= now() and %s
          order by d.next_at, d.position limit case when p.failures > 0 then 1 else $4 end
          for update skip locked) d
        where p.fresh limit $3),
      claimed as (
        update webhook_deliveries d
        set next_at = now() + $2 * interval '1 millisecond', %s
        from due where d.position = due.position and d.webhook_id = due.webhook_id
        returning d.*)
      select p.organization_id as place_organization, p.name as place_name, p.failures, %s
      from places p
      left join claimed c on c.organization_id = p.organization_id and c.destination = p.name
      left join webhooks w on w.id = c.webhook_id
      order by c.position
      """
          .formatted(Claimed.MAY_BE_SENT, Claimed.COUNTED, Claimed.COLUMNS);

  // A place that was woken since it was taken is due again, whatever this statement has seen: of
  // two that change its row, the later one waits, and reads what the other has written.
  private static final String RELEASE =
      """
      update webhook_destinations d
      set owner = null, owned_until = null, failures = $4,
        open_until = case when $5 then now() + $6 * interval '1 millisecond' end,
        next_at = case
          when d.next_at <= clock_timestamp() and $5 then now() + $6 * interval '1 millisecond'
          when d.next_at <= clock_timestamp() then now()
          when waits.next_at is not null
            then greatest(waits.next_at, now() + $6 * interval '1 millisecond') end
      from (
        select min(next_at) as next_at from webhook_deliveries
        where organization_id = $1 and destination = $2 and next_at is not null) waits
      where d.organization_id = $1 and d.name = $2 and d.owner = $3
      returning d.next_at <= now() as due
      """;

  // Taken anew while the release before was under way, which then knew nothing of what was new.
  private static final String LOOK_AGAIN =
      """
      update webhook_destinations set next_at =
        case when open_until > now() then open_until else least(next_at, now()) end
      where organization_id = $1 and name = $2
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
   * A place that the process owns for now.
   *
   * @param failures in a row, so far
   * @param claimed what is due there, or some of it; nothing if the process had the place already
   */
  record Taken(Place place, int failures, List<Claimed> claimed) {}

  /**
   * Takes places with something to send; also ones that this process has already.
   *
   * @param most places, and most deliveries in all
   * @param each most deliveries of a place that has not just failed; of one that has, it is one
   */
  Uni<Collection<Taken>> take(UUID process, Duration lease, int most, int each) {
    return pool.preparedQuery(TAKE)
        .execute(Tuple.of(process, lease.toMillis(), most, each))
        .map(DestinationStore::taken);
  }

  private static Collection<Taken> taken(RowSet<Row> rows) {
    Map<Place, Taken> taken = new LinkedHashMap<>();
    for (Row row : rows) {
      Place place = new Place(row.getUUID("place_organization"), row.getString("place_name"));
      Taken of =
          taken.computeIfAbsent(
              place, at -> new Taken(at, row.getInteger("failures"), new ArrayList<>()));
      if (row.getLong("position") != null) {
        of.claimed().add(Claimed.of(row));
      }
    }
    return taken.values();
  }

  /**
   * Gives a place back, and answers whether there is more to send.
   *
   * @param open whether the circuit is: nothing is sent there while the place rests
   * @param rest how long nobody needs to look if nothing new comes
   */
  Uni<Boolean> release(UUID process, Place place, int failures, boolean open, Duration rest) {
    Tuple released =
        Tuple.of(place.organization(), place.name(), process, failures, open, rest.toMillis());
    return pool.preparedQuery(RELEASE)
        .execute(released)
        .chain(
            rows ->
                rows.size() == 0
                    ? wake(place)
                    : Uni.createFrom()
                        .item(Boolean.TRUE.equals(rows.iterator().next().getBoolean(0))));
  }

  private Uni<Boolean> wake(Place place) {
    return pool.preparedQuery(LOOK_AGAIN)
        .execute(Tuple.of(place.organization(), place.name()))
        .replaceWith(true);
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
