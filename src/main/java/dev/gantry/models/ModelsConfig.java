package dev.gantry.models;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Which language models there are, and how long they are waited for. */
@ConfigMapping(prefix = "gantry.models")
interface ModelsConfig {
  /**
   * The models that may be asked, as YAML or JSON; without it what the environment has keys for.
   */
  Optional<Path> file();

  /** The model of those who name none, unless the file has one for their organization. */
  @WithName("default")
  Optional<String> defaultName();

  /** How long a model may take before it begins its answer. */
  @WithDefault("60s")
  Duration firstByteTimeout();

  /** How long an answer that has begun may pause. */
  @WithDefault("30s")
  Duration idleTimeout();

  /** How long an answer may take in all, with all tries. */
  @WithDefault("5m")
  Duration timeout();

  /** How often a model is asked again that cannot be reached, is overloaded or at fault. */
  @WithDefault("2")
  int retries();
}
