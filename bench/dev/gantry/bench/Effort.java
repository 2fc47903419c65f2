package dev.gantry.bench;

import java.time.Duration;

/**
 * How long the figures are measured.
 *
 * @param divisor what the full counts and durations are divided by
 */
record Effort(int divisor) {
  static final Effort FULL = new Effort(1);
  static final Effort QUICK = new Effort(5);

  int of(int full) {
    return Math.max(1, full / divisor);
  }

  Duration of(Duration full) {
    return full.dividedBy(divisor);
  }
}
