package dev.gantry.runner.docker;

import java.time.Duration;

/** Between one attempt and the next, each twice as long as the one before. For one thread. */
final class Pause {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private Duration next = FIRST;

  void take() throws InterruptedException {
    Thread.sleep(next.toMillis());
    Duration twice = next.multipliedBy(2);
    next = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
  }
}
