package dev.gantry.logs;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The live lines of one execution for one client, buffered up to a bound. Offered to from the
 * topic's thread, read from the client's; safe from both, never blocks for long.
 */
final class LiveSubscription {
  /** So many bytes of batches wait for a slow client before it must read the store instead. */
  static final int MAX_BYTES = 4 << 20;

  private final int partition;
  private final Runnable wake;
  private final Queue<LogRecord> waiting = new ArrayDeque<>();
  private int bytes;
  private boolean overflowed;

  /**
   * @param wake called, from any thread, when there is something to read after there was nothing;
   *     must not block
   */
  LiveSubscription(int partition, Runnable wake) {
    this.partition = partition;
    this.wake = wake;
  }

  int partition() {
    return partition;
  }

  void offer(LogRecord record) {
    synchronized (this) {
      int size = record.batch().bytes().length;
      if (overflowed || bytes + size > MAX_BYTES) {
        overflow();
        return;
      }
      waiting.add(record);
      bytes += size;
    }
    wake.run();
  }

  /** Drops all: the client must read the store up to where the live lines go on. */
  synchronized void overflow() {
    waiting.clear();
    bytes = 0;
    overflowed = true;
  }

  /** The next record, or null. */
  synchronized LogRecord poll() {
    LogRecord next = waiting.poll();
    if (next != null) {
      bytes -= next.batch().bytes().length;
    }
    return next;
  }

  synchronized boolean overflowed() {
    return overflowed;
  }

  /** Empty, and able to take records again. */
  synchronized void restart() {
    overflow();
    overflowed = false;
  }
}
