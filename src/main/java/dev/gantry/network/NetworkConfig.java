package dev.gantry.network;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Which addresses callers may make this server connect to. */
@ConfigMapping(prefix = "gantry.network")
interface NetworkConfig {
  /**
   * What is exempt from the rules: ranges as {@code 10.1.0.0/16}, addresses, host names, and {@code
   * .example.com} for all names below one.
   */
  Optional<List<String>> allow();
}
