package dev.gantry.schedules;

import dev.gantry.platform.Rounds;
import dev.gantry.schedules.SlotStore.Taken;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Starts what schedules say, when they say so: looks for those whose slot has come, by the
 * database's clock. Every engine does so; a schedule is worked on by one at a time, and one that
 * dies in the middle leaves it to the next. What the database or Gantry itself is at fault for is
 * tried again until it works, and so is a repository that cannot be reached if late slots are
 * caught up; else that fails the slot. Never blocks.
 */
@ApplicationScoped
class Scheduler {
  private static final Logger LOG = Logger.getLogger(Scheduler.class);
  private static final Duration PERIOD = Duration.ofMillis(250);
  private static final int MOST = 50;
  private static final int AT_ONCE = 10;

  /** Longer than a fetch takes, so that two do not fetch the same. */
  private static final Duration LEASE = Duration.ofMinutes(1);

  private final Rounds rounds;
  private final SlotStore store;
  private final Firing firing;
  private final MeterRegistry metrics;
  private final boolean enabled;

  Scheduler(
      Vertx vertx,
      SlotStore store,
      Firing firing,
      MeterRegistry metrics,
      @ConfigProperty(name = "gantry.role.engine") boolean enabled) {
    this.rounds = new Rounds("schedules", vertx, PERIOD, this::look);
    this.store = store;
    this.firing = firing;
    this.metrics = metrics;
    this.enabled = enabled;
  }

  void start(@Observes StartupEvent event) {
    if (enabled) {
      rounds.start();
    }
  }

  void stop(@Observes ShutdownEvent event) {
    rounds.stop();
  }

  private Uni<Void> look() {
    return store
        .take(MOST, LEASE)
        .onItem()
        .transformToMulti(taken -> Multi.createFrom().iterable(taken))
        .onItem()
        .transformToUni(this::turn)
        .merge(AT_ONCE)
        .collect()
        .asList()
        .replaceWithVoid();
  }

  /** One that fails keeps the others from nothing. */
  private Uni<Void> turn(Taken schedule) {
    Turn turn = Turn.of(schedule.when(), schedule.base(), schedule.now());
    return firing
        .of(schedule, turn)
        .invoke(
            outcome -> metrics.counter("gantry.schedules.slots", "outcome", outcome).increment())
        .replaceWithVoid()
        .onFailure()
        .recoverWithUni(
            failure -> {
              LOG.warnf(
                  "schedule '%s' (%s) cannot start its workflow yet: %s",
                  schedule.name(), schedule.id(), failure.toString());
              return Uni.createFrom().voidItem();
            });
  }
}
