package dev.gantry.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** Keeps a number of works going at once: whoever is done begins again. Blocks. */
final class ClosedLoop {
  private static final Duration LOOK = Duration.ofMillis(5);

  private final int width;
  private final Work work;
  private final LongAdder done = new LongAdder();
  private final AtomicBoolean over = new AtomicBoolean();

  /** Done over and over, by several threads at once. */
  interface Work {
    void run() throws IOException, InterruptedException;
  }

  ClosedLoop(int width, Work work) {
    this.width = width;
    this.work = work;
  }

  /**
   * How many are done per second once {@code rampUp} is over; all have ended when it answers. They
   * begin spread over the ramp-up: those that begin together also end together, and then a measured
   * time holds one round of them more or less by chance.
   */
  double run(Duration rampUp, Duration measured) throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(width);
    try {
      List<Future<Void>> loops = begin(threads, rampUp);
      double perSecond = rate(measured);
      over.set(true);
      Futures.awaitAll(loops);
      return perSecond;
    } finally {
      threads.shutdownNow();
    }
  }

  private List<Future<Void>> begin(ExecutorService threads, Duration rampUp) {
    List<Future<Void>> loops = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 1; i <= width; i++) {
      loops.add(threads.submit(this::loop));
      Clock.parkUntil(begin + rampUp.toNanos() * i / width);
    }
    return loops;
  }

  /** Goes on longer than {@code measured} until each has come round twice, on the average. */
  private double rate(Duration measured) throws InterruptedException {
    long begin = System.nanoTime();
    long before = done.sum();
    long end = begin + measured.toNanos();
    while (!over.get() && (System.nanoTime() < end || done.sum() - before < 2L * width)) {
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }
    return (done.sum() - before) * 1e9 / (System.nanoTime() - begin);
  }

  private Void loop() throws IOException, InterruptedException {
    try {
      while (!over.get()) {
        work.run();
        done.increment();
      }
      return null;
    } finally {
      // The failure of one ends the others.
      over.set(true);
    }
  }
}
