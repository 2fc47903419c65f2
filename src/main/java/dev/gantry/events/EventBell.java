package dev.gantry.events;

import dev.gantry.messaging.OutboxRelay;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.pgclient.PgConnection;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;

/**
 * Hears in the database that events were told, whichever process relays them, and rings every
 * second besides: a notification can be lost with its connection. Takes a connection once there is
 * a listener. One event loop, never blocks.
 */
@ApplicationScoped
class EventBell {
  private static final Logger LOG = Logger.getLogger(EventBell.class);
  private static final long PERIOD_MILLIS = 1000;

  private final Vertx vertx;
  private final Pool pool;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private Context loop;
  private SqlConnection connection;
  private boolean connecting;
  private volatile boolean stopped;

  EventBell(Vertx vertx, Pool pool) {
    this.vertx = vertx;
    this.pool = pool;
  }

  /** Any thread. */
  synchronized void add(Runnable listener) {
    listeners.add(listener);
    if (loop == null) {
      loop = vertx.getOrCreateContext();
      vertx.setPeriodic(PERIOD_MILLIS, timer -> loop.runOnContext(v -> tick(timer)));
      loop.runOnContext(v -> connect());
    }
  }

  void stop(@Observes ShutdownEvent event) {
    stopped = true;
  }

  private void tick(long timer) {
    if (stopped) {
      vertx.cancelTimer(timer);
      return;
    }
    connect();
    ring();
  }

  private void ring() {
    listeners.forEach(Runnable::run);
  }

  private void connect() {
    if (connection != null || connecting || stopped) {
      return;
    }
    connecting = true;
    pool.getConnection()
        .chain(this::listen)
        .subscribe()
        .with(
            listening -> loop.runOnContext(v -> connected(listening)),
            failure ->
                loop.runOnContext(
                    v -> {
                      connecting = false;
                      LOG.debugf("events are looked for every second: %s", failure);
                    }));
  }

  private Uni<SqlConnection> listen(SqlConnection candidate) {
    PgConnection.cast(candidate)
        .getDelegate()
        .notificationHandler(n -> loop.runOnContext(v -> ring()));
    return candidate
        .query("listen " + OutboxRelay.EVENTS_CHANNEL)
        .execute()
        .replaceWith(candidate)
        .onFailure()
        .call(candidate::close);
  }

  private void connected(SqlConnection listening) {
    connecting = false;
    connection = listening;
    listening.getDelegate().closeHandler(v -> loop.runOnContext(w -> connection = null));
    ring();
  }
}
