package dev.gantry.workflows;

import java.util.Arrays;
import java.util.List;

/**
 * The order that a workflow's steps wait for each other in. Made in linear time; immutable as long
 * as nobody writes into the arrays that it hands out.
 */
public final class StepGraph {
  private final int[][] dependents;
  private final int[] roots;
  private final int[] order;

  private StepGraph(int[][] dependents, int[] roots, int[] order) {
    this.dependents = dependents;
    this.roots = roots;
    this.order = order;
  }

  public static StepGraph of(WorkflowDefinition workflow) {
    return of(workflow.steps().stream().map(WorkflowDefinition.Step::depends).toList());
  }

  /** Of a graph that may have cycles: its order then ends before their steps. */
  static StepGraph of(List<List<Integer>> depends) {
    int[][] dependents = dependents(depends);
    int[] waitsFor = depends.stream().mapToInt(List::size).toArray();
    int[] order = new int[waitsFor.length];
    int ready = 0;
    for (int step = 0; step < waitsFor.length; step++) {
      if (waitsFor[step] == 0) {
        order[ready++] = step;
      }
    }
    int[] roots = Arrays.copyOf(order, ready);
    for (int done = 0; done < ready; done++) {
      for (int next : dependents[order[done]]) {
        if (--waitsFor[next] == 0) {
          order[ready++] = next;
        }
      }
    }
    return new StepGraph(dependents, roots, Arrays.copyOf(order, ready));
  }

  private static int[][] dependents(List<List<Integer>> depends) {
    int[] count = new int[depends.size()];
    depends.forEach(before -> before.forEach(step -> count[step]++));
    int[][] dependents = new int[depends.size()][];
    Arrays.setAll(dependents, step -> new int[count[step]]);
    for (int step = depends.size() - 1; step >= 0; step--) {
      for (int before : depends.get(step)) {
        dependents[before][--count[before]] = step;
      }
    }
    return dependents;
  }

  public int size() {
    return dependents.length;
  }

  /** The steps that wait for {@code step}, by index, ascending. */
  public int[] dependents(int step) {
    return dependents[step];
  }

  /** The steps that wait for none, ascending. */
  public int[] roots() {
    return roots;
  }

  /** All steps, each after those it waits for. */
  public int[] order() {
    return order;
  }
}
