package dev.gantry.executions;

import dev.gantry.platform.Rounds;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Proves that every execution converges: looks for those whose next wake-up has come, by the
 * database's clock, and has the engine look at them. Several replicas may do so; the engine's saves
 * are fenced. Never blocks.
 */
@ApplicationScoped
class Sweeper {
  private static final Duration PERIOD = Duration.ofMillis(250);
  private static final int AT_ONCE = 200;

  private final Rounds rounds;
  private final ExecutionStore store;
  private final EngineLoop engine;
  private final boolean enabled;

  Sweeper(
      Vertx vertx,
      ExecutionStore store,
      EngineLoop engine,
      @ConfigProperty(name = "gantry.role.engine") boolean enabled) {
    this.rounds = new Rounds("overdue executions", vertx, PERIOD, this::sweep);
    this.store = store;
    this.engine = engine;
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

  private Uni<Void> sweep() {
    return store
        .due()
        .onItem()
        .transformToMulti(
            due ->
                Multi.createFrom()
                    .iterable(due.ids())
                    .onItem()
                    .transformToUni((UUID id) -> engine.submit(id, null, due.now()))
                    .merge(AT_ONCE))
        .collect()
        .asList()
        .replaceWithVoid();
  }
}
