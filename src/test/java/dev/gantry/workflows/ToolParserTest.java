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

  @Test
  void reads_what_a_tool_wants_in_and_beside_its_container() throws Exception {
    ToolDefinition tool =
        parse(
            """
            {"name": "a", "description": "b", "content": "c",
             "with_files": [{"destination": "~/.npmrc", "content": "x=${TOKEN}"},
                            {"destination": "/etc/app.conf", "content": ""}],
             "withVolumes": [{"name": "cache", "path": "/cache"}],
             "with_services": [{"name": "db", "image": "postgres:18", "env": ["A=1"],
                                "exposedPorts": [5432, 5433]},
                               {"name": "mail", "image": "mail", "entrypoint": "mail", "exposed_ports": 25}],
             "with_git_repo": {"url": "https://example.com/a/b.git", "branch": "main", "dir": "."}}
            """);
    assertThat(tool.container())
        .isEqualTo(
            new ToolContainer(
                List.of(
                    new ToolContainer.File("~/.npmrc", "x=${TOKEN}"),
                    new ToolContainer.File("/etc/app.conf", "")),
                List.of(new ToolContainer.Volume("cache", "/cache")),
                List.of(
                    new ToolContainer.Service(
                        "db", "postgres:18", Map.of("A", "1"), List.of(), List.of(5432, 5433)),
                    new ToolContainer.Service(
                        "mail", "mail", Map.of(), List.of("mail"), List.of(25))),
                new ToolContainer.Repository("https://example.com/a/b.git", "main", ".")));
  }

  @Test
  void wants_nothing_unless_it_says_so() throws Exception {
    assertThat(parse("{\"name\": \"a\", \"description\": \"b\", \"content\": \"c\"}").container())
        .isNull();
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
        "{\"with_files\": [{}]} | with_files[0].destination: is missing",
        "{\"with_files\": [{\"destination\": \"a\"}]} | with_files[0].content: is missing",
        "{\"with_files\": [{\"source\": \"a\"}]} | with_files[0].source: the key 'source' is not supported by this version yet",
        "{\"with_files\": {}} | with_files: must be a list, not a map",
        "{\"with_files\": [{\"destination\": \"a/../../b\"}]} | with_files[0].destination: leads out of its directory: 'a/../../b'",
        "{\"with_files\": [{\"destination\": \"~/../b\"}]} | with_files[0].destination: leads out of its directory: '../b'",
        "{\"with_files\": [{\"destination\": \"C:\\\\x\"}]} | with_files[0].destination: must be a path without a colon, not 'C:\\x'",
        "{\"with_files\": [{\"destination\": \"/a\"}], \"with_volumes\": [{\"path\": \"/a\"}]} | with_volumes[0].path: two things are to be at '/a'",
        "{\"with_volumes\": [{\"path\": \"/a\"}]} | with_volumes[0].name: is missing",
        "{\"with_volumes\": [{\"name\": \"A\"}]} | with_volumes[0].name: must be up to 55 lower-case letters, digits and '-', not 'A'",
        "{\"with_volumes\": [{\"name\": \"a\"}, {\"name\": \"a\"}]} | with_volumes[1].name: 'a' stands here twice",
        "{\"with_volumes\": [{\"hostPath\": \"/\"}]} | with_volumes[0].hostPath: unknown key 'hostPath'",
        "{\"with_services\": [{\"name\": \"db\"}]} | with_services[0].image: is missing",
        "{\"with_services\": [{\"exposed_ports\": [0]}]} | with_services[0].exposed_ports[0]: must be a whole number from 1 to 65535, not '0'",
        "{\"with_services\": [{\"exposed_ports\": [1, 1]}]} | with_services[0].exposed_ports[1]: two services cannot have the port 1: they share an address",
        "{\"with_services\": [{\"privileged\": true}]} | with_services[0].privileged: unknown key 'privileged'",
        "{\"with_git_repo\": {}} | with_git_repo.url: is missing",
        "{\"with_git_repo\": {\"url\": \"file:///a\"}} | with_git_repo.url: must be the URL of a repository, as https://example.com/owner/repo.git, without credentials: a tool takes these from its secret GIT_TOKEN",
        "{\"with_git_repo\": {\"dir\": \"../x\"}} | with_git_repo.dir: leads out of its directory: '../x'",
        "{\"with_git_repo\": {\"dir\": \"/x\"}} | with_git_repo.dir: must be a path in the work directory, not '/x'",
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
