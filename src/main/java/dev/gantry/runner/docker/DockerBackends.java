package dev.gantry.runner.docker;

import dev.gantry.runner.ArtifactTransfer;
import dev.gantry.runner.AttemptRecords;
import dev.gantry.runner.Backend;
import dev.gantry.runner.BackendProvider;
import dev.gantry.runner.GrantSource;
import dev.gantry.runner.LogShipper;
import dev.gantry.runner.RunnerConfig;
import dev.gantry.runner.RunnerName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Executor;

/** Gives the backend of containers on this host to those who asked for it. */
@ApplicationScoped
class DockerBackends implements BackendProvider {
  private final RunnerConfig config;

  DockerBackends(RunnerConfig config) {
    this.config = config;
  }

  @Override
  public String name() {
    return "docker";
  }

  @Override
  public Backend open(
      RunnerName runner,
      LogShipper logs,
      ArtifactTransfer artifacts,
      AttemptRecords records,
      GrantSource grants,
      Executor workers) {
    RunnerConfig.Docker docker = config.docker();
    DockerSettings settings = DockerSettings.of(runner.text(), docker);
    Daemon daemon = new Daemon(docker.host().orElse(null));
    return new DockerBackend(
        runner.within(docker.directory()), daemon, settings, logs, artifacts, workers);
  }
}
