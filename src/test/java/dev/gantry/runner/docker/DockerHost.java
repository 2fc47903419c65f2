package dev.gantry.runner.docker;

import com.github.dockerjava.api.model.LogConfig.LoggingType;
import dev.gantry.runner.ArtifactTransfer;
import dev.gantry.runner.AttemptRecords;
import dev.gantry.runner.Backend;
import dev.gantry.runner.BackendHost;
import dev.gantry.runner.GrantSource;
import dev.gantry.runner.LogShipper;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;

/** Containers of a daemon on this host. */
public final class DockerHost implements BackendHost {
  /** A volume of the daemon's that steps may mount. */
  public static final String KEPT = "gantry-test-kept";

  private static final long MOST_PROCESSES = 512;
  private final List<String> arguments;

  /**
   * @param arguments the daemon's address, image, network, log driver, and of a container the
   *     memory, 0 = all, and the user, if it is not who owns the work directory
   */
  public DockerHost(List<String> arguments) {
    this.arguments = List.copyOf(arguments);
  }

  public static DockerHost on(DockerDaemon daemon) {
    return on(daemon, 0);
  }

  /**
   * @param user as {@code uid:gid}
   */
  public static DockerHost as(String user, DockerDaemon daemon) {
    return new DockerHost(
        List.of(daemon.address(), daemon.image(), daemon.network(), daemon.logDriver(), "0", user));
  }

  public static DockerHost on(DockerDaemon daemon, long memory) {
    return new DockerHost(
        List.of(
            daemon.address(),
            daemon.image(),
            daemon.network(),
            daemon.logDriver(),
            Long.toString(memory)));
  }

  @Override
  public Backend open(
      Path directory,
      LogShipper logs,
      ArtifactTransfer artifacts,
      AttemptRecords records,
      GrantSource grants,
      Executor workers) {
    DockerSettings settings =
        new DockerSettings(
            "test",
            arguments.get(1),
            GitImage.NAME,
            arguments.size() > 5 ? arguments.get(5) : null,
            arguments.get(2),
            Set.of(KEPT),
            Long.parseLong(arguments.get(4)),
            0,
            MOST_PROCESSES,
            true,
            arguments.get(3).isEmpty() ? null : LoggingType.fromValue(arguments.get(3)));
    return new DockerBackend(
        directory, new Daemon(arguments.get(0)), settings, logs, artifacts, workers);
  }

  @Override
  public List<String> arguments() {
    return arguments;
  }

  @Override
  public Optional<String> image() {
    return Optional.of(arguments.get(1));
  }

  @Override
  public Path marks(Path directory, UUID execution) {
    return directory.resolve(execution.toString()).resolve("work");
  }

  @Override
  public String mark(UUID execution, String name) {
    return name;
  }
}
