package dev.gantry.database;

import dev.gantry.platform.StartOrder;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The time that all processes agree on: the database's. Timeouts, waits and the age of executions
 * count by it, whatever the clock of the process says. It is this process's clock, and what that is
 * off by is looked up at the start and every few seconds; less than half a second is let be. Any
 * thread, never blocks after the start.
 */
@ApplicationScoped
public class DatabaseClock {
  private static final Logger LOG = Logger.getLogger(DatabaseClock.class);
  private static final Duration PERIOD = Duration.ofSeconds(5);
  private static final Duration AT_START = Duration.ofSeconds(30);
  private static final Duration LET_BE = Duration.ofMillis(500);

  /** An answer that took longer tells the time too roughly. */
  private static final Duration SLOWEST = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final Instance<Pool> pool;
  private final InstantSource source;
  private volatile Duration behind = Duration.ZERO;
  private CompletionStage<Void> first = CompletableFuture.completedFuture(null);
  private volatile boolean stopped;

  /**
   * @param source another clock than the system's, if there is one
   */
  @Inject
  DatabaseClock(Vertx vertx, Instance<Pool> pool, @Any Instance<InstantSource> source) {
    this(vertx, pool, source.isResolvable() ? source.get() : InstantSource.system());
  }

  /**
   * @param source the process's clock
   */
  DatabaseClock(Vertx vertx, Instance<Pool> pool, InstantSource source) {
    this.vertx = vertx;
    this.pool = pool;
    this.source = source;
  }

  /** Beside the migrations, of which it needs nothing. */
  void begin(
      @Observes @Priority(StartOrder.BEGUN) StartupEvent event,
      @ConfigProperty(name = "gantry.role.database") boolean needed) {
    if (needed) {
      first = measure().subscribeAsCompletionStage();
      vertx.setPeriodic(PERIOD.toMillis(), this::again);
    }
  }

  /** Blocks the starting thread. */
  void await(@Observes @Priority(StartOrder.BEFORE_CHANNELS) StartupEvent event) {
    Uni.createFrom().completionStage(first).await().atMost(AT_START);
  }

  void stop(@Observes ShutdownEvent event) {
    stopped = true;
  }

  private void again(long timer) {
    if (stopped) {
      vertx.cancelTimer(timer);
      return;
    }
    // Without the database the last answer holds; others tell that it is away.
    measure().subscribe().with(done -> {}, failure -> LOG.debugf("no time: %s", failure));
  }

  Uni<Void> measure() {
    Instant asked = source.instant();
    return pool.get()
        .query("select clock_timestamp()")
        .execute()
        .invoke(
            rows ->
                told(
                    asked,
                    rows.iterator().next().getOffsetDateTime(0).toInstant(),
                    source.instant()))
        .replaceWithVoid();
  }

  private void told(Instant asked, Instant there, Instant answered) {
    Duration took = Duration.between(asked, answered);
    if (took.compareTo(SLOWEST) > 0) {
      return;
    }
    Duration found = Duration.between(asked.plus(took.dividedBy(2)), there);
    Duration off = found.abs().compareTo(LET_BE) < 0 ? Duration.ZERO : found;
    if (off.minus(behind).abs().compareTo(LET_BE) > 0) {
      LOG.warnf(
          "the clock of this process is %d ms %s that of the database, which counts",
          off.abs().toMillis(), off.isNegative() ? "ahead of" : "behind");
    }
    behind = off;
  }

  public Instant now() {
    return source.instant().plus(behind);
  }
}
