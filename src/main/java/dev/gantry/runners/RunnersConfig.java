package dev.gantry.runners;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** What a manifest tells a runner that is to be set up elsewhere. */
@ConfigMapping(prefix = "gantry.runners")
interface RunnersConfig {
  /** The image of a runner; without it {@code gantry} in the version of this server. */
  Optional<String> image();

  /** Where a runner reaches the API, without a path; without it where the caller has reached it. */
  Optional<String> apiUrl();

  /** Where a runner reaches Kafka; without it where this server does. */
  Optional<String> kafkaBootstrapServers();
}
