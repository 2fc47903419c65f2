package dev.gantry.artifacts;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** The room's configuration from settings alone, as the application reads it. */
final class StoreConfigs {
  private StoreConfigs() {}

  static ObjectStoreConfig of(Map<String, String> settings) {
    return new SmallRyeConfigBuilder()
        .withMapping(ObjectStoreConfig.class)
        .withSources(new PropertiesConfigSource(settings, "test", 1))
        .build()
        .getConfigMapping(ObjectStoreConfig.class);
  }
}
