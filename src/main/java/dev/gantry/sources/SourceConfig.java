package dev.gantry.sources;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What a source may cost and where it may lie. */
@ConfigMapping(prefix = "gantry.sources")
public interface SourceConfig {
  /** Where {@code type: github} looks for {@code owner/repo}. */
  @WithDefault("https://github.com")
  String githubUrl();

  /**
   * Allows {@code file://} and plain {@code http://} repositories: for trying Gantry, never shared.
   */
  @WithDefault("false")
  boolean allowLocal();

  /** How long a fetch may take. */
  @WithDefault("60s")
  Duration timeout();

  /** The most that a shallow copy of a repository may take on disk, in bytes. */
  @WithDefault("268435456")
  long maxBytes();
}
