package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The published schema and the parser agree. */
class WorkflowSchemaTest {
  private static final Path SCHEMA = Path.of("src/main/resources/schemas/workflow.json");
  private static final Path PUBLISHED = Path.of("docs/workflow.schema.json");
  private static final Path DOCUMENT = Path.of("docs/workflow-format.md");
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, Keys> KEYS =
      Map.ofEntries(
          Map.entry("workflow", WorkflowReader.KEYS),
          Map.entry("handlerOn", WorkflowReader.HANDLER_ON),
          Map.entry("step", StepReader.KEYS),
          Map.entry("handler", StepReader.HANDLER),
          Map.entry("retryPolicy", RetryPolicyReader.KEYS),
          Map.entry("repeatPolicy", RepeatPolicyReader.KEYS),
          Map.entry("continueOn", ContinueOnReader.KEYS),
          Map.entry("condition", PreconditionReader.KEYS),
          Map.entry("param", ParamsReader.KEYS),
          Map.entry("approval", ApprovalReader.KEYS),
          Map.entry("schedule", ScheduleReader.KEYS),
          Map.entry("parallel", ParallelReader.KEYS),
          Map.entry("dockerConfig", ContainerReader.DOCKER),
          Map.entry("jqConfig", ContainerReader.JQ),
          Map.entry("mailOn", MailReader.ON),
          Map.entry("letter", MailReader.LETTER),
          Map.entry("smtp", MailReader.SERVER),
          Map.entry("httpConfig", HttpReader.KEYS),
          Map.entry("sshConfig", SshReader.KEYS),
          Map.entry("agentConfig", AgentReader.AGENT),
          Map.entry("inlineAgentConfig", AgentReader.INLINE),
          Map.entry("completionConfig", AgentReader.COMPLETION),
          Map.entry("toolConfig", ToolStepReader.KEYS),
          Map.entry("tool", ToolReader.KEYS),
          Map.entry("toolArg", ToolReader.ARG),
          Map.entry("toolFile", ToolContainerReader.FILE),
          Map.entry("toolVolume", ToolContainerReader.VOLUME),
          Map.entry("toolService", ToolContainerReader.SERVICE),
          Map.entry("toolRepository", ToolContainerReader.REPOSITORY));

  private final JsonNode document;
  private final JsonSchema schema;

  WorkflowSchemaTest() throws IOException {
    document = JSON.readTree(Files.readString(SCHEMA));
    schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(document);
  }

  private Set<ValidationMessage> faults(String yaml) {
    return schema.validate(JSON.valueToTree(new Yaml().load(yaml)));
  }

  @Test
  void is_published_in_the_documentation() throws IOException {
    assertThat(PUBLISHED).hasSameTextualContentAs(SCHEMA);
  }

  static Stream<String> maps() {
    return KEYS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("maps")
  void knows_the_keys_that_the_parser_reads(String map) {
    Set<String> keys = new TreeSet<>();
    for (String key : KEYS.get(map).known()) {
      keys.add(key);
      keys.add(Keys.snake(key));
    }
    JsonNode definition = document.at("/definitions/" + map);
    Set<String> properties = new TreeSet<>();
    definition.path("properties").fieldNames().forEachRemaining(properties::add);
    assertThat(properties).isEqualTo(keys);
    assertThat(definition.path("additionalProperties").isBoolean()).isTrue();
    assertThat(definition.path("additionalProperties").booleanValue()).isFalse();
  }

  static Stream<String> examples() throws IOException {
    return Pattern.compile("(?s)```yaml\n(.*?)```")
        .matcher(Files.readString(DOCUMENT))
        .results()
        .map(example -> example.group(1))
        .map(yaml -> yaml.startsWith("name:") ? yaml : "name: example\nsteps:\n" + yaml);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void takes_every_example_of_the_document(String yaml) {
    assertThat(faults(yaml)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name: x",
        "name: x\nsteps: []",
        "steps: [{name: a, command: x}]",
        "name: x\nsteps: [{command: x}]",
        "name: x\nsteps: [{name: a, comand: x}]",
        "name: x\ntype: tree\nsteps: [{name: a, command: x}]",
        "name: x\nsteps: [{name: a, command: {b: c}}]",
        "name: x\nsteps: [{name: a, command: x, retryPolicy: {intervalSec: 1}}]",
        "name: x\nsteps: [{name: a, command: x, timeout: soon}]",
        "name: x\nschedule: {timezone: UTC}\nsteps: [{name: a, command: x}]",
        "name: x\nsteps: [{name: a, parallel: {maxConcurrent: 1}, command: x}]",
        "name: x\nsteps: [{name: a, executor: {type: dokcer, config: {image: x}}}]",
        "name: x\nsteps: [{name: a, executor: {type: docker, config: {}}}]"
      })
  void refuses_what_the_parser_refuses(String yaml) {
    assertThat(faults(yaml)).isNotEmpty();
    assertThat(faultsOfParser(yaml)).isTrue();
  }

  private static boolean faultsOfParser(String yaml) {
    try {
      WorkflowParser.parse(yaml);
      return false;
    } catch (InvalidDefinitionException e) {
      return true;
    }
  }

  @Test
  void takes_both_spellings() {
    String yaml =
        "name: x\nmax_active_steps: 2\nsteps: [{name: a, command: x, retry_policy: {limit: 1,"
            + " interval_sec: 2}}]";
    assertThat(faults(yaml)).isEmpty();
    assertThat(faultsOfParser(yaml)).isFalse();
  }

  @Test
  void points_at_nothing_that_is_not_there() {
    Set<String> targets = new TreeSet<>();
    document.findValuesAsText("$ref").forEach(targets::add);
    assertThat(targets)
        .allSatisfy(
            target -> assertThat(document.at(target.substring(1))).isInstanceOf(ObjectNode.class));
  }
}
