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
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Predicate;

/**
 * Runs attempts as processes of this host. Each has a directory whose files outlive the runner:
 * output, process id, exit code, and the journal of the log. {@link LocalAttempt} is the life of
 * one.
 */
public final class LocalBackend implements Backend {
  private final DirectoryLock lock;
  private final LocalLedger ledger;
  private final Sweep sweep;
  private final Supervisors supervisors;
  private final LocalResources resources;
  private final HostLoad load = new HostLoad();
  private volatile boolean closed;

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
    Path absolute = root.toAbsolutePath().normalize();
    this.ledger = new LocalLedger(absolute);
    this.lock = DirectoryLock.of(absolute);
    this.sweep = new Sweep(absolute);
    this.supervisors = new Supervisors(absolute, ChildEnvironment.fromHost(environment));
    this.resources =
        new LocalResources(
            absolute,
            Map.copyOf(environment),
            new ProcessLauncher(supervisors),
            new Ticker(),
            timers(),
            workers,
            logs,
            new LocalArtifacts(artifacts),
            () -> closed);
  }

  private static ScheduledThreadPoolExecutor timers() {
    ScheduledThreadPoolExecutor timers =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "gantry-runner-timers");
              thread.setDaemon(true);
              return thread;
            });
    timers.setRemoveOnCancelPolicy(true);
    return timers;
  }

  @Override
  public Ledger ledger() {
    return ledger;
  }

  @Override
  public boolean holds(AttemptKey key) {
    return new AttemptDirectory(resources.root(), key).exists();
  }

  @Override
  public Attempt run(AttemptRequest request, AttemptListener listener) {
    LocalAttempt attempt = new LocalAttempt(request, listener, resources);
    attempt.begin();
    return attempt;
  }

  @Override
  public void sweep(Predicate<UUID> active, Instant before) {
    sweep.run(active, before);
  }

  @Override
  public Load load() {
    return load.now();
  }

  @Override
  public void close() {
    closed = true;
    supervisors.close();
    resources.ticker().close();
    resources.timers().shutdownNow();
    resources.artifacts().close();
    lock.close();
  }
}
