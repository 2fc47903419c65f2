package dev.gantry.runner.local;

import dev.gantry.runner.ArtifactTransfer;
import dev.gantry.runner.Attempt;
import dev.gantry.runner.AttemptKey;
import dev.gantry.runner.AttemptListener;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.Backend;
import dev.gantry.runner.Ledger;
import dev.gantry.runner.Load;
import dev.gantry.runner.LogShipper;
import dev.gantry.runner.disk.AttemptEnvironment;
import dev.gantry.runner.disk.HostLoad;
import dev.gantry.runner.disk.RunnerDisk;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * Runs attempts as processes of this host. Each has a directory whose files outlive the runner:
 * output, process id, exit code, and the journal of the log. {@link LocalAttempt} is the life of
 * one.
 */
public final class LocalBackend implements Backend {
  private final RunnerDisk disk;
  private final Supervisors supervisors;
  private final LocalResources resources;
  private final HostLoad load = new HostLoad();

  /**
   * @param root the directory to keep; made when it is not there
   * @param environment the host's, of which programs get a little
   * @throws IllegalStateException when another runner uses the directory
   */
  public LocalBackend(
      Path root,
      Map<String, String> environment,
      LogShipper logs,
      ArtifactTransfer artifacts,
      Executor workers) {
    this.disk = new RunnerDisk(root, report -> {}, logs, artifacts, workers);
    this.supervisors = new Supervisors(disk.root(), AttemptEnvironment.fromHost(environment));
    this.resources =
        new LocalResources(disk, Map.copyOf(environment), new ProcessLauncher(supervisors));
  }

  @Override
  public Ledger ledger() {
    return disk.ledger();
  }

  @Override
  public boolean holds(AttemptKey key) {
    return disk.directory(key).exists();
  }

  @Override
  public Attempt run(AttemptRequest request, AttemptListener listener) {
    LocalAttempt attempt = new LocalAttempt(request, listener, resources);
    attempt.begin();
    return attempt;
  }

  @Override
  public void sweep(Predicate<UUID> active, Instant before) {
    disk.sweep(active, before);
  }

  @Override
  public Load load() {
    return load.now();
  }

  @Override
  public void close() {
    disk.letGo();
    supervisors.close();
    disk.close();
  }
}
