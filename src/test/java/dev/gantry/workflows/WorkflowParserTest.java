package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.workflows.WorkflowDefinition.Action;
import dev.gantry.workflows.WorkflowDefinition.ContinueOn;
import dev.gantry.workflows.WorkflowDefinition.Parameter;
import dev.gantry.workflows.WorkflowDefinition.RetryPolicy;
import dev.gantry.workflows.WorkflowDefinition.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkflowParserTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String FULL =
      """
      name: full
      description: Everything
      tags: [a, b]
      group: examples
      type: graph
      runner: k8s
      params:
        - {name: VERSION, type: str, description: What to build, required: true}
        - {name: REPLICAS, type: int, default: 3}
      env:
        - A=1=2
        - B: two
        - {C: }
      timeout: 1h30m
      steps:
        - name: build
          id: b
          description: Builds
          command: make all
          shell: bash -eu
          dir: /src
          env: {PORT: 8080, DEBUG: true}
          output: $IMAGE
          timeout_sec: 90
          retry_policy:
            limit: 3
            interval_sec: 5
            exponential_base: 1.5
            max_interval_sec: 1m
            exit_codes: [1, 75]
          continue_on:
            failure: true
            skipped: yes
            exit_code: 2
            output: [ignore me, "re:^warn"]
            mark_success: true
        - name: test
          depends: [b]
          command: [go, test, ./...]
        - name: deploy
          depends: [test, build, test]
          script: |
            echo deploy
          shell: [python3, -u]
      """;

  @Test
  void reads_everything_of_the_top_level() {
    WorkflowDefinition workflow = WorkflowParser.parse(FULL);
    assertThat(workflow.name()).isEqualTo("full");
    assertThat(workflow.description()).isEqualTo("Everything");
    assertThat(workflow.runner()).isEqualTo("k8s");
    assertThat(workflow.timeout()).isEqualTo(Duration.ofMinutes(90));
    assertThat(workflow.env())
        .containsExactly(Map.entry("A", "1=2"), Map.entry("B", "two"), Map.entry("C", ""));
    assertThat(workflow.params())
        .containsExactly(
            new Parameter("VERSION", "string", "What to build", true, null),
            new Parameter("REPLICAS", "integer", null, false, "3"));
  }

  @Test
  void reads_everything_of_a_step() {
    Step step = WorkflowParser.parse(FULL).steps().get(0);
    assertThat(step)
        .isEqualTo(
            new Step(
                "build",
                "Builds",
                List.of(),
                new Action.Command("make all", List.of("bash", "-eu")),
                Map.of("PORT", "8080", "DEBUG", "true"),
                "IMAGE",
                Duration.ofSeconds(90),
                new WorkflowDefinition.Program("/src", null, null, null, List.of()),
                new RetryPolicy(
                    3,
                    Duration.ofSeconds(5),
                    1.5,
                    Duration.ofMinutes(1),
                    List.of(1, 75),
                    List.of()),
                new ContinueOn(true, true, List.of(2), List.of("ignore me", "re:^warn"), true),
                null,
                List.of(),
                null,
                null));
  }

  @Test
  void resolves_dependencies_by_name_and_by_id() {
    List<Step> steps = WorkflowParser.parse(FULL).steps();
    assertThat(steps.get(1).depends()).containsExactly(0);
    assertThat(steps.get(1).action())
        .isEqualTo(new Action.Arguments(List.of("go", "test", "./...")));
    assertThat(steps.get(2).depends()).containsExactly(1, 0);
    assertThat(steps.get(2).action())
        .isEqualTo(new Action.Script("echo deploy\n", List.of("python3", "-u")));
  }

  @Test
  void reads_programs_in_containers() {
    List<Step> steps =
        WorkflowParser.parse(
                """
                name: w
                steps:
                  - {name: a, command: make, executor: {type: docker, config: {image: "gcc:${V}"}}}
                  - {name: b, executor: {type: docker, config: {image: alpine, command: [echo, x]}}}
                  - {name: c, shell: bash, executor: {type: docker, config: {image: i, content: ls}}}
                  - {name: d, executor: {type: jq, config: {query: .a, input: "${A}", raw: false}}}
                """)
            .steps();
    assertThat(steps)
        .extracting(Step::action)
        .containsExactly(
            new Action.Container("gcc:${V}", new Action.Command("make", List.of())),
            new Action.Container("alpine", new Action.Arguments(List.of("echo", "x"))),
            new Action.Container("i", new Action.Script("ls", List.of("bash"))),
            new Action.Container(
                "ghcr.io/jqlang/jq:1.7.1", new Action.Script("${A}", List.of("jq", "-M", " .a"))));
  }

  @Test
  void gives_defaults_to_what_is_not_said() {
    WorkflowDefinition workflow =
        WorkflowParser.parse("name: small\nsteps:\n  - name: a\n    command: echo\n");
    assertThat(workflow)
        .isEqualTo(
            new WorkflowDefinition(
                "small",
                null,
                null,
                List.of(),
                Map.of(),
                Grants.NONE,
                Duration.ZERO,
                Duration.ZERO,
                0,
                null,
                WorkflowDefinition.Concurrency.UNLIMITED,
                null,
                List.of(),
                List.of(
                    new Step(
                        "a",
                        null,
                        List.of(),
                        new Action.Command("echo", List.of()),
                        Map.of(),
                        null,
                        Duration.ZERO,
                        null,
                        RetryPolicy.NONE,
                        ContinueOn.NEVER,
                        null,
                        List.of(),
                        null,
                        null)),
                null,
                null));
  }

  @Test
  void a_chain_follows_the_list_unless_a_step_says_otherwise() {
    WorkflowDefinition workflow =
        WorkflowParser.parse(
            """
            name: chain
            steps:
              - {name: a, command: echo}
              - {name: b, command: echo}
              - {name: c, command: echo, depends: a}
              - {name: d, command: echo, depends: []}
              - {name: e, command: echo, depends: }
            """);
    assertThat(workflow.steps())
        .extracting(Step::depends)
        .containsExactly(List.of(), List.of(0), List.of(0), List.of(), List.of(3));
  }

  @Test
  void a_graph_has_explicit_dependencies_only() {
    WorkflowDefinition workflow =
        WorkflowParser.parse(
            """
            name: graph
            type: graph
            steps:
              - {name: late, command: echo, depends: early}
              - {name: early, command: echo}
              - {name: alone, command: echo}
            """);
    assertThat(workflow.steps())
        .extracting(Step::depends)
        .containsExactly(List.of(1), List.of(), List.of());
  }

  @Test
  void a_json_tree_a_json_text_and_yaml_give_the_same() throws Exception {
    String json =
        """
        {
        \t"name": "json", "params": {"N": 1.10, "ON": true, "NONE": null},
        \t"steps": [{"name": "a", "command": "echo \\/ \\ud83d\\ude00", "description": null}]
        }
        """;
    WorkflowDefinition fromText = WorkflowParser.parse(json);
    assertThat(WorkflowParser.parse(JSON.readTree(json.replace("1.10", "\"1.10\""))))
        .isEqualTo(fromText);
    assertThat(WorkflowParser.parse(JSON.getNodeFactory().textNode(json))).isEqualTo(fromText);
    assertThat(
            WorkflowParser.parse(
                """
                name: json
                params: {N: 1.10, ON: true, NONE: ~}
                steps: [{name: a, command: "echo / \\U0001F600"}]
                """))
        .isEqualTo(fromText);
  }

  @Test
  void flow_style_yaml_that_begins_like_json_is_read() {
    assertThat(WorkflowParser.parse("{name: flow, steps: [{name: a, command: echo}]}").name())
        .isEqualTo("flow");
  }

  @Test
  void scalars_keep_the_text_they_are_written_with() {
    WorkflowDefinition workflow =
        WorkflowParser.parse(
            """
            name: 2024-01-01
            description: 0x1F
            env: {A: 1.10, B: no, C: 010, D: 1_000, E: "null", F: null, G: 12:30:45, H: .inf}
            steps: [{name: 1, command: true}, {name: 2, command: [sleep, 1], depends: 1}]
            """);
    assertThat(workflow.name()).isEqualTo("2024-01-01");
    assertThat(workflow.description()).isEqualTo("0x1F");
    assertThat(workflow.env().values())
        .containsExactly("1.10", "no", "010", "1_000", "null", "", "12:30:45", ".inf");
    assertThat(workflow.steps().get(1).action())
        .isEqualTo(new Action.Arguments(List.of("sleep", "1")));
  }

  @Test
  void anchors_aliases_and_merges_are_written_out() {
    WorkflowDefinition workflow =
        WorkflowParser.parse(
            """
            name: anchors
            env: &env {A: 1, B: 2}
            steps:
              - &first
                name: a
                command: echo
                env: {<<: *env, B: 3}
              - <<: [*first, {dir: /tmp}]
                name: b
            """);
    Step second = workflow.steps().get(1);
    assertThat(second.env()).isEqualTo(Map.of("A", "1", "B", "3"));
    assertThat(second.program().dir()).isEqualTo("/tmp");
    assertThat(second.action()).isEqualTo(new Action.Command("echo", List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "failed, true, false",
    "failure, true, false",
    "skipped, false, true",
    "'[failed, skipped]', true, true",
    "'{failed: true}', true, false",
    "'{skipped: \"on\"}', false, true",
    "'{failure: false}', false, false"
  })
  void reads_continueOn_in_every_form(String form, boolean failure, boolean skipped) {
    ContinueOn continueOn = step("continueOn: " + form).continueOn();
    assertThat(continueOn.failure()).isEqualTo(failure);
    assertThat(continueOn.skipped()).isEqualTo(skipped);
  }

  @ParameterizedTest
  @CsvSource({
    "'{limit: 2}', 1000, 1",
    "'{limit: 2, intervalSec: 0}', 0, 1",
    "'{limit: 2, intervalSec: 500ms, backoff: true}', 500, 2",
    "'{limit: 2, intervalSec: 3, backoff: false}', 3000, 1",
    "'{limit: \"2\", intervalSec: 3, backoff: 2.5}', 3000, 2.5",
    "'{limit: 2, exponentialBase: 3}', 1000, 3"
  })
  void reads_retryPolicy_in_every_form(String form, long millis, double base) {
    RetryPolicy policy = step("retryPolicy: " + form).retryPolicy();
    assertThat(policy.limit()).isEqualTo(2);
    assertThat(policy.interval()).isEqualTo(Duration.ofMillis(millis));
    assertThat(policy.exponentialBase()).isEqualTo(base);
    assertThat(policy.exitCodes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"executor: command", "executor: {type: command}", "executor: "})
  void a_command_may_name_its_executor(String executor) {
    assertThat(step(executor).action()).isEqualTo(new Action.Command("echo", List.of()));
  }

  @Test
  void reads_a_tool_step() {
    WorkflowDefinition workflow =
        WorkflowParser.parse(
            """
            name: tool
            steps:
              - name: deploy
                timeout: 10m
                executor:
                  type: tool
                  config:
                    timeout: 60
                    tool_def:
                      name: deployer
                      description: Deploys
                      image: kubectl:1
                      content: kubectl apply -f {{ .file }}
                      env: [KUBECONFIG, MODE=fast]
                      args:
                        - {name: file, required: true, description: What}
                        - {name: mode, type: string, default: fast, options: [fast, safe]}
                        - {name: note}
                    args: {file: "${FILE}"}
            """);
    Step step = workflow.steps().get(0);
    assertThat(step.timeout()).isEqualTo(Duration.ofMinutes(1));
    Action.Tool action = (Action.Tool) step.action();
    assertThat(action.args()).isEqualTo(Map.of("file", "${FILE}", "mode", "fast"));
    assertThat(action.tool())
        .isEqualTo(
            new ToolDefinition(
                "deployer",
                "Deploys",
                "docker",
                "kubectl:1",
                "kubectl apply -f {{ .file }}",
                List.of(
                    new ToolDefinition.Arg("file", "string", "What", true, null, List.of()),
                    new ToolDefinition.Arg(
                        "mode", "string", null, false, "fast", List.of("fast", "safe")),
                    new ToolDefinition.Arg("note", "string", null, false, null, List.of())),
                List.of(),
                Map.of("MODE", "fast"),
                Grants.NONE));
  }

  private static Step step(String line) {
    return WorkflowParser.parse(
            "name: w\nsteps:\n  - name: a\n    command: echo\n    " + line + "\n")
        .steps()
        .get(0);
  }

  @Test
  void a_tool_runs_no_longer_than_it_says_itself() throws Exception {
    String step =
        "{name: w, steps: [{name: a, timeout: 10m, executor: {type: tool, config: {tool_def:"
            + " {name: t, description: d, content: x, long_running: %s}}}}]}";
    assertThat(WorkflowParser.parse(step.formatted("false")).steps().get(0).timeout())
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(WorkflowParser.parse(step.formatted("true")).steps().get(0).timeout())
        .isEqualTo(Duration.ofMinutes(10));
  }
}
