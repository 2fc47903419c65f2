package dev.gantry.workflows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds steps that wait for each other in a circle; linear, and without recursion. */
final class Cycles {
  private static final int DONE = -1;

  private final List<List<Integer>> depends;
  private final int[] walkOf;

  private Cycles(List<List<Integer>> depends) {
    this.depends = depends;
    this.walkOf = new int[depends.size()];
    Arrays.stream(StepGraph.of(depends).order()).forEach(step -> walkOf[step] = DONE);
  }

  /** Cycles without a step in common, at least one if there is any; each from its first step on. */
  static List<List<Integer>> in(List<List<Integer>> depends) {
    return new Cycles(depends).all();
  }

  /**
   * A step that never gets its turn waits for another such one, so whoever goes on from step to
   * step must come back to one of his own walk (a cycle) or of an earlier walk (a known one).
   */
  private List<List<Integer>> all() {
    List<List<Integer>> cycles = new ArrayList<>();
    for (int start = 0; start < walkOf.length; start++) {
      int walk = start + 1;
      int step = start;
      while (walkOf[step] == 0) {
        walkOf[step] = walk;
        step = stuckDependency(step);
      }
      if (walkOf[step] == walk) {
        cycles.add(cycleFrom(step));
      }
    }
    return cycles;
  }

  private int stuckDependency(int step) {
    return depends.get(step).stream()
        .filter(before -> walkOf[before] != DONE)
        .findFirst()
        .orElseThrow();
  }

  private List<Integer> cycleFrom(int step) {
    List<Integer> cycle = new ArrayList<>();
    int next = step;
    do {
      cycle.add(next);
      next = stuckDependency(next);
    } while (next != step);
    int first = cycle.indexOf(cycle.stream().min(Integer::compare).orElseThrow());
    List<Integer> turned = new ArrayList<>(cycle.subList(first, cycle.size()));
    turned.addAll(cycle.subList(0, first));
    return turned;
  }
}
