package dev.gantry.database;

import dev.gantry.platform.StartOrder;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.Flyway;

/**
 * Brings the database up to date at the start, before anything reads it; several processes wait for
 * each other. Over connections of its own, which block and are closed at the end. Not left to the
 * framework, which would do it before a launched application knows that its database is there, and
 * keep connections for it.
 */
@ApplicationScoped
class Migrations {
  private final boolean needed;
  private final String url;
  private final String username;
  private final Optional<String> password;
  private final Optional<String> caFile;
  private CompletableFuture<Void> migrated = CompletableFuture.completedFuture(null);

  Migrations(
      @ConfigProperty(name = "gantry.role.database") boolean needed,
      @ConfigProperty(name = "gantry.database.url") String url,
      @ConfigProperty(name = "gantry.database.username") String username,
      @ConfigProperty(name = "gantry.database.password") Optional<String> password,
      @ConfigProperty(name = "gantry.database.ca-file") Optional<String> caFile) {
    this.needed = needed;
    this.url = url;
    this.username = username;
    this.password = password;
    this.caFile = caFile;
  }

  /** Beside the rest of the start, which waits for other servers. */
  void begin(@Observes @Priority(StartOrder.MIGRATING) StartupEvent event) {
    if (needed) {
      migrated = CompletableFuture.runAsync(this::migrate, Infrastructure.getDefaultWorkerPool());
    }
  }

  private void migrate() {
    Flyway.configure()
        .dataSource("jdbc:postgresql://" + url, username, password.orElse(null))
        .jdbcProperties(tls())
        .loggers("slf4j")
        .load()
        .migrate();
  }

  private Map<String, String> tls() {
    return caFile
        .map(file -> Map.of("sslmode", "verify-full", "sslrootcert", file))
        .orElse(Map.of());
  }

  /** Blocks the starting thread, and ends the start with what was wrong. */
  void await(@Observes @Priority(StartOrder.MIGRATED) StartupEvent event) {
    try {
      migrated.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException wrong ? wrong : e;
    }
  }
}
