package dev.gantry.runner;

import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/**
 * Goes on with what other processes of a runner have begun, on a thread of its own, since it may
 * have to wait for the API; when partitions move again meanwhile, it begins anew. Any thread.
 */
final class Adoption implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Adoption.class);

  private final String name;
  private final Runner runner;
  private final ExecutorService thread;
  private final AtomicReference<Future<?>> adopting = new AtomicReference<>();

  Adoption(String name, Runner runner) {
    this.name = name;
    this.runner = runner;
    this.thread = Executors.newSingleThreadExecutor(Workers.daemon("gantry-runner-adopter"));
  }

  /** These partitions of the commands are this process's, and no others. Never blocks. */
  void serve(Set<Integer> partitions) {
    Future<?> before = adopting.getAndSet(thread.submit(() -> adopt(partitions)));
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
      LOG.errorf(
          e, "what others had begun of %s is not gone on with before partitions move again", name);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
