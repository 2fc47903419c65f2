package dev.gantry.models;

import dev.gantry.models.EnvironmentModels.Settings;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;

/** Makes the process's catalog at its start, so that a faulty setting is found then. */
class ConfiguredCatalog {
  @Produces
  @Singleton
  @Startup
  Catalog catalog(ModelsConfig config, Config environment) {
    Settings settings = variable -> environment.getOptionalValue(variable, String.class);
    return config
        .file()
        .map(file -> ModelsFileReading.read(file, settings, config))
        .orElseGet(
            () ->
                Catalog.any(
                    new EnvironmentModels(settings, config).models(), config.defaultName()));
  }
}
