package dev.gantry.webhooks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.webhooks.DestinationStore.Place;
import dev.gantry.webhooks.sending.Answer;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * The deliveries as they are stored, for those who make them. Whoever tells of an attempt says
 * which it was: an earlier one changes nothing any more. Event loop, never blocks.
 */
@ApplicationScoped
class DeliveryStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String ADD =
      """
      with changed as (
        insert into webhook_deliveries (position, webhook_id, organization_id, type, subject,
          payload, destination, status, reason, next_at, until, ended_at)
        select position, webhook, organization, type, subject, payload, destination,
          case when fault is null then 'pending' else 'failed' end, fault,
          case when fault is null then now() end, now() + $9 * interval '1 millisecond',
          case when fault is null then null else now() end
        from unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[],
          $7::text[], $8::text[])
          as planned (position, webhook, organization, type, subject, payload, destination, fault)
        on conflict %s
        returning organization_id, destination, next_at)
      """
          + DestinationStore.WAKE;

  private static final String ADD_NEW = ADD.formatted("do nothing");

  private static final String ADD_AGAIN =
      ADD.formatted(
          """
          (position, webhook_id) do update
            set status = excluded.status, reason = excluded.reason, tries = 0,
              destination = excluded.destination, next_at = excluded.next_at,
              until = excluded.until, ended_at = excluded.ended_at
            where webhook_deliveries.status <> 'pending'
          """);

  // What the process does not own any more is not claimed.
  private static final String CLAIM =
      """
      with mine as (
        update webhook_destinations set owned_until = now() + $4 * interval '1 millisecond'
        where organization_id = $1 and name = $2 and owner = $3 returning name),
      due as (
        select position, webhook_id from webhook_deliveries d
        where organization_id = $1 and destination = $2 and next_at <= now()
          and exists (select from mine) and %s
        order by next_at, position limit $5 for update skip locked),
      claimed as (
        update webhook_deliveries d
        set next_at = now() + $4 * interval '1 millisecond', %s
        from due where d.position = due.position and d.webhook_id = due.webhook_id
        returning d.*)
      select %s from claimed c left join webhooks w on w.id = c.webhook_id order by c.position
      """
          .formatted(Claimed.MAY_BE_SENT, Claimed.COUNTED, Claimed.COLUMNS);

  private static final String TOLD =
      """
      update webhook_deliveries
      set status = $4, reason = $5, next_at = now() + $6 * interval '1 millisecond',
        ended_at = case when $4 = 'pending' then null else now() end
      where position = $1 and webhook_id = $2 and attempts = $3
      """;

  private static final String TOLD_OF_ATTEMPT =
      "with told as ("
          + TOLD
          + """
      )
      insert into webhook_attempts (position, webhook_id, number, started_at, took_ms, url, address,
        status, headers, body, error)
      values ($1, $2, $3, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing
      """;

  private static final String MOVE =
      """
      with changed as (
        update webhook_deliveries
        set destination = $4, next_at = now(), tries = tries - 1, attempts = attempts - 1
        where position = $1 and webhook_id = $2 and attempts = $3
        returning organization_id, destination, next_at)
      """
          + DestinationStore.WAKE;

  private static final String DISABLE =
      """
      with off as (
        update webhooks set status = 'disabled', status_reason = $2, version = version + 1,
          updated_at = now()
        where id = $1 and status = 'active')
      update webhook_deliveries
      set status = 'failed', reason = 'the subscription is disabled: ' || $2, next_at = null,
        ended_at = now()
      where webhook_id = $1 and next_at is not null
      """;

  private static final String EXPIRE =
      """
      update webhook_deliveries
      set status = 'failed', reason = 'it was too late to try again', next_at = null,
        ended_at = now()
      where next_at <= now() and until <= now()
      """;

  private final Pool pool;

  DeliveryStore(Pool pool) {
    this.pool = pool;
  }

  /**
   * Adds deliveries that are not there yet, due at once.
   *
   * @param patience how long they are tried
   */
  Uni<Void> add(SqlClient client, List<Planned> planned, Duration patience) {
    return add(client, ADD_NEW, planned, patience);
  }

  /** As {@link #add}; those that are there and over are made again. */
  Uni<Void> addAgain(SqlClient client, List<Planned> planned, Duration patience) {
    return add(client, ADD_AGAIN, planned, patience);
  }

  private static Uni<Void> add(
      SqlClient client, String statement, List<Planned> planned, Duration patience) {
    if (planned.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Tuple columns = Tuple.tuple();
    columns.addValue(column(planned, Planned::position, Long[]::new));
    columns.addValue(column(planned, each -> each.to().id(), UUID[]::new));
    columns.addValue(column(planned, each -> each.to().organization(), UUID[]::new));
    columns.addValue(column(planned, each -> each.payload().type(), String[]::new));
    columns.addValue(column(planned, each -> each.payload().subject(), String[]::new));
    columns.addValue(column(planned, each -> each.payload().text(), String[]::new));
    columns.addValue(column(planned, each -> each.to().destination(), String[]::new));
    columns.addValue(column(planned, Planned::fault, String[]::new));
    columns.addValue(patience.toMillis());
    return client.preparedQuery(statement).execute(columns).replaceWithVoid();
  }

  private static <T> T[] column(
      List<Planned> planned, Function<Planned, T> field, Function<Integer, T[]> array) {
    return planned.stream().map(field).toArray(size -> array.apply(size));
  }

  /** Up to {@code most} deliveries that are due, as long as the process owns the place. */
  Uni<List<Claimed>> claim(Place place, UUID process, Duration lease, int most) {
    Tuple of = Tuple.of(place.organization(), place.name(), process, lease.toMillis(), most);
    return pool.preparedQuery(CLAIM)
        .execute(of)
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).map(Claimed::of).toList());
  }

  /** Tells of an attempt, and what it means for the delivery. */
  Uni<Void> record(Claimed delivery, Attempt attempt, Outcome outcome) {
    Answer answer = attempt.answer();
    Tuple values = told(delivery, outcome);
    values.addValue(attempt.begun().atOffset(ZoneOffset.UTC));
    values.addValue((int) Math.min(answer.took().toMillis(), Integer.MAX_VALUE));
    values.addValue(attempt.url()).addValue(answer.address()).addValue(answer.status());
    values.addValue(json(answer)).addValue(answer.body()).addValue(answer.error());
    return pool.preparedQuery(TOLD_OF_ATTEMPT).execute(values).replaceWithVoid();
  }

  private static String json(Answer answer) {
    try {
      return JSON.writeValueAsString(answer.headers());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells what has become of a delivery that was not sent. */
  Uni<Void> record(Claimed delivery, Outcome outcome) {
    return pool.preparedQuery(TOLD).execute(told(delivery, outcome)).replaceWithVoid();
  }

  private static Tuple told(Claimed delivery, Outcome outcome) {
    Duration pause = outcome.pause();
    return Tuple.of(
        delivery.id().position(),
        delivery.id().webhook(),
        delivery.attempt(),
        outcome.status().text(),
        outcome.reason(),
        pause == null ? null : pause.toMillis());
  }

  /** The subscription leads elsewhere by now: the delivery goes there, and was not tried here. */
  Uni<Void> move(Claimed delivery, String place) {
    return pool.preparedQuery(MOVE)
        .execute(
            Tuple.of(delivery.id().position(), delivery.id().webhook(), delivery.attempt(), place))
        .replaceWithVoid();
  }

  /** Sends nothing more to a subscription; what waits has failed. */
  Uni<Void> disable(UUID webhook, String reason) {
    return pool.preparedQuery(DISABLE).execute(Tuple.of(webhook, reason)).replaceWithVoid();
  }

  /** What waits for longer than it is tried has failed. Answers how many. */
  Uni<Integer> expire() {
    return pool.query(EXPIRE).execute().map(rows -> rows.rowCount());
  }

  /** Adds a delivery that its caller has claimed already, for one attempt. */
  Uni<Void> addClaimed(Claimed delivery, Payload payload, Duration lease) {
    Instant until = delivery.until();
    return pool.preparedQuery(
            """
            insert into webhook_deliveries (position, webhook_id, organization_id, type, subject,
              payload, destination, status, next_at, until, tries, attempts)
            values ($1, $2, $3, $4, $5, $6, $7, 'pending', now() + $8 * interval '1 millisecond',
              $9, 1, 1)
            """)
        .execute(
            Tuple.tuple()
                .addValue(delivery.id().position())
                .addValue(delivery.id().webhook())
                .addValue(delivery.organization())
                .addValue(payload.type())
                .addValue(payload.subject())
                .addValue(payload.text())
                .addValue(delivery.place())
                .addValue(lease.toMillis())
                .addValue(until.atOffset(ZoneOffset.UTC)))
        .replaceWithVoid();
  }
}
