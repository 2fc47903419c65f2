package dev.gantry.logs;

import java.time.Instant;

/**
 * Which lines a reader wants.
 *
 * @param step its index; null = all steps
 * @param sinceMillis only lines from this time on, in epoch milliseconds
 */
record LineFilter(Integer step, long sinceMillis) {
  static LineFilter of(Integer step, Instant since) {
    return new LineFilter(step, since == null ? Long.MIN_VALUE : since.toEpochMilli());
  }

  boolean wants(int ofStep) {
    return step == null || step == ofStep;
  }
}
