package dev.gantry.runner;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jboss.logging.Logger;

/**
 * Runs tasks one at a time and in order, without a thread of its own: the caller that finds nobody
 * running runs its task and all that are handed in meanwhile, so the usual case costs no hop. Never
 * waits, so two of them may call each other.
 */
public final class Serial {
  private static final Logger LOG = Logger.getLogger(Serial.class);

  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean running;

  /** Runs {@code task} now, or leaves it to the thread that is running one. */
  public void run(Runnable task) {
    synchronized (tasks) {
      tasks.add(task);
      if (running) {
        return;
      }
      running = true;
    }
    drain();
  }

  private void drain() {
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        LOG.error("a task failed; what it was about may wait for a restart of the runner", e);
      }
    }
  }

  private Runnable next() {
    synchronized (tasks) {
      Runnable task = tasks.poll();
      running = task != null;
      return task;
    }
  }
}
