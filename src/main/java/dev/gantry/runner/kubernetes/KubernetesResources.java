package dev.gantry.runner.kubernetes;

import dev.gantry.executions.protocol.LogBatch;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.AttemptRecords;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.LogShipper;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What all attempts of a backend share.
 *
 * @param workers runs short blocking work
 * @param readers threads that wait for logs, one for each attempt that runs
 */
record KubernetesResources(
    Cluster cluster,
    ApiCalls calls,
    KubernetesLedger ledger,
    AttemptRecords records,
    LogShipper logs,
    KubernetesSettings settings,
    Executor workers,
    ExecutorService readers,
    ScheduledThreadPoolExecutor timers,
    Followed followed)
    implements AutoCloseable {

  static KubernetesResources of(
      Cluster cluster,
      ApiCalls calls,
      KubernetesLedger ledger,
      AttemptRecords records,
      LogShipper logs,
      KubernetesSettings settings,
      Executor workers,
      Followed followed) {
    ScheduledThreadPoolExecutor timers =
        new ScheduledThreadPoolExecutor(1, task -> daemon("gantry-kubernetes-timers", task));
    timers.setRemoveOnCancelPolicy(true);
    ExecutorService readers =
        Executors.newCachedThreadPool(task -> daemon("gantry-kubernetes-log", task));
    return new KubernetesResources(
        cluster, calls, ledger, records, logs, settings, workers, readers, timers, followed);
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  Future<?> later(Duration delay, Runnable task) {
    return timers.schedule(
        () -> workers.execute(task), Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
  }

  /**
   * The offset of something that is in the attempt's partition of the logs topic behind all that a
   * process before this one has shipped. Blocks until Kafka has it.
   */
  long lastOffset(AttemptRequest request) {
    StepSpec step = request.step();
    byte[] nothing = new LogBatch.Builder(step.index(), step.attempt(), step.name(), 0).build(null);
    return logs.send(request.executionId(), request.logPartition(), nothing)
        .toCompletableFuture()
        .join();
  }

  @Override
  public void close() {
    // What is under way is given up, and not taken for a refusal.
    calls.close();
    cluster.close();
    timers.shutdownNow();
    readers.shutdownNow();
  }
}
