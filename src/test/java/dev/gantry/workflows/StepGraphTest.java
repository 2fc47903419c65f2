package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StepGraphTest {
  @Test
  void knows_a_diamond() {
    StepGraph graph =
        StepGraph.of(
            WorkflowParser.parse(
                """
                name: diamond
                type: graph
                steps:
                  - {name: join, command: echo, depends: [left, right]}
                  - {name: left, command: echo, depends: top}
                  - {name: right, command: echo, depends: top}
                  - {name: top, command: echo}
                  - {name: alone, command: echo}
                """));
    assertThat(graph.size()).isEqualTo(5);
    assertThat(graph.roots()).containsExactly(3, 4);
    assertThat(graph.dependents(3)).containsExactly(1, 2);
    assertThat(graph.dependents(1)).containsExactly(0);
    assertThat(graph.dependents(0)).isEmpty();
    assertThat(graph.order()).containsExactly(3, 4, 1, 2, 0);
  }

  @Test
  void puts_each_step_after_those_it_waits_for() {
    Random random = new Random(7);
    List<List<Integer>> depends = new ArrayList<>();
    for (int step = 0; step < 2_000; step++) {
      List<Integer> before = new ArrayList<>();
      for (int i = 0; step > 0 && i < random.nextInt(4); i++) {
        int other = random.nextInt(step);
        if (!before.contains(other)) {
          before.add(other);
        }
      }
      depends.add(before);
    }
    int[] order = StepGraph.of(depends).order();
    int[] turn = new int[depends.size()];
    for (int i = 0; i < order.length; i++) {
      turn[order[i]] = i;
    }
    assertThat(order).hasSize(2_000).doesNotHaveDuplicates();
    for (int step = 0; step < depends.size(); step++) {
      for (int before : depends.get(step)) {
        assertThat(turn[before]).isLessThan(turn[step]);
      }
    }
  }

  @Test
  void a_graph_without_a_cycle_has_none() {
    assertThat(Cycles.in(List.of(List.of(), List.of(0), List.of(0, 1)))).isEmpty();
    assertThat(Cycles.in(List.of())).isEmpty();
  }

  @Test
  void cycles_are_found_once_each_and_those_behind_them_are_not_in_them() {
    List<List<Integer>> depends =
        List.of(
            List.of(), List.of(3), List.of(1, 0), List.of(2), List.of(3), List.of(6), List.of(5));
    assertThat(Cycles.in(depends)).containsExactly(List.of(1, 3, 2), List.of(5, 6));
  }

  @Test
  void a_very_long_cycle_needs_no_stack() {
    List<List<Integer>> depends = new ArrayList<>();
    for (int step = 0; step < 100_000; step++) {
      depends.add(List.of((step + 1) % 100_000));
    }
    assertThat(Cycles.in(depends)).hasSize(1);
    assertThat(Cycles.in(depends).get(0)).hasSize(100_000).startsWith(0, 1, 2);
  }
}
