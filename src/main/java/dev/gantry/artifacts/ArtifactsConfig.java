package dev.gantry.artifacts;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Where artifacts go. */
@ConfigMapping(prefix = "gantry.artifacts")
interface ArtifactsConfig {
  /** What an execution may keep in the database; what is more goes into the object store. */
  @WithDefault("32M")
  MemorySize databaseLimit();
}
