package dev.gantry.runner;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Makes a {@link Runner} of this process when it has the role, and ends it with the process. */
@ApplicationScoped
class RunnerRole {
  private static final Logger LOG = Logger.getLogger(RunnerRole.class);

  /** After the topics are there, before the channels connect. */
  private static final int BEFORE_CHANNELS = 2;

  private final RunnerConfig config;
  private final Outlet outlet;
  private final GrantSource grants;
  private final ArtifactTransfer artifacts;
  private final AttemptRecords records;
  private final Instance<BackendProvider> backends;
  private final boolean enabled;
  private final ExecutorService workers = Workers.start();
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(daemon("gantry-runner-sweeper"));
  private final ExecutorService adopter =
      Executors.newSingleThreadExecutor(daemon("gantry-runner-adopter"));
  private final AtomicReference<Future<?>> adopting = new AtomicReference<>();
  private volatile Runner runner;
  private volatile ScheduledFuture<?> sweeping;

  RunnerRole(
      RunnerConfig config,
      Outlet outlet,
      GrantSource grants,
      ArtifactTransfer artifacts,
      AttemptRecords records,
      @Any Instance<BackendProvider> backends,
      @ConfigProperty(name = "gantry.role.runner") boolean enabled) {
    this.config = config;
    this.outlet = outlet;
    this.grants = grants;
    this.artifacts = artifacts;
    this.records = records;
    this.backends = backends;
    this.enabled = enabled;
  }

  private static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  void start(@Observes @Priority(BEFORE_CHANNELS) StartupEvent event) {
    if (!enabled) {
      return;
    }
    Backend backend =
        provider()
            .open(new LogShipper(outlet, config.logBuffer()), artifacts, records, grants, workers);
    int capacity =
        config.capacity().orElse(Math.max(64, 16 * Runtime.getRuntime().availableProcessors()));
    runner =
        new Runner(
            config.name(), backend, outlet, grants, workers, capacity, config.local().retention());
    runner.recall();
    LOG.infof(
        "runner %s runs up to %d attempts through the %s backend",
        config.name(), capacity, config.backend());
  }

  private BackendProvider provider() {
    return backends.stream()
        .filter(backend -> backend.name().equals(config.backend()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "gantry.runner.backend is '"
                        + config.backend()
                        + "'; there is: "
                        + backends.stream()
                            .map(BackendProvider::name)
                            .collect(Collectors.joining(", "))));
  }

  /** Once the channels are connected: what the process before left goes on. */
  void resume(@Observes @Priority(Integer.MAX_VALUE) StartupEvent event) {
    if (runner != null) {
      runner.resume();
      long period = config.local().sweepInterval().toMillis();
      sweeping = sweeper.scheduleWithFixedDelay(this::sweep, period, period, TimeUnit.MILLISECONDS);
    }
  }

  /** These partitions of the commands are this process's, and no others. Never blocks. */
  void serve(Set<Integer> partitions) {
    Future<?> before = adopting.getAndSet(adopter.submit(() -> adopt(partitions)));
    if (before != null) {
      before.cancel(true);
    }
  }

  private void adopt(Set<Integer> partitions) {
    try {
      runner.serve(partitions);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("what others had begun is not gone on with before partitions move again", e);
    }
  }

  private void sweep() {
    try {
      runner.sweep();
    } catch (RuntimeException e) {
      LOG.error("sweeping failed and is tried again later", e);
    }
  }

  /** What runs goes on running; what is acknowledged was told, the rest is told by the next. */
  void stop(@Observes ShutdownEvent event) {
    if (sweeping != null) {
      sweeping.cancel(false);
    }
    sweeper.shutdown();
    adopter.shutdownNow();
    if (runner != null) {
      runner.close();
    }
  }

  /** There once the role has started; commands come later. */
  Runner runner() {
    return runner;
  }

  Executor workers() {
    return workers;
  }
}
