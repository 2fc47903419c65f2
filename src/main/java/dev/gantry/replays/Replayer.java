package dev.gantry.replays;

import dev.gantry.audit.AuditEntry;
import dev.gantry.audit.AuditTrail;
import dev.gantry.events.EventFilter;
import dev.gantry.events.EventLog;
import dev.gantry.events.ToldEvent;
import dev.gantry.http.Actor;
import dev.gantry.messaging.Outbox;
import dev.gantry.messaging.TopicCatalog;
import dev.gantry.messaging.Topics;
import dev.gantry.platform.Ids;
import dev.gantry.platform.Rounds;
import dev.gantry.replays.ReplayRequest.Stretch;
import dev.gantry.webhooks.ReplayedEvents;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Tells events once more: from the table, by the outbox or as deliveries to a webhook, a batch in
 * each transaction with how far it has come. So each event is told once for each replay, also when
 * a process dies over it, and in the order in which it was told first. Never blocks.
 */
@ApplicationScoped
class Replayer {
  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final int BATCH = 500;

  private static final String INSERT =
      """
      insert into event_replays (id, organization_id, topic, webhook_id, types, subject, position,
        until)
      values ($1, $2, $3, $4, $5, $6, $7, $8) returning *
      """;
  private static final String FIND =
      "select * from event_replays where id = $1 and organization_id = $2";
  private static final String TAKE =
      """
      select * from event_replays where completed_at is null
      order by created_at limit 1 for update skip locked
      """;
  private static final String ADVANCE =
      """
      update event_replays set position = $2, events = events + $3,
        completed_at = case when $4 then now() end
      where id = $1
      """;
  private static final String FAIL =
      "update event_replays set error = $2, completed_at = now() where id = $1";

  private final Pool pool;
  private final EventLog log;
  private final Outbox outbox;
  private final TopicCatalog catalog;
  private final Topics topics;
  private final ReplayedEvents webhooks;
  private final AuditTrail audit;
  private final boolean enabled;
  private final Rounds rounds;

  Replayer(
      Vertx vertx,
      Pool pool,
      EventLog log,
      Outbox outbox,
      TopicCatalog catalog,
      Topics topics,
      ReplayedEvents webhooks,
      AuditTrail audit,
      @ConfigProperty(name = "gantry.role.engine") boolean enabled) {
    this.pool = pool;
    this.log = log;
    this.outbox = outbox;
    this.catalog = catalog;
    this.topics = topics;
    this.webhooks = webhooks;
    this.audit = audit;
    this.enabled = enabled;
    this.rounds = new Rounds("replays of events", vertx, PERIOD, this::round);
  }

  void start(@Observes StartupEvent event) {
    if (enabled) {
      rounds.start();
      rounds.look();
    }
  }

  void stop(@Observes ShutdownEvent event) {
    rounds.stop();
  }

  /**
   * What was asked for, once it will happen: the topic is there, and the replay kept. Fails when
   * there is no such webhook, or it is not told of events.
   */
  Uni<ReplayView> start(Actor actor, Stretch stretch) {
    Uni<Long> until =
        stretch.until() == null
            ? log.last().map(last -> last + 1)
            : Uni.createFrom().item(stretch.until());
    return webhook(actor, stretch)
        .call(() -> topic(stretch))
        .chain(
            webhook ->
                until.chain(
                    bound -> pool.withTransaction(c -> insert(c, actor, stretch, webhook, bound))))
        .invoke(rounds::look);
  }

  /** The one that it goes to, or null. */
  private Uni<UUID> webhook(Actor actor, Stretch stretch) {
    return stretch.webhook() == null
        ? Uni.createFrom().nullItem()
        : webhooks.subscription(actor, stretch.webhook());
  }

  private Uni<Void> topic(Stretch stretch) {
    return stretch.topic() == null
        ? Uni.createFrom().voidItem()
        : catalog.createEvents(topics.replays(stretch.topic()));
  }

  private Uni<ReplayView> insert(
      SqlConnection connection, Actor actor, Stretch stretch, UUID webhook, long until) {
    UUID id = Ids.next();
    Tuple values = Tuple.of(id, actor.organization(), stretch.topic(), webhook);
    values.addValue(stretch.types() == null ? null : String.join(" ", stretch.types()));
    values.addValue(stretch.subject()).addValue(stretch.position()).addValue(until);
    AuditEntry entry =
        new AuditEntry(
            actor,
            "event.replay",
            "replay",
            id.toString(),
            stretch.topic() == null ? stretch.webhook() : stretch.topic(),
            stretch.topic() == null
                ? Map.of("webhook", stretch.webhook())
                : Map.of("topic", topics.replays(stretch.topic())));
    return connection
        .preparedQuery(INSERT)
        .execute(values)
        .map(rows -> view(rows.iterator().next()))
        .call(() -> audit.add(connection, entry));
  }

  Uni<Optional<ReplayView>> find(UUID organization, UUID id) {
    return pool.preparedQuery(FIND)
        .execute(Tuple.of(id, organization))
        .map(
            rows ->
                rows.rowCount() == 0
                    ? Optional.empty()
                    : Optional.of(view(rows.iterator().next())));
  }

  /** A batch of each replay in turn, until none is under way that another process has not taken. */
  private Uni<Void> round() {
    return pool.withTransaction(this::batch)
        .invoke(outbox::committed)
        .invoke(webhooks::planned)
        .chain(more -> more ? round() : Uni.createFrom().<Void>nullItem());
  }

  private Uni<Boolean> batch(SqlConnection connection) {
    return connection
        .query(TAKE)
        .execute()
        .chain(
            rows ->
                rows.rowCount() == 0
                    ? Uni.createFrom().item(false)
                    : tell(connection, rows.iterator().next()).replaceWith(true));
  }

  private Uni<Void> tell(SqlConnection connection, Row replay) {
    EventFilter wanted =
        new EventFilter(
            replay.getUUID("organization_id"),
            types(replay),
            replay.getString("subject"),
            0,
            replay.getLong("until"));
    return log.after(replay.getLong("position"), wanted, BATCH)
        .chain(
            events ->
                tell(connection, replay, events)
                    .chain(
                        told ->
                            told.isPresent()
                                ? advance(connection, replay, events, told.get())
                                : fail(connection, replay)));
  }

  /** How many; empty when the webhook takes no more. */
  private Uni<Optional<Integer>> tell(
      SqlConnection connection, Row replay, List<ToldEvent> events) {
    UUID webhook = replay.getUUID("webhook_id");
    if (webhook != null) {
      return webhooks.plan(connection, webhook, events);
    }
    String topic = topics.replays(replay.getString("topic"));
    return Outbox.add(connection, events.stream().map(e -> e.toMessage(topic)).toList())
        .replaceWith(Optional.of(events.size()));
  }

  private static Uni<Void> advance(
      SqlConnection connection, Row replay, List<ToldEvent> events, int told) {
    long position =
        events.isEmpty() ? replay.getLong("position") : events.get(events.size() - 1).position();
    return connection
        .preparedQuery(ADVANCE)
        .execute(Tuple.of(replay.getUUID("id"), position, (long) told, events.size() < BATCH))
        .replaceWithVoid();
  }

  private static Uni<Void> fail(SqlConnection connection, Row replay) {
    return connection
        .preparedQuery(FAIL)
        .execute(Tuple.of(replay.getUUID("id"), "the webhook was deleted or disabled"))
        .replaceWithVoid();
  }

  private static List<String> types(Row replay) {
    String types = replay.getString("types");
    return types == null ? null : List.of(types.split(" ", -1));
  }

  private ReplayView view(Row row) {
    OffsetDateTime completed = row.getOffsetDateTime("completed_at");
    String error = row.getString("error");
    String topic = row.getString("topic");
    UUID webhook = row.getUUID("webhook_id");
    return new ReplayView(
        row.getUUID("id"),
        completed == null ? "running" : error == null ? "completed" : "failed",
        topic == null ? null : topics.replays(topic),
        webhook == null ? null : webhook.toString(),
        types(row),
        row.getString("subject"),
        row.getLong("events"),
        row.getOffsetDateTime("created_at").toInstant(),
        completed == null ? null : completed.toInstant(),
        error);
  }
}
