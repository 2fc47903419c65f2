package dev.gantry.http.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * Reserves keys and stores their answers. An answer that is stored in the session that did the work
 * is one transaction with it: the work is done once, whatever dies. One that is stored afterwards
 * may be lost with its process; the same request then does the work again, once the reservation of
 * {@value #LEASE_SECONDS} seconds is over. Event loop, never blocks.
 */
@ApplicationScoped
public class AnswerStore {
  /** Longer than any call may wait. */
  static final int LEASE_SECONDS = 120;

  private static final String RESERVE =
      """
      insert into idempotency_keys as k (organization_id, key, fingerprint, holder, held_until)
      values ($1, $2, $3, $4, now() + $5 * interval '1 second')
      on conflict (organization_id, key) do update
        set holder = excluded.holder, held_until = excluded.held_until
        where k.fingerprint = excluded.fingerprint and k.status is null and k.held_until < now()
      """;

  private static final String FIND =
      """
      select fingerprint, status, headers, body,
        greatest(1, ceil(extract(epoch from held_until - now())))::bigint as seconds
      from idempotency_keys where organization_id = $1 and key = $2
      """;

  private static final String KEEP =
      """
      update idempotency_keys set status = $4, headers = $5, body = $6
      where organization_id = $1 and key = $2 and holder = $3 and status is null
      """;

  private static final String KEEP_IN_SESSION =
      """
      update idempotency_keys set status = :status, headers = :headers, body = cast(:body as text)
      where organization_id = :organization and key = :key and holder = :holder and status is null
      """;

  private static final String RELEASE =
      """
      delete from idempotency_keys
      where organization_id = $1 and key = $2 and holder = $3 and status is null
      """;

  private static final String FORGET =
      """
      delete from idempotency_keys where (organization_id, key) in (
        select organization_id, key from idempotency_keys
        where created_at < now() - $1 * interval '1 millisecond'
        order by created_at limit 1000 for update skip locked)
      """;

  private final Pool pool;
  private final ObjectMapper json;

  AnswerStore(Pool pool, ObjectMapper json) {
    this.pool = pool;
    this.json = json;
  }

  /** Empty when the key is reserved now, else what there is of it. */
  public Uni<Optional<Known>> reserve(Reservation wanted, byte[] fingerprint) {
    return pool.preparedQuery(RESERVE)
        .execute(
            Tuple.of(
                wanted.organization(),
                wanted.key(),
                Buffer.buffer(fingerprint),
                wanted.holder(),
                LEASE_SECONDS))
        .chain(
            reserved ->
                reserved.rowCount() == 1
                    ? Uni.createFrom().item(Optional.empty())
                    : find(wanted, fingerprint).map(Optional::of));
  }

  private Uni<Known> find(Reservation wanted, byte[] fingerprint) {
    return pool.preparedQuery(FIND)
        .execute(Tuple.of(wanted.organization(), wanted.key()))
        .map(rows -> known(rows, fingerprint));
  }

  /** What was released or forgotten a moment ago is as if it were still under way. */
  private Known known(RowSet<Row> rows, byte[] fingerprint) {
    if (rows.size() == 0) {
      return new Known(fingerprint, null, 1);
    }
    Row row = rows.iterator().next();
    Integer status = row.getInteger("status");
    Long seconds = row.getLong("seconds");
    return new Known(
        row.getBuffer("fingerprint").getBytes(),
        status == null
            ? null
            : new Answer(status, headers(row.getString("headers")), row.getString("body")),
        seconds == null ? 1 : seconds);
  }

  /** Stores an answer after its work. Does nothing when there is one, or the key is another's. */
  public Uni<Void> keep(Reservation held, Answer given) {
    Answer answer = stored(held, given);
    return pool.preparedQuery(KEEP)
        .execute(
            Tuple.of(
                held.organization(),
                held.key(),
                held.holder(),
                answer.status(),
                headers(answer),
                answer.body()))
        .replaceWithVoid();
  }

  /** Stores an answer with its work; false when the key is another's by now. */
  public Uni<Boolean> keep(Mutiny.Session session, Reservation held, RestResponse<?> given) {
    Answer answer =
        stored(held, Answer.of(given.getStatus(), given.getHeaders(), given.getEntity(), json));
    return session
        .createNativeQuery(KEEP_IN_SESSION)
        .setParameter("status", answer.status())
        .setParameter("headers", headers(answer))
        .setParameter("body", answer.body())
        .setParameter("organization", held.organization())
        .setParameter("key", held.key())
        .setParameter("holder", held.holder())
        .executeUpdate()
        .map(rows -> rows == 1);
  }

  private static Answer stored(Reservation held, Answer answer) {
    return held.secret() && answer.status() < 400 ? answer.withoutBody() : answer;
  }

  /** Gives a key up, so that the same request may be tried again at once. */
  public Uni<Void> release(Reservation held) {
    return pool.preparedQuery(RELEASE)
        .execute(Tuple.of(held.organization(), held.key(), held.holder()))
        .replaceWithVoid();
  }

  /** Removes a batch of keys that are older than this; answers how many there were. */
  Uni<Integer> forget(Duration retention) {
    return pool.preparedQuery(FORGET).execute(Tuple.of(retention.toMillis())).map(RowSet::rowCount);
  }

  private String headers(Answer answer) {
    try {
      return json.writeValueAsString(answer.headers());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> headers(String stored) {
    try {
      return json.readValue(stored, new TypeReference<Map<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
