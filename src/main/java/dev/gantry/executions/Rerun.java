package dev.gantry.executions;

import dev.gantry.executions.StepState.Ended;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Which steps of an ended execution are run again in a new one, and which are taken over with their
 * output. Pure code.
 *
 * @param of the execution that has ended
 * @param again by index, ascending; the handlers are not among them, they are always run
 * @param reused what the other steps begin as: completed, in no attempt of the new execution
 */
record Rerun(UUID of, List<Integer> again, Map<Integer, Ended> reused) {
  /**
   * What did not complete and what is named runs again, and everything behind it.
   *
   * @param named by index
   */
  static Rerun of(Execution before, Collection<Integer> named, Instant now) {
    Deque<Integer> open = new ArrayDeque<>(named);
    for (int step = 0; step < before.handlersFrom(); step++) {
      if (before.state(step).status() != StepStatus.COMPLETED) {
        open.push(step);
      }
    }
    BitSet again = new BitSet();
    while (!open.isEmpty()) {
      int step = open.pop();
      if (!again.get(step)) {
        again.set(step);
        for (int dependent : before.accepted().graph().dependents(step)) {
          open.push(dependent);
        }
      }
    }
    return new Rerun(before.accepted().id(), list(again), reused(before, again, now));
  }

  /** Every step runs again. */
  static Rerun ofAll(Execution before) {
    BitSet again = new BitSet();
    again.set(0, before.handlersFrom());
    return new Rerun(before.accepted().id(), list(again), Map.of());
  }

  private static List<Integer> list(BitSet steps) {
    List<Integer> list = new ArrayList<>(steps.cardinality());
    steps.stream().forEach(list::add);
    return list;
  }

  private static Map<Integer, Ended> reused(Execution before, BitSet again, Instant now) {
    Map<Integer, Ended> reused = new LinkedHashMap<>();
    for (int step = 0; step < before.handlersFrom(); step++) {
      if (!again.get(step)) {
        reused.put(step, ((Ended) before.state(step)).takenOver(now));
      }
    }
    return reused;
  }
}
