package dev.gantry.runner;

import dev.gantry.runners.protocol.Heartbeat.Slots;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** How many segments may run at once; the others wait in the order in which they came. */
final class Capacity {
  private final Map<Segment, Runnable> waiting = new LinkedHashMap<>();
  private final Set<Segment> holders = new HashSet<>();
  private final int slots;

  Capacity(int slots) {
    this.slots = slots;
  }

  /**
   * Runs {@code start} as soon as there is a slot, on this thread or on one that releases; at once
   * for who has one.
   */
  void acquire(Segment segment, Runnable start) {
    synchronized (waiting) {
      if (!holders.contains(segment)) {
        if (free() <= 0) {
          waiting.put(segment, start);
          return;
        }
        holders.add(segment);
      }
    }
    start.run();
  }

  /** Takes a slot if there is one, and nobody waits for it. */
  boolean tryTake(Segment segment) {
    synchronized (waiting) {
      return free() > 0 && waiting.isEmpty() && holders.add(segment);
    }
  }

  /** Takes a slot whether there is one or not: for what runs already. */
  void take(Segment segment) {
    synchronized (waiting) {
      holders.add(segment);
    }
  }

  /** Gives back the segment's slot, or its place among those that wait for one, if it has any. */
  void release(Segment segment) {
    Runnable next = null;
    synchronized (waiting) {
      waiting.remove(segment);
      holders.remove(segment);
      var first = waiting.entrySet().iterator();
      if (free() > 0 && first.hasNext()) {
        Map.Entry<Segment, Runnable> entry = first.next();
        next = entry.getValue();
        holders.add(entry.getKey());
        first.remove();
      }
    }
    if (next != null) {
      next.run();
    }
  }

  /** More than there are for a moment, when what runs already was taken in. */
  Slots slots() {
    synchronized (waiting) {
      return new Slots(holders.size(), slots);
    }
  }

  private int free() {
    return slots - holders.size();
  }
}
