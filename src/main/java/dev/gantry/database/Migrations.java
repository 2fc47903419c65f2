package dev.gantry.database;

import dev.gantry.platform.EarlyStart;
import dev.gantry.platform.StartOrder;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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

  void begin(@Observes EarlyStart.Begun event) {
    if (needed) {
      migrated = EarlyStart.beside(this::migrate);
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

  void await(@Observes @Priority(StartOrder.MIGRATED) StartupEvent event) {
    EarlyStart.await(migrated);
  }
}
