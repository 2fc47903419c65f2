package dev.gantry.webhooks;

import dev.gantry.events.EventLog;
import dev.gantry.events.ToldEvent;
import dev.gantry.platform.Rounds;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Goes through the events that were told and writes a delivery for each subscription that wants
 * one. How far it has come and what it wrote is one transaction, which holds the one row that says
 * so: one process at a time plans, no event is left out, and none is planned twice. Never blocks;
 * filters, which callers have written, are applied on a worker thread.
 */
@ApplicationScoped
class Planner {
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final int MOST = 500;

  private static final String LOCK = "select position from webhook_cursor for update skip locked";

  private static final String SUBSCRIPTIONS =
      """
      select id, organization_id, events, filter, destination from webhooks
      where organization_id = any($1) and events <> '[]' and status = 'active'
        and destination ~ '^https?://'
      """;

  private final Pool pool;
  private final EventLog events;
  private final DeliveryStore deliveries;
  private final Sender sender;
  private final WebhooksConfig config;
  private final boolean enabled;
  private final Rounds rounds;

  Planner(
      Vertx vertx,
      Pool pool,
      EventLog events,
      DeliveryStore deliveries,
      Sender sender,
      WebhooksConfig config,
      @ConfigProperty(name = "gantry.role.engine") boolean enabled) {
    this.pool = pool;
    this.events = events;
    this.deliveries = deliveries;
    this.sender = sender;
    this.config = config;
    this.enabled = enabled;
    this.rounds = new Rounds("webhooks' events", vertx, PERIOD, this::round);
  }

  void start(@Observes StartupEvent event) {
    if (enabled) {
      rounds.start();
      events.onTold(rounds::look);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    rounds.stop();
  }

  private Uni<Void> round() {
    return pool.withTransaction(this::next)
        .invoke(
            seen -> {
              if (seen > 0) {
                sender.wake();
              }
              if (seen == MOST) {
                rounds.look();
              }
            })
        .replaceWithVoid();
  }

  /** How many events it went through. */
  private Uni<Integer> next(SqlConnection connection) {
    return connection
        .query(LOCK)
        .execute()
        .chain(
            rows ->
                rows.size() == 0
                    ? Uni.createFrom().item(0)
                    : events
                        .after(rows.iterator().next().getLong(0), MOST)
                        .chain(told -> plan(connection, told)));
  }

  private Uni<Integer> plan(SqlClient client, List<ToldEvent> told) {
    if (told.isEmpty()) {
      return Uni.createFrom().item(0);
    }
    return subscriptions(client, told)
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(subscriptions -> Planned.of(told, subscriptions))
        .chain(planned -> deliveries.add(client, planned, config.delivery().retryFor()))
        .chain(() -> move(client, told.get(told.size() - 1).position()))
        .replaceWith(told.size());
  }

  private static Uni<List<Subscription>> subscriptions(SqlClient client, List<ToldEvent> told) {
    UUID[] organizations =
        told.stream().map(ToldEvent::organizationId).distinct().toArray(UUID[]::new);
    return client
        .preparedQuery(SUBSCRIPTIONS)
        .execute(Tuple.of(organizations))
        .map(
            rows -> StreamSupport.stream(rows.spliterator(), false).map(Subscription::of).toList());
  }

  private static Uni<Void> move(SqlClient client, long position) {
    return client
        .preparedQuery("update webhook_cursor set position = $1")
        .execute(Tuple.of(position))
        .replaceWithVoid();
  }
}
