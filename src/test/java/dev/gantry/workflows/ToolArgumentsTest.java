package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ToolArgumentsTest {
  private static final ToolDefinition TOOL =
      new ToolDefinition(
          "deploy",
          "Deploys",
          "docker",
          "alpine",
          "echo",
          List.of(
              arg("environment", "string", true, null, "staging", "production"),
              arg("region", null, true, "eu"),
              arg("replicas", "int", false, "2"),
              arg("note", "string", false, null)),
          List.of(),
          Map.of(),
          Grants.NONE);

  @Test
  void defaults_are_filled_in_declared_order() {
    assertThat(ToolArguments.check(TOOL, Map.of("environment", "staging")))
        .containsExactly(
            Map.entry("environment", "staging"),
            Map.entry("region", "eu"),
            Map.entry("replicas", "2"));
  }

  @Test
  void what_is_given_wins() {
    assertThat(
            ToolArguments.check(
                TOOL,
                Map.of("environment", "production", "replicas", "7", "region", "", "note", "n")))
        .isEqualTo(Map.of("environment", "production", "replicas", "7", "region", "", "note", "n"));
  }

  @Test
  void all_faults_are_told_at_once() {
    Map<String, String> args = new HashMap<>();
    args.put("environment", null);
    args.put("replicas", "many");
    args.put("nots", "x");
    assertThat(faults(args))
        .containsExactly(
            "args.environment: is missing: the tool 'deploy' requires it",
            "args.replicas: must be a whole number, not 'many'",
            "args.nots: the tool 'deploy' has no argument 'nots': did you mean 'note'?");
  }

  @Test
  void a_call_is_checked_as_it_is() {
    assertThat(faults(Map.of("environment", "${TARGET}")))
        .containsExactly("args.environment: must be one of staging, production, not '${TARGET}'");
  }

  private static List<String> faults(Map<String, String> args) {
    return catchThrowableOfType(
            InvalidDefinitionException.class, () -> ToolArguments.check(TOOL, args))
        .faults()
        .stream()
        .map(fault -> fault.place() + ": " + fault.message())
        .toList();
  }

  private static ToolDefinition.Arg arg(
      String name, String type, boolean required, String value, String... options) {
    return new ToolDefinition.Arg(name, type, null, required, value, List.of(options));
  }
}
