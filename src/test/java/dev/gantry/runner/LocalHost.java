package dev.gantry.runner;

import dev.gantry.runner.local.LocalBackend;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;

/** Processes of this host. */
public final class LocalHost implements BackendHost {
  public LocalHost() {}

  /**
   * @param none there are none
   */
  public LocalHost(List<String> none) {}

  @Override
  public Backend open(
      Path directory,
      LogShipper logs,
      ArtifactTransfer artifacts,
      AttemptRecords records,
      GrantSource grants,
      Executor workers) {
    Map<String, String> host =
        Map.of("PATH", System.getenv("PATH"), "GANTRY_ADMIN_API_KEY", "not for programs");
    return new LocalBackend(directory, host, logs, artifacts, workers);
  }

  @Override
  public List<String> arguments() {
    return List.of();
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
