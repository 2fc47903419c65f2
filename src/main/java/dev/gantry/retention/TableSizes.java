package dev.gantry.retention;

import dev.gantry.platform.Rounds;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The metric {@code gantry.table.bytes}: what the tables that grow take, looked at now and then.
 */
@ApplicationScoped
class TableSizes {
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final Pool pool;
  private final MeterRegistry metrics;
  private final boolean enabled;
  private final Rounds rounds;
  private final Map<String, AtomicLong> bytes = new ConcurrentHashMap<>();

  TableSizes(
      Vertx vertx,
      Pool pool,
      MeterRegistry metrics,
      @ConfigProperty(name = "gantry.role.engine") boolean enabled) {
    this.pool = pool;
    this.metrics = metrics;
    this.enabled = enabled;
    this.rounds = new Rounds("sizes of tables", vertx, PERIOD, this::look);
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

  private Uni<Void> look() {
    return Partitions.sizes(pool)
        .invoke(sizes -> sizes.forEach((table, size) -> gauge(table).set(size)))
        .replaceWithVoid();
  }

  private AtomicLong gauge(String table) {
    return bytes.computeIfAbsent(
        table,
        name -> metrics.gauge("gantry.table.bytes", Tags.of("table", name), new AtomicLong()));
  }
}
