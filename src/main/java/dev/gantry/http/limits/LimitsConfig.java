package dev.gantry.http.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How much one caller may ask for. */
@ConfigMapping(prefix = "gantry.limits")
public interface LimitsConfig {
  /** Whether requests are counted at all. */
  @WithDefault("true")
  boolean enabled();

  /** Requests that one API key may make in a window; 0 = any number. */
  @WithDefault("1000")
  int requestsPerKey();

  /** Requests without a valid key that one address may make in a window; 0 = any number. */
  @WithDefault("100")
  int requestsPerAddress();

  /** Requests that may come in for one webhook in a window; 0 = any number. */
  @WithDefault("1000")
  int requestsPerWebhook();

  /** How long a window is; it begins with its first request. */
  @WithDefault("1h")
  Duration window();
}
