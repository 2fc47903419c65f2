package dev.gantry.sources;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How sources are scanned. */
@ConfigMapping(prefix = "gantry.scans")
interface ScanConfig {
  /** How many scans an engine runs at a time. */
  @WithDefault("2")
  int concurrency();

  /** How long a scan can be read after it has ended. */
  @WithDefault("1d")
  Duration retention();
}
