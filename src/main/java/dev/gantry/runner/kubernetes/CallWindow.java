package dev.gantry.runner.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How many calls the API server is asked at once: half as many when it says that they are too many,
 * and one more for each second in which it does not. So a server that is shared is not asked again
 * and again for what it has no time for. Any thread; blocks until there is room.
 */
final class CallWindow {
  private static final int TOO_MANY = 429;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final int most;
  private final LongSupplier nanos;
  private int width;
  private int underWay;
  private long changedAt;

  CallWindow(int most) {
    this(most, System::nanoTime);
  }

  CallWindow(int most, LongSupplier nanos) {
    this.most = most;
    this.nanos = nanos;
    this.width = most;
    this.changedAt = nanos.getAsLong();
  }

  /**
   * @throws KubernetesClientException what the call throws, or when the thread is interrupted
   */
  <T> T call(Supplier<T> call) {
    long begunAt = enter();
    boolean refused = false;
    try {
      return call.get();
    } catch (KubernetesClientException e) {
      refused = e.getCode() == TOO_MANY;
      throw e;
    } finally {
      leave(begunAt, refused);
    }
  }

  private synchronized long enter() {
    try {
      while (underWay >= width) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw KubernetesClientException.launderThrowable(e);
    }
    underWay++;
    return nanos.getAsLong();
  }

  /** What was begun before the last change says nothing of how it is now. */
  private synchronized void leave(long begunAt, boolean refused) {
    underWay--;
    long now = nanos.getAsLong();
    if (refused && begunAt - changedAt >= 0) {
      width = Math.max(1, width / 2);
      changedAt = now;
    } else if (!refused && width < most && now - changedAt > PATIENCE_NANOS) {
      width++;
      changedAt = now;
    }
    notifyAll();
  }

  synchronized int width() {
    return width;
  }
}
