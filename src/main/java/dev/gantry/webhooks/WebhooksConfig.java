package dev.gantry.webhooks;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** What webhooks may cost, and where they are. */
@ConfigMapping(prefix = "gantry.webhooks")
interface WebhooksConfig {
  /**
   * Where the outside reaches the API, without a path, as {@code https://gantry.example.com};
   * without it where the caller who makes a webhook has reached it.
   */
  Optional<String> publicUrl();

  /**
   * The largest body that a webhook takes. A step gets it whole in one environment variable, of
   * which Linux takes no more than 128 KiB.
   */
  @WithDefault("96K")
  MemorySize maxBodySize();

  /** How many webhooks an organization may have. */
  @WithDefault("1000")
  int maxPerOrganization();

  DeliveryConfig delivery();
}
