package dev.gantry.executions;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Proves that every execution converges: looks for those whose next wake-up has come, by the
 * database's clock, and has the engine look at them. Several replicas may do so; the engine's saves
 * are fenced. Never blocks.
 */
@ApplicationScoped
class Sweeper {
  private static final Logger LOG = Logger.getLogger(Sweeper.class);
  private static final long PERIOD_MILLIS = 250;

  private final Vertx vertx;
  private final ExecutionStore store;
  private final EngineLoop engine;
  private final boolean enabled;
  private volatile boolean stopped;

  Sweeper(
      Vertx vertx,
      ExecutionStore store,
      EngineLoop engine,
      @ConfigProperty(name = "gantry.role.engine") boolean enabled) {
    this.vertx = vertx;
    this.store = store;
    this.engine = engine;
    this.enabled = enabled;
  }

  void start(@Observes StartupEvent event) {
    if (enabled) {
      again();
    }
  }

  void stop(@Observes ShutdownEvent event) {
    stopped = true;
  }

  private void again() {
    if (!stopped) {
      vertx.setTimer(PERIOD_MILLIS, timer -> sweep());
    }
  }

  private void sweep() {
    store
        .due()
        .onItem()
        .transformToMulti(
            due ->
                io.smallrye.mutiny.Multi.createFrom()
                    .iterable(due.ids())
                    .onItem()
                    .transformToUni((UUID id) -> engine.submit(id, null, due.now()))
                    .merge(200))
        .collect()
        .asList()
        .subscribe()
        .with(
            done -> again(),
            failure -> {
              if (!stopped) {
                LOG.warnf("the sweeper waits for the database: %s", failure.toString());
              }
              again();
            });
  }
}
