package dev.gantry.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * The writers' side of the outbox. A writer inserts its messages in its own statement, with the
 * arrays that {@link #columns} makes, or in its session with {@link #add}, and calls {@link
 * #committed} after the commit, so that the relay publishes at once; a call that is lost costs only
 * the time to the relay's next sweep.
 *
 * <p>Any thread, never blocks.
 */
@ApplicationScoped
public class Outbox {
  static final String CHANNEL = "gantry_outbox";
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String INSERT =
      """
      insert into outbox (topic, key, headers, payload)
      select topic, key, headers, payload
      from unnest($1::text[], $2::text[], $3::text[], $4::bytea[]) with ordinality
        as m(topic, key, headers, payload, place) order by place
      """;

  private static final String INSERT_ONE =
      """
      insert into outbox (topic, key, headers, payload)
      values (:topic, :key, :headers, :payload)
      """;

  private final Pool pool;
  private final OutboxRelay relay;
  private final Bell bell;

  Outbox(Pool pool, OutboxRelay relay) {
    this.pool = pool;
    this.relay = relay;
    this.bell = new Bell(pool, CHANNEL);
  }

  /** The messages as parallel arrays, for {@code unnest} in a writer's statement. */
  public record Columns(String[] topics, String[] keys, String[] headers, Buffer[] payloads) {}

  public static Columns columns(List<OutboxMessage> messages) {
    int n = messages.size();
    Columns columns = new Columns(new String[n], new String[n], new String[n], new Buffer[n]);
    for (int i = 0; i < n; i++) {
      OutboxMessage message = messages.get(i);
      columns.topics[i] = message.topic();
      columns.keys[i] = message.key();
      columns.headers[i] = headersJson(message);
      columns.payloads[i] = Buffer.buffer(message.payload());
    }
    return columns;
  }

  private static String headersJson(OutboxMessage message) {
    try {
      return message.headers().isEmpty() ? "{}" : JSON.writeValueAsString(message.headers());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Commits messages that tell of no other change. */
  public Uni<Void> publish(List<OutboxMessage> messages) {
    return add(pool, messages).invoke(this::committed);
  }

  /**
   * Adds messages to the connection's transaction. The caller calls {@link #committed} once the
   * transaction is.
   */
  public static Uni<Void> add(SqlClient client, List<OutboxMessage> messages) {
    Columns columns = columns(messages);
    return client
        .preparedQuery(INSERT)
        .execute(Tuple.of(columns.topics, columns.keys, columns.headers, columns.payloads))
        .replaceWithVoid();
  }

  /**
   * Adds a message to the session's transaction, after what the session has to write so far. The
   * caller calls {@link #committed} once the transaction is.
   */
  public Uni<Void> add(Mutiny.Session session, OutboxMessage message) {
    return session
        .createNativeQuery(INSERT_ONE)
        .setParameter("topic", message.topic())
        .setParameter("key", message.key())
        .setParameter("headers", headersJson(message))
        .setParameter("payload", message.payload())
        .executeUpdate()
        .replaceWithVoid();
  }

  /**
   * Messages have been committed. The relay of this process is woken directly; another process's by
   * a notification.
   */
  public void committed() {
    if (!relay.wake()) {
      bell.ring();
    }
  }
}
