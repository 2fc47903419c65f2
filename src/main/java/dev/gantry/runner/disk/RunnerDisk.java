package dev.gantry.runner.disk;

import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.runner.ArtifactTransfer;
import dev.gantry.runner.AttemptKey;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.Ledger;
import dev.gantry.runner.LogShipper;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The directory of a backend, held by one process at a time, and what all attempts with files in it
 * share. Any thread; may block for a moment.
 */
public final class RunnerDisk implements AutoCloseable {
  private final Path root;
  private final Ledger ledger;
  private final DirectoryLock lock;
  private final Sweep sweep;
  private final Ticker ticker = new Ticker();
  private final ScheduledThreadPoolExecutor timers = startTimers();
  private final Executor workers;
  private final LogShipper logs;
  private final WorkArtifacts artifacts;
  private volatile boolean closed;

  /**
   * @param root the directory to keep; made when it is not there
   * @param whenReported told of a report once it is kept: of its attempt nothing else is needed
   * @param workers runs short blocking work
   * @throws IllegalStateException when another runner uses the directory
   */
  public RunnerDisk(
      Path root,
      Consumer<StepFinished> whenReported,
      LogShipper logs,
      ArtifactTransfer artifacts,
      Executor workers) {
    this.root = root.toAbsolutePath().normalize();
    this.ledger = new DiskLedger(this.root, whenReported);
    this.lock = DirectoryLock.of(this.root);
    this.sweep = new Sweep(this.root);
    this.workers = workers;
    this.logs = logs;
    this.artifacts = new WorkArtifacts(artifacts);
  }

  private static ScheduledThreadPoolExecutor startTimers() {
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

  /** Absolute. */
  public Path root() {
    return root;
  }

  public Ledger ledger() {
    return ledger;
  }

  /** The attempt's files; perhaps not there yet. */
  public AttemptDirectory directory(AttemptKey key) {
    return new AttemptDirectory(root, key);
  }

  public WorkDirectory work(AttemptRequest request) {
    return new WorkDirectory(root.resolve(request.executionId().toString()).resolve("work"));
  }

  /** As {@link dev.gantry.runner.Backend#sweep}. */
  public void sweep(Predicate<UUID> active, Instant before) {
    sweep.run(active, before);
  }

  /** Whether nothing is to be followed any more. */
  public boolean closed() {
    return closed;
  }

  public Executor workers() {
    return workers;
  }

  Ticker ticker() {
    return ticker;
  }

  /** Only hands over to the workers. */
  ScheduledThreadPoolExecutor timers() {
    return timers;
  }

  LogShipper logs() {
    return logs;
  }

  WorkArtifacts artifacts() {
    return artifacts;
  }

  /** Follows nothing any more: what closes after this tells nothing. */
  public void letGo() {
    closed = true;
  }

  @Override
  public void close() {
    letGo();
    ticker.close();
    timers.shutdownNow();
    artifacts.close();
    lock.close();
  }
}
