package dev.gantry.http.limits;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Gives idle leases back and forgets windows that are over, every so often. Never blocks. */
@ApplicationScoped
class IdleLeases {
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final Logger LOG = Logger.getLogger(IdleLeases.class);

  private final Vertx vertx;
  private final RateLimits limits;
  private final boolean enabled;
  private volatile boolean stopped;

  IdleLeases(
      Vertx vertx,
      RateLimits limits,
      LimitsConfig config,
      @ConfigProperty(name = "gantry.role.database") boolean database) {
    this.vertx = vertx;
    this.limits = limits;
    this.enabled = config.enabled() && database;
  }

  void start(@Observes StartupEvent event) {
    again();
  }

  void stop(@Observes ShutdownEvent event) {
    stopped = true;
  }

  private void again() {
    if (enabled && !stopped) {
      vertx.setTimer(PERIOD.toMillis(), timer -> tidy());
    }
  }

  private void tidy() {
    Uni<Integer> tidied = limits.giveBack(RateLimits.IDLE).chain(limits::forget);
    tidied
        .onTermination()
        .invoke(this::again)
        .subscribe()
        .with(
            forgotten -> LOG.tracef("%d windows are over", forgotten),
            failure -> LOG.debugf("idle leases wait for the database: %s", failure.toString()));
  }
}
