package dev.gantry.runner;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that start programs and read what they wrote; the work is short. */
public final class Workers {
  private static final int LEAST = 4;

  private Workers() {}

  /** Daemon threads, two per processor; tasks wait in the order in which they come. */
  public static ExecutorService start() {
    int threads = Math.max(LEAST, 2 * Runtime.getRuntime().availableProcessors());
    AtomicInteger count = new AtomicInteger();
    return new ThreadPoolExecutor(
        threads,
        threads,
        1,
        TimeUnit.MINUTES,
        new LinkedBlockingQueue<>(),
        task -> {
          Thread thread = new Thread(task, "gantry-runner-" + count.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** For one thread of this name, which keeps no process alive. */
  static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
