package dev.gantry.retention;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long what is over is kept. */
@ConfigMapping(prefix = "gantry.retention")
public interface RetentionConfig {
  /** An execution, with its steps and its log, after its end, at the least; zero = for ever. */
  @WithDefault("90d")
  Duration executions();

  /** An event, to be read back and told again, at the least; zero = for ever. */
  @WithDefault("30d")
  Duration events();
}
