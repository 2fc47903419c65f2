package dev.gantry.runner.docker;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.LogConfig.LoggingType;
import dev.gantry.runner.RunnerConfig;
import io.quarkus.runtime.configuration.MemorySize;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What every container gets.
 *
 * @param runner the runner's name
 * @param image of steps that name none
 * @param gitImage with {@code git}, for what is cloned
 * @param user as {@code uid:gid} or a name of the image's; null = who owns the work directory
 * @param network the daemon's network that it joins
 * @param memory in bytes; 0 = no limit
 * @param cpus 0 = no limit
 * @param volumes names of the daemon's volumes that steps may mount
 * @param pids processes and threads; 0 = no limit
 * @param init a small first process passes signals on and waits for what is orphaned
 * @param logs the daemon's driver; null = its own default
 */
record DockerSettings(
    String runner,
    String image,
    String gitImage,
    String user,
    String network,
    Set<String> volumes,
    long memory,
    double cpus,
    long pids,
    boolean init,
    LoggingType logs) {
  private static final double NANOS = 1e9;

  /** What a volume may be called that a step names. */
  private static final Pattern VOLUME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  /** What was cut off could not be read again after a restart. */
  private static final Map<String, String> WHOLE =
      Map.of("max-size", "1p", "max-file", "1", "compress", "false");

  /**
   * @throws IllegalArgumentException when what is asked for is not allowed; the message says why
   */
  DockerSettings {
    if (network.equals("host") || network.startsWith("container:")) {
      throw new IllegalArgumentException(
          "gantry.runner.docker.network is '"
              + network
              + "': steps never share the network of the host or of another container; name a"
              + " network of the daemon's, as 'bridge', or 'none'");
    }
    for (String volume : volumes) {
      if (!VOLUME.matcher(volume).matches()) {
        throw new IllegalArgumentException(
            "gantry.runner.docker.volumes has '"
                + volume
                + "': it takes names of the daemon's volumes, never paths of the host");
      }
    }
    if (memory < 0 || cpus < 0 || pids < 0) {
      throw new IllegalArgumentException(
          "gantry.runner.docker: memory, cpus and pids are 0 or more, and 0 is no limit");
    }
  }

  /**
   * @throws IllegalArgumentException as the constructor
   */
  static DockerSettings of(String runner, RunnerConfig.Docker config) {
    return new DockerSettings(
        runner,
        config.image(),
        config.gitImage(),
        config.user().orElse(null),
        config.network(),
        Set.copyOf(config.volumes().orElse(List.of())),
        config.memory().map(MemorySize::asLongValue).orElse(0L),
        config.cpus(),
        config.pids(),
        config.init(),
        driver(config.logDriver()));
  }

  /**
   * @param mounts directories and files of this host
   */
  HostConfig host(List<Bind> mounts) {
    HostConfig host =
        HostConfig.newHostConfig()
            .withBinds(mounts)
            .withNetworkMode(network)
            .withPrivileged(false)
            .withCapDrop(Capability.ALL)
            .withSecurityOpts(List.of("no-new-privileges"))
            .withInit(init);
    if (memory > 0) {
      // As much with swap as without: it has none.
      host.withMemory(memory).withMemorySwap(memory);
    }
    if (cpus > 0) {
      host.withNanoCPUs(Math.round(cpus * NANOS));
    }
    if (pids > 0) {
      host.withPidsLimit(pids);
    }
    if (logs != null) {
      host.withLogConfig(new LogConfig(logs, WHOLE));
    }
    return host;
  }

  private static LoggingType driver(String name) {
    return switch (name) {
      case "local" -> LoggingType.LOCAL;
      case "json-file" -> LoggingType.JSON_FILE;
      case "default" -> null;
      default ->
          throw new IllegalArgumentException(
              "gantry.runner.docker.log-driver is '"
                  + name
                  + "'; there is: local, json-file, and default for the daemon's own");
    };
  }
}
