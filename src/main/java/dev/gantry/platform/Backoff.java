package dev.gantry.platform;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How long to wait before what has failed is tried again. Each wait is up to a fifth shorter or
 * longer than it says, so that what failed together does not come back together. Pure code.
 */
public final class Backoff {
  private static final double JITTER = 0.2;

  private final List<Duration> delays;
  private final RandomGenerator random;

  /**
   * @param delays after the first try, the second …; the last one is for all that follow
   */
  public Backoff(List<Duration> delays, RandomGenerator random) {
    if (delays.isEmpty()) {
      throw new IllegalArgumentException("there is no delay to wait for");
    }
    this.delays = List.copyOf(delays);
    this.random = random;
  }

  /**
   * @param tries that have failed, from 1
   */
  public Duration after(int tries) {
    Duration delay = delays.get(Math.min(tries, delays.size()) - 1);
    double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
    return Duration.ofMillis(Math.round(delay.toMillis() * factor));
  }
}
