package dev.gantry.embedded;

import java.util.concurrent.CountDownLatch;

/**
 * Between its making and its closing, a signal (Ctrl-C, SIGTERM) does not end the JVM at once: it
 * begins the stop, and the JVM ends when the thread that does the work has closed this.
 */
final class OrderlyStop implements AutoCloseable {
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * @param begin makes the working thread come to its end; called on a thread of its own
   * @param exitCode of the JVM after a signal
   */
  OrderlyStop(Runnable begin, int exitCode) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(begin, exitCode), "stop"));
  }

  private void stop(Runnable begin, int exitCode) {
    if (closed.getCount() == 0) {
      return;
    }
    begin.run();
    try {
      closed.await();
      Runtime.getRuntime().halt(exitCode);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
