package dev.gantry.runner;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Sends log batches, and bounds what is on its way: a backend reserves before it reads, and reads
 * no further while it gets nothing. Any thread, never blocks.
 */
public final class LogShipper {
  private final Outlet outlet;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private long free;

  /**
   * @param limit how many bytes may be unacknowledged at once, over all attempts
   */
  public LogShipper(Outlet outlet, long limit) {
    this.outlet = outlet;
    this.free = limit;
  }

  /**
   * Whether {@code bytes} may be read; if so they must be released. If not, {@code retry} is run
   * once when something was released; those who wait take turns.
   */
  public synchronized boolean reserve(int bytes, Runnable retry) {
    if (free < bytes) {
      waiting.add(retry);
      return false;
    }
    free -= bytes;
    return true;
  }

  /** Gives back; runs the retry of whoever waits longest on this thread. */
  public void release(int bytes) {
    Runnable retry;
    synchronized (this) {
      free += bytes;
      retry = waiting.poll();
    }
    if (retry != null) {
      retry.run();
    }
  }

  /** Completes with its offset when Kafka has acknowledged the batch; sends it again until then. */
  public CompletionStage<Long> send(UUID executionId, int partition, byte[] batch) {
    return Persistent.send(
        "a log batch of " + executionId, () -> outlet.log(executionId, partition, batch));
  }
}
