package dev.gantry.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Sends at a fixed rate, whether or not what was sent before is answered. A latency counts from the
 * time at which the request was due, so that a server that stalls is charged for all who wait.
 * Blocks.
 */
final class OpenLoop<T> {
  private final int perSecond;
  private final Supplier<CompletableFuture<T>> send;
  private final Histogram micros = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(10), 3);

  OpenLoop(int perSecond, Supplier<CompletableFuture<T>> send) {
    this.perSecond = perSecond;
    this.send = send;
  }

  /** The answers in the order of the sending, once all have come. */
  List<T> run(Duration length) throws IOException, InterruptedException {
    long count = length.toMillis() * perSecond / 1_000;
    long begin = System.nanoTime();
    List<CompletableFuture<T>> answers = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      long due = begin + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
      Clock.parkUntil(due);
      answers.add(send.get().whenComplete((answer, failure) -> record(due)));
    }
    return Futures.awaitAll(answers);
  }

  private void record(long due) {
    micros.recordValue(Math.max(0, System.nanoTime() - due) / 1_000);
  }

  Histogram micros() {
    return micros;
  }
}
