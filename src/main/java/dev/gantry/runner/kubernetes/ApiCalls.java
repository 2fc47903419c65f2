package dev.gantry.runner.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Calls of the API server, on threads that may block, a bounded number at a time. What may pass is
 * called again, more and more slowly and not before the server wants it, for as long as the runner
 * lives: an API server that is away delays, and loses nothing.
 */
final class ApiCalls implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ApiCalls.class);
  static final int AT_ONCE = 16;
  private static final long FIRST_PAUSE_MILLIS = 200;
  private static final long LONGEST_PAUSE_MILLIS = 15_000;

  /** At the most: the client tells so, or by a negative number, that no answer came. */
  private static final int NO_ANSWER = 0;

  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY = 429;
  private static final int CONFLICT = 409;

  private final AtomicInteger threads = new AtomicInteger();
  private final ExecutorService pool =
      Executors.newFixedThreadPool(
          AT_ONCE,
          task -> {
            Thread thread = new Thread(task, "gantry-kubernetes-" + threads.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Calls until there is an answer that will not change: a result, or a {@link
   * KubernetesClientException} with the server's refusal.
   *
   * @param what for the log, as "creating Job x"
   */
  <T> CompletionStage<T> call(String what, Callable<T> call) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    pool.execute(
        () -> {
          try {
            answer.complete(persistently(what, call));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.completeExceptionally(e);
          } catch (Exception e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  /**
   * The same on this thread.
   *
   * @throws InterruptedException also when this is closed before there is an answer
   */
  <T> T persistently(String what, Callable<T> call) throws Exception {
    for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
      try {
        return call.call();
      } catch (KubernetesClientException e) {
        if (pool.isShutdown()) {
          throw new InterruptedException(what + " is left to the next process: " + e.getMessage());
        }
        if (!mayPass(e)) {
          throw e;
        }
        long wait = retryAfterMillis(e) + jittered(pause);
        LOG.warnf("%s is tried again in %d ms: %s", what, wait, e.getMessage());
        Thread.sleep(wait);
      }
    }
  }

  private static long jittered(long pause) {
    return ThreadLocalRandom.current().nextLong(pause / 2, pause + 1);
  }

  /** An exhausted quota is given back by whatever ends; everything else that is forbidden stays. */
  private static boolean mayPass(KubernetesClientException e) {
    int code = e.getCode();
    return code <= NO_ANSWER
        || code == TOO_MANY
        || code >= 500
        || (code == FORBIDDEN && String.valueOf(e.getMessage()).contains("exceeded quota"))
        || (code == CONFLICT
            && String.valueOf(e.getMessage()).contains("object has been modified"));
  }

  private static long retryAfterMillis(KubernetesClientException e) {
    if (e.getStatus() == null
        || e.getStatus().getDetails() == null
        || e.getStatus().getDetails().getRetryAfterSeconds() == null) {
      return 0;
    }
    return 1000L * e.getStatus().getDetails().getRetryAfterSeconds();
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
