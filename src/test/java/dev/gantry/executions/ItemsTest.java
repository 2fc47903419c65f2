package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.workflows.WorkflowDefinition.Action;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ItemsTest {
  private static List<String> of(String items, Map<String, String> variables) {
    return Items.of(new Action.Parallel(items, List.of(), 0, null), variables);
  }

  @Test
  void are_a_json_list() {
    assertThat(of("${L}", Map.of("L", "[\"a\", 1, {\"k\": [true]}, \"b c\"]")))
        .containsExactly("a", "1", "{\"k\":[true]}", "b c");
  }

  @Test
  void are_lines_that_hold_something() {
    assertThat(of("${L}", Map.of("L", "a\n\n b c\r\nd\n"))).containsExactly("a", " b c", "d");
  }

  @Test
  void are_a_list_with_variables_in_it() {
    assertThat(
            Items.of(
                new Action.Parallel(null, List.of("${A}", "b", "${A}${A}"), 0, null),
                Map.of("A", "x")))
        .containsExactly("x", "b", "xx");
  }

  @Test
  void may_be_none() {
    assertThat(of("${L}", Map.of("L", ""))).isEmpty();
    assertThat(of("${L}", Map.of("L", "[]"))).isEmpty();
  }

  @Test
  void are_never_the_marker_itself() {
    assertThatThrownBy(() -> of("${L}", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("${L}");
  }

  @Test
  void are_no_half_of_a_list() {
    assertThatThrownBy(() -> of("${L}", Map.of("L", "[1, 2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("JSON list");
    assertThatThrownBy(() -> of("${L}", Map.of("L", "[1] [2]")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void are_not_more_than_an_execution_has_steps() {
    String many = "x\n".repeat(10_001);
    assertThatThrownBy(() -> of("${L}", Map.of("L", many)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("10001 items");
  }
}
