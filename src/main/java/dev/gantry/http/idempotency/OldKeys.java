package dev.gantry.http.idempotency;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Forgets keys when their time is over, a batch at a time. Never blocks. */
@ApplicationScoped
class OldKeys {
  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final Duration NEXT_BATCH = Duration.ofMillis(50);
  private static final Logger LOG = Logger.getLogger(OldKeys.class);

  private final Vertx vertx;
  private final AnswerStore answers;
  private final Duration retention;
  private final boolean enabled;
  private volatile boolean stopped;

  OldKeys(
      Vertx vertx,
      AnswerStore answers,
      IdempotencyConfig config,
      @ConfigProperty(name = "gantry.role.database") boolean enabled) {
    this.vertx = vertx;
    this.answers = answers;
    this.retention = config.retention();
    this.enabled = enabled;
  }

  void start(@Observes StartupEvent event) {
    again(PERIOD);
  }

  void stop(@Observes ShutdownEvent event) {
    stopped = true;
  }

  private void again(Duration pause) {
    if (enabled && !stopped) {
      vertx.setTimer(pause.toMillis(), timer -> forget());
    }
  }

  private void forget() {
    answers
        .forget(retention)
        .subscribe()
        .with(
            forgotten -> again(forgotten > 0 ? NEXT_BATCH : PERIOD),
            failure -> {
              LOG.debugf("old keys wait for the database: %s", failure.toString());
              again(PERIOD);
            });
  }
}
