package dev.gantry.database;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.Flyway;

/**
 * Brings the database up to date at the start, before anything reads it; several processes wait for
 * each other. Not left to the framework, which would do it before a launched application knows that
 * its database is there.
 */
@ApplicationScoped
class Migrations {
  void migrate(
      @Observes @Priority(1) StartupEvent event,
      @ConfigProperty(name = "gantry.role.database") boolean needed,
      Instance<Flyway> flyway) {
    if (needed) {
      flyway.get().migrate();
    }
  }
}
