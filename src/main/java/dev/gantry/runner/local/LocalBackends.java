package dev.gantry.runner.local;

import dev.gantry.runner.ArtifactTransfer;
import dev.gantry.runner.AttemptRecords;
import dev.gantry.runner.Backend;
import dev.gantry.runner.BackendProvider;
import dev.gantry.runner.GrantSource;
import dev.gantry.runner.LogShipper;
import dev.gantry.runner.RunnerConfig;
import dev.gantry.runner.RunnerName;
import io.quarkus.runtime.LaunchMode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Executor;

/** Gives the backend of host processes to those who asked for it. */
@ApplicationScoped
class LocalBackends implements BackendProvider {
  private final RunnerConfig config;

  LocalBackends(RunnerConfig config) {
    this.config = config;
  }

  @Override
  public String name() {
    return "local";
  }

  @Override
  public Backend open(
      RunnerName runner,
      LogShipper logs,
      ArtifactTransfer artifacts,
      AttemptRecords records,
      GrantSource grants,
      Executor workers) {
    if (!config.local().enabled() && LaunchMode.current() == LaunchMode.NORMAL) {
      throw new IllegalStateException(
          "the local backend runs steps as processes of this host, without any isolation; it is"
              + " refused in production unless gantry.runner.local.enabled=true");
    }
    return new LocalBackend(
        runner.within(config.local().directory()), System.getenv(), logs, artifacts, workers);
  }
}
