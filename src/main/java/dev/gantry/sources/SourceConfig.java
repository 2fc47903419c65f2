package dev.gantry.sources;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

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

  /** OpenSSH's {@code known_hosts} with the keys of hosts that ssh sources lie on. */
  Optional<Path> knownHosts();

  /** How long a fetch may take, from the look-up of the host to the last file that is read. */
  @WithDefault("60s")
  Duration timeout();

  /** The most that is received for one fetch, in bytes; files are read up to the same sum. */
  @WithDefault("268435456")
  long maxBytes();

  /** The largest file that a repository may hold at all, in bytes. */
  @WithDefault("104857600")
  long maxObjectBytes();

  /** The largest file that is read, in bytes; larger ones are passed over. */
  @WithDefault("1048576")
  int maxFileBytes();

  /** How many files and folders there may be below a source's path. */
  @WithDefault("10000")
  int maxFiles();

  /** How many folders deep files may lie. */
  @WithDefault("32")
  int maxDepth();
}
