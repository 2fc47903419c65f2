package dev.gantry.runner;

import dev.gantry.runners.protocol.Heartbeat.Slots;
import java.util.ArrayDeque;
import java.util.Queue;

/** How many segments may run at once; the others wait in the order in which they came. */
final class Capacity {
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private final int slots;
  private int free;

  Capacity(int slots) {
    this.slots = slots;
    free = slots;
  }

  /** Runs {@code start} as soon as there is a slot, on this thread or on one that releases. */
  void acquire(Runnable start) {
    synchronized (waiting) {
      if (free <= 0) {
        waiting.add(start);
        return;
      }
      free--;
    }
    start.run();
  }

  /** Takes a slot whether there is one or not: for what runs already. */
  void take() {
    synchronized (waiting) {
      free--;
    }
  }

  void release() {
    Runnable next;
    synchronized (waiting) {
      free++;
      next = free > 0 ? waiting.poll() : null;
      if (next != null) {
        free--;
      }
    }
    if (next != null) {
      next.run();
    }
  }

  /** More than there are for a moment, when what runs already was taken in. */
  Slots slots() {
    synchronized (waiting) {
      return new Slots(slots - free, slots);
    }
  }
}
