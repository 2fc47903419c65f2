package dev.gantry.runner;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** How this process runs steps. */
@ConfigMapping(prefix = "gantry.runner")
public interface RunnerConfig {
  /** The runner's name: it serves the commands written for it. */
  @WithDefault("default")
  String name();

  /** Where steps run: {@code local}. */
  @WithDefault("local")
  String backend();

  /**
   * What it proves itself with to the API, as its registration answered it. A process that also has
   * the role of the API makes one for itself; for runners that serve every organization, it is set
   * alike here and on the API.
   */
  Optional<String> token();

  /** The API that it asks for the secrets of a step; the one of its own process when not set. */
  Optional<URI> apiUrl();

  /** How many attempts may run at once; 64 or 16 per processor, whichever is more. */
  OptionalInt capacity();

  /** How many bytes of log may wait for Kafka's acknowledgement, over all attempts. */
  @WithDefault("4194304")
  int logBuffer();

  Local local();

  /** The backend of host processes. */
  interface Local {
    /** Allows it in production, where it refuses to start otherwise. */
    @WithDefault("false")
    boolean enabled();

    /** Where attempts have their files; one runner per directory. */
    @WithDefault("${user.home}/.gantry/runner")
    Path directory();

    /** How long ended executions are remembered, and so the age from which a command is refused. */
    @WithDefault("24h")
    Duration retention();

    /** How often what is forgotten is removed. */
    @WithName("sweep-interval")
    @WithDefault("10m")
    Duration sweepInterval();
  }
}
