package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hostile or a very large definition may cost: never a crash, never long. */
@Timeout(30)
class DocumentLimitsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STEPS = "steps: [{name: a, command: echo}]\n";

  @Test
  void ten_thousand_steps_in_a_chain_are_read() {
    StringBuilder text = new StringBuilder("name: long\nsteps:\n");
    for (int i = 0; i < 10_000; i++) {
      text.append("  - name: step-")
          .append(i)
          .append("\n    command: echo ")
          .append(i)
          .append('\n');
      text.append("    output: OUT_").append(i).append('\n');
    }
    WorkflowDefinition workflow = WorkflowParser.parse(text.toString());
    assertThat(workflow.steps()).hasSize(10_000);
    assertThat(workflow.steps().get(9_999).depends()).containsExactly(9_998);
  }

  @Test
  void one_step_more_is_refused() {
    String text = "name: long\nsteps:\n" + "- {name: a, command: b}\n".repeat(10_001);
    assertThat(messages(text)).containsExactly("steps: more than 10000 steps: 10001");
  }

  @Test
  void a_circle_of_ten_thousand_steps_is_named_in_short() {
    StringBuilder text =
        new StringBuilder("name: circle\nsteps:\n- {name: s0, command: x, depends: s9999}\n");
    for (int i = 1; i < 10_000; i++) {
      text.append("- {name: s").append(i).append(", command: x}\n");
    }
    assertThat(messages(text.toString()))
        .containsExactly(
            "steps[0].depends: steps wait for each other: s0 → s9999 → s9998 → s9997 → s9996 → s9995"
                + " → s9994 → s9993 → s9992 → s9991 → s9990 → s9989 → … (10000 steps) → s0");
  }

  @Test
  void wrong_names_by_the_thousand_stay_cheap_and_bounded() {
    StringBuilder text = new StringBuilder("name: wrong\ntype: graph\nsteps:\n");
    for (int i = 0; i < 10_000; i++) {
      text.append("- {name: step-of-the-workflow-")
          .append(i)
          .append(", command: x, depends: stop-")
          .append(i)
          .append("}\n");
    }
    List<String> messages = messages(text.toString());
    assertThat(messages).hasSize(1_001);
    assertThat(messages.get(1_000)).isEqualTo("$: and 9000 more faults");
  }

  @Test
  void unknown_keys_by_the_thousand_stay_cheap_and_bounded() {
    StringBuilder text = new StringBuilder("name: keys\n" + STEPS);
    for (int i = 0; i < 40_000; i++) {
      text.append("descriptiom").append(i).append(": x\n");
    }
    assertThat(messages(text.toString())).hasSize(1_001);
  }

  @Test
  void a_text_over_one_mebibyte_is_refused_and_one_below_is_not() {
    String head = "name: large\n" + STEPS + "description: |\n";
    String fits = head + " some words of text\n".repeat((1024 * 1024 - head.length()) / 20);
    assertThat(messages(fits)).isEmpty();
    assertThat(messages(fits + " ".repeat(20))).containsExactly("$: larger than 1 MiB");
    assertThat(messages(head + " ü\n".repeat(270_000))).containsExactly("$: larger than 1 MiB");
  }

  @Test
  void a_very_long_line_is_refused_in_yaml_and_read_in_json() {
    String head = "name: wide\n" + STEPS + "description: ";
    assertThat(messages(head + "x".repeat(250_000))).isEmpty();
    assertThat(messages(head + "x".repeat(300_000)))
        .containsExactly(
            "$: a line is longer than 262144 characters, write it as a block or as JSON");
    assertThat(
            messages(
                "{\"name\": \"wide\", \"steps\": [{\"name\": \"a\", \"command\": \""
                    + "x".repeat(1_000_000)
                    + "\"}]}"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n", "#\n", "# comment \n", "- \n", "- - a\n", "? a\n", ": \n", "a: b\n", "- &a b\n",
            "'' ",
        "\"\\n\" ", "a ", "a\n", "[a,\n", "{a: b},\n", "- |\n a\n", "- \"\n", "- 'a'\n", "a: &a\n",
            " \n",
        "---\n", "...\n", "%A\n", "- !!str a\n", "- !a b\n", "\t\n", "\r", "<<: {}\n", "\u2028"
      })
  void whatever_is_repeated_stays_cheap(String piece) {
    String text = "name: many\nsteps:\n" + piece.repeat(1_000_000 / piece.length());
    assertThat(messages(text)).isNotEmpty();
  }

  @Test
  void nesting_is_bounded_in_yaml_and_json() {
    for (int depth : new int[] {65, 1_000, 200_000}) {
      assertThat(messages("name: deep\nsteps: " + "[".repeat(depth)))
          .last()
          .asString()
          .endsWith("nested deeper than 64");
      assertThat(messages("{\"steps\": " + "[".repeat(depth)))
          .last()
          .asString()
          .endsWith("nested deeper than 64");
    }
    assertThat(messages("{\"a\":".repeat(200_000))).last().asString().endsWith("deeper than 64");
  }

  @Test
  void a_tree_that_nests_deeper_is_refused_too() {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode inner = root.putArray("steps");
    for (int i = 0; i < 100; i++) {
      inner = inner.addArray();
    }
    assertThat(messagesOf(root)).last().asString().endsWith("nested deeper than 64");
  }

  @Test
  void nesting_up_to_the_limit_is_read() {
    String text = "name: deep\nsteps: " + "[".repeat(63) + "]".repeat(63);
    assertThat(messages(text)).containsExactly("steps[0]: must be a map, not a list");
  }

  @Test
  void aliases_that_explode_are_refused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a").append(i).append(": &a").append(i).append(" [");
      bomb.append("*a%d,".formatted(i - 1).repeat(10)).append("]\n");
    }
    assertThat(messages(bomb.toString()))
        .last()
        .asString()
        .endsWith("more than 200000 values, aliases written out");
  }

  @Test
  void aliases_that_nest_are_refused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 []\n");
    for (int i = 1; i < 100; i++) {
      bomb.append("a%d: &a%d [*a%d]\n".formatted(i, i, i - 1));
    }
    assertThat(messages(bomb.toString()))
        .last()
        .asString()
        .endsWith("nested deeper than 64 through an alias");
  }

  @Test
  void merges_that_explode_are_refused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 {");
    for (int i = 0; i < 5_000; i++) {
      bomb.append("k").append(i).append(": v,");
    }
    bomb.append("}\nall: {<<: [").append("*a0,\n  ".repeat(100_000)).append("]}\n");
    assertThat(messages(bomb.toString()))
        .last()
        .asString()
        .endsWith("more than 200000 values, aliases written out");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader []]",
        "!!java.lang.Runtime {}",
        "!<tag:yaml.org,2002:java.util.Date> 2020-01-01",
        "!!binary aGVsbG8=",
        "!local x"
      })
  void tags_that_name_something_to_build_are_refused(String value) {
    assertThat(messages("name: tags\nrunner: " + value + "\n" + STEPS))
        .first()
        .asString()
        .startsWith("runner: the tag ")
        .endsWith(" is not allowed");
  }

  @Test
  void proto_is_a_key_like_any_other() throws Exception {
    String json =
        """
        {"name": "p", "__proto__": {"name": "q"}, "env": {"__proto__": "x"},
         "steps": [{"name": "a", "command": "echo"}]}
        """;
    assertThat(messages(json)).containsExactly("__proto__: unknown key '__proto__'");
    assertThat(messagesOf(JSON.readTree(json)))
        .containsExactly("__proto__: unknown key '__proto__'");
    WorkflowDefinition workflow = WorkflowParser.parse("name: p\nenv: {__proto__: x}\n" + STEPS);
    assertThat(workflow.env()).containsEntry("__proto__", "x");
  }

  @Test
  void whatever_becomes_of_a_text_only_faults_are_thrown() throws Exception {
    String good = java.nio.file.Files.readString(java.nio.file.Path.of("examples/retry.yaml"));
    String odd = "{}[]:,-&*!|>'\"%@`#?\t\n \\~<=\u0000\u0085\uFEFF\uD83D€1aU";
    Random random = new Random(20_240_101);
    for (int round = 0; round < 4_000; round++) {
      StringBuilder text = new StringBuilder(good);
      for (int i = 0; i <= round % 7; i++) {
        int at = random.nextInt(text.length());
        text.replace(at, at + random.nextInt(2), "" + odd.charAt(random.nextInt(odd.length())));
      }
      assertThat(messages(text.toString())).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%YAML 9999999999.1\n---\nname: a",
        "%YAML 1.99999999999999999999\n---\nname: a",
        "name: \"\\UFFFFFFFF\"",
        "name: \"\\xZZ\"",
        "name: \"%\\u00",
        "name: !<%ZZ> x",
        "name: !<!%FF%FF> x",
        "%TAG ! tag:x,2000:\n---\nname: !y x",
        "? \n? \n",
        "name: |9999999999\n x",
        "name: &\n",
        "- ? : -",
        "\uFEFF",
        "---\n---\n",
        "...\n...",
        "{",
        "{\"name\": 1e99999999999, \"steps\": [{\"name\": 1",
        "{\"name\": \"a\"} trailing",
        "{} {}",
        "\u0007"
      })
  void odd_texts_are_faults(String text) {
    assertThat(messages(text)).isNotEmpty();
  }

  @Test
  void json_that_is_no_object_is_a_fault() throws Exception {
    for (String json : List.of("[]", "1", "null", "true", "\"\"", "{}")) {
      assertThat(messagesOf(JSON.readTree(json))).isNotEmpty();
    }
    assertThat(messagesOf(JSON.missingNode())).isNotEmpty();
  }

  private static List<String> messages(String text) {
    return Assertions.catchThrowable(() -> WorkflowParser.parse(text))
            instanceof InvalidDefinitionException invalid
        ? shown(invalid)
        : parsed(text);
  }

  private static List<String> parsed(String text) {
    WorkflowParser.parse(text);
    return List.of();
  }

  private static List<String> messagesOf(JsonNode definition) {
    return shown(
        Assertions.catchThrowableOfType(
            InvalidDefinitionException.class, () -> WorkflowParser.parse(definition)));
  }

  private static List<String> shown(InvalidDefinitionException invalid) {
    return invalid.faults().stream().map(fault -> fault.place() + ": " + fault.message()).toList();
  }
}
