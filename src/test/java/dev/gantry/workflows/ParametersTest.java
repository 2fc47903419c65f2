package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParametersTest {
  private static final WorkflowDefinition WORKFLOW =
      WorkflowParser.parse(
          """
          name: w
          params:
            - {name: VERSION, required: true}
            - {name: REGION, required: true, default: eu}
            - {name: REPLICAS, type: int, default: 3}
            - {name: RATIO, type: number}
            - {name: DRY, type: bool}
            - {name: TARGETS, type: array}
            - {name: LABELS, type: object}
          steps: [{name: a, command: echo}]
          """);

  @Test
  void the_callers_variables_lie_over_the_defaults() {
    assertThat(Parameters.resolve(WORKFLOW, Map.of("VERSION", "1", "REPLICAS", "5", "MORE", "x")))
        .isEqualTo(Map.of("VERSION", "1", "REGION", "eu", "REPLICAS", "5", "MORE", "x"));
  }

  @Test
  void defaults_from_a_map_are_taken_too() {
    WorkflowDefinition workflow =
        WorkflowParser.parse("name: w\nparams: {A: 1, B: }\nsteps: [{name: a, command: echo}]\n");
    assertThat(Parameters.resolve(workflow, Map.of())).isEqualTo(Map.of("A", "1", "B", ""));
  }

  @Test
  void a_null_is_absent() {
    Map<String, String> variables = new HashMap<>();
    variables.put("VERSION", null);
    variables.put("REGION", null);
    assertThat(faults(variables))
        .containsExactly("variables.VERSION: is missing: the workflow requires it");
  }

  @Test
  void an_empty_text_is_a_value() {
    assertThat(Parameters.resolve(WORKFLOW, Map.of("VERSION", ""))).containsEntry("VERSION", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "REPLICAS | 1.5 | must be a whole number, not '1.5'",
        "REPLICAS | many | must be a whole number, not 'many'",
        "REPLICAS | ^^ | must be a whole number, not ''",
        "RATIO | 1,5 | must be a number, not '1,5'",
        "DRY | yes | must be true or false, not 'yes'",
        "TARGETS | {} | must be a JSON list, not '{}'",
        "TARGETS | [ | must be a JSON list, not '['",
        "LABELS | [] | must be a JSON object, not '[]'"
      })
  void types_are_checked(String name, String value, String message) {
    assertThat(faults(Map.of("VERSION", "1", name, value)))
        .containsExactly("variables." + name + ": " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "REPLICAS | -7",
        "RATIO | 1e3",
        "RATIO | .5",
        "DRY | TRUE",
        "TARGETS | [1]",
        "LABELS | {\"a\": 1}",
        "VERSION | ${OTHER}"
      })
  void values_of_their_type_are_taken(String name, String value) {
    Map<String, String> given = new HashMap<>(Map.of("VERSION", "1"));
    given.put(name, value);
    assertThat(Parameters.resolve(WORKFLOW, given)).containsEntry(name, value);
  }

  @Test
  void all_faults_are_told_at_once() {
    assertThat(faults(Map.of("REPLICAS", "x", "bad name", "1", "NUL", "\0")))
        .containsExactlyInAnyOrder(
            "variables.VERSION: is missing: the workflow requires it",
            "variables.REPLICAS: must be a whole number, not 'x'",
            "variables.bad name: not a variable's name: 'bad name', take letters, digits, '_', '-'"
                + " and '.', a letter or '_' first",
            "variables.NUL: holds a NUL character");
  }

  private static List<String> faults(Map<String, String> variables) {
    InvalidDefinitionException invalid =
        catchThrowableOfType(
            InvalidDefinitionException.class, () -> Parameters.resolve(WORKFLOW, variables));
    return invalid.faults().stream().map(fault -> fault.place() + ": " + fault.message()).toList();
  }
}
