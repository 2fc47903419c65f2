package dev.gantry.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.database.DatabaseClock;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgConnection;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Publishes what the outbox holds, in order, and deletes it once Kafka has acknowledged it.
 *
 * <p>One relay at a time for all replicas: it owns a database connection that holds an advisory
 * lock, and all its statements go through that very connection, so a relay that lost the lock
 * cannot delete anything either. A message can be published twice (a crash between the
 * acknowledgement and the delete), never skipped and never out of its key's order: consumers ignore
 * what they have seen.
 *
 * <p>Runs on one event loop, never blocks. A wake-up starts a pass; without one, a pass is made
 * every {@value #SWEEP_MILLIS} ms for what a crash left.
 */
@ApplicationScoped
public class OutboxRelay {
  static final long SWEEP_MILLIS = 1000;
  private static final String CHANNEL = "outbox";
  private static final int BATCH = 500;

  /** Rung when events can be read back. */
  public static final String EVENTS_CHANNEL = "gantry_events";

  private static final long LOCK = 0x67616e7472790001L;
  private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

  /**
   * Deletes what was published and reads what is next, in one round trip. Events for everyone go to
   * the table that they are read back from; those that a version before it has left do not.
   */
  private static final String NEXT =
      """
      with published as (
        delete from outbox where id = any($1) returning id, topic, headers, payload),
      told as (
        insert into events (position, organization_id, id, type, subject, sequence, time,
          traceparent, data)
        select $2 + row_number() over (order by id) - 1, (h ->> 'ce_organization')::uuid,
          h ->> 'ce_id', h ->> 'ce_type', h ->> 'ce_subject', (h ->> 'ce_sequence')::bigint,
          (h ->> 'ce_time')::timestamptz, h ->> 'ce_traceparent', convert_from(payload, 'UTF8')
        from (select id, headers::jsonb as h, payload from published where topic = $3) events
        where h ? 'ce_organization')
      select id, topic, key, headers, payload from outbox
      where id <> all($1) order by id limit %d
      """
          .formatted(BATCH);

  private static final String SET_ASIDE =
      """
      insert into outbox_refused (id, topic, key, headers, payload, reason)
      select id, topic, key, headers, payload, $2 from outbox where id = $1
      on conflict (id) do nothing
      """;

  private final Vertx vertx;
  private final Pool pool;
  private final boolean enabled;
  private final ChannelProducers producers;
  private final MeterRegistry metrics;
  private final ExecutorService sender =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "gantry-outbox");
            thread.setDaemon(true);
            return thread;
          });

  private final RecordForm form;
  private final String eventsTopic;
  private final DatabaseClock clock;
  private final Bell eventsBell;

  private final PartitionHistory partitions;

  private io.vertx.core.Context loop;
  private volatile SqlConnection connection;

  /** Where the next event is put, unless its time is later. */
  private long nextPosition;

  private boolean passing;
  private boolean woken;
  private boolean stopped;

  OutboxRelay(
      Vertx vertx,
      Pool pool,
      @ConfigProperty(name = "gantry.role.engine") boolean enabled,
      ChannelProducers producers,
      RecordForm form,
      DatabaseClock clock,
      Topics topics,
      MeterRegistry metrics) {
    this.vertx = vertx;
    this.pool = pool;
    this.enabled = enabled;
    this.producers = producers;
    this.form = form;
    this.clock = clock;
    this.partitions = new PartitionHistory(clock::now);
    this.eventsTopic = topics.events();
    this.eventsBell = new Bell(pool, EVENTS_CHANNEL);
    this.metrics = metrics;
  }

  void start(@Observes StartupEvent event) {
    if (enabled) {
      loop = vertx.getDelegate().getOrCreateContext();
      vertx.getDelegate().setPeriodic(SWEEP_MILLIS, timer -> loop.runOnContext(v -> sweep()));
      loop.runOnContext(v -> sweep());
    }
  }

  void stop(@Observes ShutdownEvent event) {
    stopped = true;
    sender.shutdown();
  }

  /** Starts a pass soon; false when the relay that publishes is not in this process. Any thread. */
  boolean wake() {
    if (connection == null) {
      return false;
    }
    loop.runOnContext(v -> pass());
    return true;
  }

  private void sweep() {
    if (stopped) {
      return;
    }
    if (connection == null) {
      acquire();
    } else {
      pass();
    }
  }

  private void acquire() {
    if (passing) {
      return;
    }
    passing = true;
    pool.getConnection()
        .chain(this::lock)
        .subscribe()
        .with(
            locked -> loop.runOnContext(v -> acquired(locked)),
            failure -> loop.runOnContext(v -> lost("cannot reach the database", failure)));
  }

  /** The connection when it got the lock, else null and the connection is given back. */
  private Uni<SqlConnection> lock(SqlConnection candidate) {
    return candidate
        .preparedQuery("select pg_try_advisory_lock($1)")
        .execute(Tuple.of(LOCK))
        .chain(
            rows ->
                rows.iterator().next().getBoolean(0)
                    ? listen(candidate).call(this::readPosition).call(partitions::load)
                    : candidate.close().replaceWith((SqlConnection) null))
        .onFailure()
        .call(candidate::close);
  }

  private Uni<SqlConnection> listen(SqlConnection candidate) {
    PgConnection.cast(candidate).getDelegate().notificationHandler(n -> wake());
    return candidate.query("listen " + Outbox.CHANNEL).execute().replaceWith(candidate);
  }

  /** Behind all that a relay before this one has told. */
  private Uni<Void> readPosition(SqlConnection candidate) {
    return candidate
        .query("select coalesce(max(position), 0) + 1 from events")
        .execute()
        .invoke(rows -> nextPosition = rows.iterator().next().getLong(0))
        .replaceWithVoid();
  }

  private void acquired(SqlConnection locked) {
    passing = false;
    if (locked == null) {
      return;
    }
    locked.getDelegate().closeHandler(v -> loop.runOnContext(w -> connection = null));
    connection = locked;
    LOG.info("this process relays the outbox");
    pass();
  }

  private void lost(String what, Throwable failure) {
    passing = false;
    SqlConnection former = connection;
    connection = null;
    if (former != null) {
      former.close().subscribe().with(v -> {}, e -> LOG.debug("connection was closed already", e));
    }
    if (!stopped) {
      LOG.warnf("the outbox waits, retrying in %d ms: %s: %s", SWEEP_MILLIS, what, failure);
    }
  }

  private void pass() {
    if (passing) {
      woken = true;
      return;
    }
    if (connection != null && !stopped) {
      passing = true;
      next(Published.NOTHING);
    }
  }

  /**
   * What Kafka has acknowledged.
   *
   * @param events how many of them are events for everyone
   */
  private record Published(Long[] ids, int events) {
    static final Published NOTHING = new Published(new Long[0], 0);
  }

  private void next(Published published) {
    woken = false;
    SqlConnection own = connection;
    partitions
        .save(own)
        .chain(
            () ->
                own.preparedQuery(NEXT)
                    .execute(Tuple.of(published.ids, positions(published.events), eventsTopic)))
        .invoke(() -> told(published.events))
        .chain(this::publish)
        .subscribe()
        .with(
            next -> loop.runOnContext(v -> published(next)),
            failure -> loop.runOnContext(v -> lost("cannot publish", failure)));
  }

  /** The position of the first of so many events. */
  private long positions(int events) {
    long first = Math.max(nextPosition, ChronoUnit.MICROS.between(Instant.EPOCH, clock.now()));
    nextPosition = first + events;
    return first;
  }

  private void told(int events) {
    if (events > 0) {
      eventsBell.ring();
    }
  }

  private void published(Published published) {
    if (published.ids.length > 0 && connection != null) {
      next(published);
      return;
    }
    passing = false;
    if (woken) {
      pass();
    }
  }

  private Uni<Published> publish(RowSet<Row> rows) {
    if (rows.rowCount() == 0) {
      return Uni.createFrom().item(Published.NOTHING);
    }
    List<Long> ids = new ArrayList<>(rows.size());
    int events = 0;
    for (Row row : rows) {
      ids.add(row.getLong(0));
      events += row.getString(1).equals(eventsTopic) ? 1 : 0;
    }
    Published published = new Published(ids.toArray(new Long[0]), events);
    metrics.counter("gantry.outbox.published").increment(ids.size());
    return Uni.createFrom()
        .item(() -> send(rows))
        .runSubscriptionOn(sender)
        .chain(sends -> Uni.join().all(sends).andFailFast())
        .replaceWith(published);
  }

  /** On a thread of its own, since the client may block; in the order of the rows. */
  private List<Uni<Void>> send(RowSet<Row> rows) {
    List<Uni<Void>> sends = new ArrayList<>(rows.size());
    Map<String, Integer> counts = new HashMap<>();
    for (Row row : rows) {
      int count = counts.computeIfAbsent(row.getString(1), this::count);
      CompletionStage<Long> sent = producers.send(CHANNEL, form.of(message(row, count)));
      sends.add(
          Uni.createFrom()
              .completionStage(sent)
              .replaceWithVoid()
              .onFailure(OutboxRelay::isRefusal)
              .recoverWithUni(refusal -> setAside(row, refusal)));
    }
    return sends;
  }

  /** How many partitions the topic has; 0 for what can be no topic, which sending tells. */
  private int count(String topic) {
    try {
      return producers.partitions(CHANNEL, topic);
    } catch (InvalidTopicException refused) {
      return 0;
    }
  }

  /** Kafka will never take it, however often it is sent. */
  private static boolean isRefusal(Throwable failure) {
    return failure instanceof RecordTooLargeException
        || failure instanceof InvalidTopicException
        || failure instanceof SerializationException;
  }

  private Uni<Void> setAside(Row row, Throwable refusal) {
    LOG.errorf(
        "outbox message %d for %s is refused by Kafka and set aside: %s",
        row.getLong(0), row.getString(1), refusal.getMessage());
    metrics.counter("gantry.outbox.refused", "topic", row.getString(1)).increment();
    return pool.preparedQuery(SET_ASIDE)
        .execute(Tuple.of(row.getLong(0), refusal.toString()))
        .replaceWithVoid();
  }

  private ProducerRecord<String, byte[]> message(Row row, int count) {
    String topic = row.getString(1);
    String key = row.getString(2);
    byte[] payload = row.getBuffer(4).getBytes();
    Integer partition = count == 0 ? null : (Integer) partitions.of(topic, key, count);
    return new ProducerRecord<>(topic, partition, key, payload, headers(row));
  }

  private static Headers headers(Row row) {
    RecordHeaders headers = new RecordHeaders();
    String json = row.getString(3);
    if (json.length() > 2) {
      try {
        JSON.readValue(json, HEADERS)
            .forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("outbox row " + row.getLong(0) + " has bad headers", e);
      }
    }
    return headers;
  }
}
