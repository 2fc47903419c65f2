package dev.gantry.runner.docker;

import com.github.dockerjava.api.model.Info;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.runner.ArtifactTransfer;
import dev.gantry.runner.Attempt;
import dev.gantry.runner.AttemptKey;
import dev.gantry.runner.AttemptListener;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.Backend;
import dev.gantry.runner.Ledger;
import dev.gantry.runner.Load;
import dev.gantry.runner.LogShipper;
import dev.gantry.runner.disk.HostLoad;
import dev.gantry.runner.disk.RunnerDisk;
import dev.gantry.runners.protocol.Heartbeat.Amount;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Runs attempts as containers of this host's daemon. Each has a directory whose files outlive the
 * runner, where its log is copied to as it is written. A container is removed once the report of
 * its end is kept. {@link DockerAttempt} is the life of one.
 */
final class DockerBackend implements Backend {
  private static final Logger LOG = Logger.getLogger(DockerBackend.class);
  private static final long LEAVE_SECONDS = 10;
  private static final long MILLIS = 1000;

  private final RunnerDisk disk;
  private final Daemon daemon;
  private final Orphans orphans;
  private final AttemptContainers containers;
  private final DockerResources resources;
  private final ExecutorService threads = Executors.newCachedThreadPool(DockerBackend::thread);
  private final HostLoad load = new HostLoad();

  /** What the host has as the daemon sees it; null until it was asked. */
  private volatile Amount capacity;

  /**
   * @param root the directory to keep; made when it is not there
   * @throws IllegalStateException when another runner uses the directory, or containers cannot see
   *     it; the message says what to do
   */
  DockerBackend(
      Path root,
      Daemon daemon,
      DockerSettings settings,
      LogShipper logs,
      ArtifactTransfer artifacts,
      Executor workers) {
    if (root.toAbsolutePath().toString().contains(":")) {
      throw new IllegalStateException(
          "gantry.runner.docker.directory is "
              + root
              + ": a colon would end the path where it is mounted; choose another");
    }
    this.daemon = daemon;
    this.disk = new RunnerDisk(root, this::reported, logs, artifacts, workers);
    Map<String, String> labels =
        Map.of(ContainerPlan.RUNNER, settings.runner(), ContainerPlan.LEDGER, disk.ledger().id());
    this.orphans = new Orphans(daemon, disk, labels);
    this.containers = new AttemptContainers(daemon, labels);
    this.resources =
        new DockerResources(disk, daemon, settings, labels, new Users(settings.user()), threads);
    greet();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "gantry-runner-docker");
    thread.setDaemon(true);
    return thread;
  }

  /** A daemon that is away is no reason to stop: what was accepted waits for it. */
  private void greet() {
    try {
      Info info = daemon.info();
      List<String> security = info.getSecurityOptions();
      boolean rootless =
          security != null && security.stream().anyMatch(each -> each.contains("rootless"));
      resources.users().rootless(rootless);
      capacity = new Amount(MILLIS * info.getNCPU(), info.getMemTotal());
      LOG.infof(
          "containers run on %s, version %s%s",
          daemon.address(), info.getServerVersion(), rootless ? ", rootless" : "");
    } catch (DaemonAwayException | RefusedException e) {
      LOG.warnf("steps wait for the daemon at %s: %s", daemon.address(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
    DockerAttempt attempt = new DockerAttempt(request, listener, resources);
    attempt.begin();
    return attempt;
  }

  /** Its log is safe and its end is kept: the container is of no use any more. */
  private void reported(StepFinished report) {
    AttemptKey key = new AttemptKey(report.executionId(), report.step(), report.attempt());
    try {
      threads.execute(() -> remove(key));
    } catch (RejectedExecutionException closed) {
      LOG.debugf("the container of %s is left to the next sweep", key);
    }
  }

  /** One of the name may be somebody else's. */
  private void remove(AttemptKey key) {
    String name = ContainerPlan.name(key);
    try {
      Optional<ContainerState> found = daemon.find(name);
      if (found.isPresent() && found.get().isOf(key)) {
        daemon.remove(found.get().id());
      }
      if (disk.directory(key).text(AttemptContainers.COMPANIONS).isPresent()) {
        containers.remove(key);
      }
      StepMounts.remove(disk.directory(key));
    } catch (DaemonAwayException | RefusedException e) {
      LOG.debugf("container %s is left to the next sweep: %s", name, e.getMessage());
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void sweep(Predicate<UUID> active, Instant before) {
    orphans.remove();
    disk.sweep(active, before);
  }

  @Override
  public Load load() {
    Load host = load.now();
    if (capacity == null) {
      greet();
    }
    return capacity == null ? host : new Load(capacity, host.usage());
  }

  @Override
  public void close() {
    disk.letGo();
    threads.shutdownNow();
    try {
      // The files are the next process's once the directory is let go.
      if (!threads.awaitTermination(LEAVE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("something still waits for the daemon's answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    daemon.close();
    disk.close();
  }
}
