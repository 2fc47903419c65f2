package dev.gantry.runner.disk;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * Looks at all running attempts every few milliseconds, on one thread, and sleeps while there is
 * none. Ends of programs do not wait for it.
 */
final class Ticker implements AutoCloseable {
  /** What is looked at; the call is short and does not wait. */
  interface Watched {
    void tick(long nanoTime);
  }

  private static final Logger LOG = Logger.getLogger(Ticker.class);
  private static final Duration PERIOD = Duration.ofMillis(8);

  /** Staying awake for a while saves waking the thread for each of many short programs. */
  private static final int IDLE_TICKS = 100;

  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
  private final Thread thread = new Thread(this::run, "gantry-runner-ticker");
  private volatile boolean asleep;
  private volatile boolean closed;

  Ticker() {
    thread.setDaemon(true);
    thread.start();
  }

  void add(Watched attempt) {
    watched.add(attempt);
    if (asleep) {
      LockSupport.unpark(thread);
    }
  }

  void remove(Watched attempt) {
    watched.remove(attempt);
  }

  private void run() {
    int idle = 0;
    while (!closed) {
      idle = watched.isEmpty() ? idle + 1 : 0;
      if (idle < IDLE_TICKS) {
        LockSupport.parkNanos(PERIOD.toNanos());
        tick();
      } else {
        sleep();
        idle = 0;
      }
    }
  }

  private void sleep() {
    asleep = true;
    if (watched.isEmpty() && !closed) {
      LockSupport.park(this);
    }
    asleep = false;
  }

  private void tick() {
    long now = System.nanoTime();
    for (Watched attempt : watched) {
      try {
        attempt.tick(now);
      } catch (RuntimeException e) {
        LOG.error("looking at an attempt failed", e);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
