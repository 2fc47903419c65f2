package dev.gantry.runner;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Sends again, a second later, for as long as it fails: what a runner has to say is not dropped.
 */
final class Persistent {
  private static final Logger LOG = Logger.getLogger(Persistent.class);

  private Persistent() {}

  /** Completes when a send has succeeded; never exceptionally. */
  static <T> CompletionStage<T> send(String what, Supplier<CompletionStage<T>> send) {
    CompletableFuture<T> done = new CompletableFuture<>();
    attempt(what, send, done);
    return done;
  }

  private static <T> void attempt(
      String what, Supplier<CompletionStage<T>> send, CompletableFuture<T> done) {
    CompletionStage<T> sent;
    try {
      sent = send.get();
    } catch (RuntimeException e) {
      sent = CompletableFuture.failedFuture(e);
    }
    sent.whenComplete(
        (answer, failure) -> {
          if (failure == null) {
            done.complete(answer);
            return;
          }
          LOG.warnf("%s was not taken by Kafka and is sent again: %s", what, failure.toString());
          Executor later = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);
          later.execute(() -> attempt(what, send, done));
        });
  }
}
