package dev.gantry.runner.disk;

import java.util.concurrent.TimeUnit;

/**
 * How often a program's output is looked at: at every tick while it writes, at every third after a
 * while of silence. For one thread.
 */
final class Pace {
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int IDLE = 3;

  private long lastGrowth;
  private int skipped;

  Pace(long nanoTime) {
    lastGrowth = nanoTime;
  }

  boolean looksAt(long nanoTime) {
    skipped++;
    if (nanoTime - lastGrowth > PATIENCE && skipped < IDLE) {
      return false;
    }
    skipped = 0;
    return true;
  }

  void grew(long nanoTime) {
    lastGrowth = nanoTime;
  }
}
