package dev.gantry.runner;

import dev.gantry.runners.protocol.Heartbeat.Slots;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many segments may run at once; the others wait in the order in which they came. */
final class Capacity {
  private final Map<Segment, Runnable> waiting = new LinkedHashMap<>();
  private final int slots;
  private int free;

  Capacity(int slots) {
    this.slots = slots;
    free = slots;
  }

  /** Runs {@code start} as soon as there is a slot, on this thread or on one that releases. */
  void acquire(Segment segment, Runnable start) {
    synchronized (waiting) {
      if (free <= 0) {
        waiting.put(segment, start);
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

  /** Gives back the segment's slot, or its place among those that wait for one. */
  void release(Segment segment) {
    Runnable next = null;
    synchronized (waiting) {
      if (waiting.remove(segment) != null) {
        return;
      }
      free++;
      var first = waiting.values().iterator();
      if (free > 0 && first.hasNext()) {
        next = first.next();
        first.remove();
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
