package dev.gantry.bench;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Time to the nanosecond. It needs nothing but the JDK: programs of steps use it too. */
final class Clock {
  private Clock() {}

  /** Nanoseconds since 1970, by the clock that all processes of the machine share. */
  static long wallNanos() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  /** Blocks until {@link System#nanoTime} has come so far; not at all when it has. */
  static void parkUntil(long nanoTime) {
    for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
