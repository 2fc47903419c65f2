package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToolParserTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void reads_a_tool() throws Exception {
    ToolDefinition tool =
        parse(
            """
            {"name": "kubectl", "description": "Runs kubectl", "type": "docker",
             "image": "kubectl:1", "content": "kubectl {{ .command }}",
             "args": [{"name": "command", "type": "str", "required": true, "description": "What"},
                      {"name": "retries", "type": "integer", "default": 3, "options": [1, 3]}],
             "env": ["KUBECONFIG", "A=1", {"B": 2}], "entrypoint": ["sh", "-c"],
             "long_running": false, "alias": "k", "icon_url": "https://example.com/k.png", "mermaid": "graph TD",
             "metadata": {"team": "x"}, "with_services": null}
            """);
    assertThat(tool)
        .isEqualTo(
            new ToolDefinition(
                "kubectl",
                "Runs kubectl",
                "docker",
                "kubectl:1",
                "kubectl {{ .command }}",
                null,
                List.of(
                    new ToolDefinition.Arg("command", "string", "What", true, null, List.of()),
                    new ToolDefinition.Arg(
                        "retries", "integer", null, false, "3", List.of("1", "3"))),
                List.of("sh", "-c"),
                Map.of("A", "1", "B", "2"),
                Grants.NONE,
                Duration.ofMinutes(5)));
  }

  @Test
  void gives_defaults_to_what_is_not_said() throws Exception {
    ToolDefinition tool =
        parse("{\"name\": \"a\", \"description\": \"b\", \"entrypoint\": [\"date\"]}");
    assertThat(tool)
        .isEqualTo(
            new ToolDefinition(
                "a",
                "b",
                "docker",
                "alpine",
                null,
                List.of(),
                List.of("date"),
                Map.of(),
                Grants.NONE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"with_files", "with_volumes", "with_services", "with_git_repo", "withServices"})
  void refuses_what_comes_later(String key) {
    assertThat(
            faults(
                "{\"name\": \"a\", \"description\": \"b\", \"content\": \"c\", \""
                    + key
                    + "\": 1}"))
        .containsExactly(key + ": the key '" + key + "' is not supported by this version yet");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | name: is missing",
        "{} | description: is missing",
        "{} | $: runs nothing: give content, content_url or entrypoint",
        "[] | $: must be a map, not a list",
        "{\"with_servces\": 1} | with_servces: unknown key 'with_servces': did you mean 'with_services'?",
        "{\"args\": [{}]} | args[0].name: is missing",
        "{\"args\": {\"a\": 1}} | args: must be a list, not a map",
        "{\"args\": [{\"name\": \"a\"}, {\"name\": \"a\"}]} | args[1].name: 'a' stands here twice",
        "{\"args\": [{\"name\": \"a\", \"defualt\": 1}]} | args[0].defualt: unknown key 'defualt': did you mean 'default'?",
        "{\"args\": [{\"name\": \"a\", \"default\": 1, \"options\": [2, 3]}]} | args[0].default: must be one of 2, 3, not '1'",
        "{\"env\": [\"1X\"]} | env[0]: not a variable's name: '1X', take letters, digits, '_', '-' and '.', a letter or '_' first"
      })
  void tells_faults_with_their_places(String json, String fault) {
    assertThat(faults(json)).contains(fault);
  }

  private static ToolDefinition parse(String json) throws JsonProcessingException {
    return ToolParser.parse(JSON.readTree(json));
  }

  private static List<String> faults(String json) {
    return catchThrowableOfType(InvalidDefinitionException.class, () -> parse(json))
        .faults()
        .stream()
        .map(fault -> fault.place() + ": " + fault.message())
        .toList();
  }
}
