package dev.gantry.http.idempotency;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How idempotency keys are kept. */
@ConfigMapping(prefix = "gantry.idempotency")
public interface IdempotencyConfig {
  /** How long a key, and the answer that belongs to it, is known after its first use. */
  @WithDefault("24h")
  Duration retention();
}
