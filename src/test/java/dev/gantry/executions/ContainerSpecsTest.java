package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.ContainerSpec;
import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.workflows.ToolContainer;
import dev.gantry.workflows.WorkflowDefinition;
import dev.gantry.workflows.WorkflowDefinition.Action;
import dev.gantry.workflows.WorkflowParser;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContainerSpecsTest {
  private static final WorkflowDefinition WORKFLOW =
      WorkflowParser.parse(
          """
          name: w
          steps:
            - name: a
              executor:
                type: tool
                config:
                  args: {service: cart, level: 3}
                  tool_def:
                    name: t
                    description: d
                    content: x
                    args: [{name: service}, {name: level}]
                    with_files:
                      - {destination: "conf/{{ .service }}.txt", content: "level {{.level}} ${TOKEN}"}
                    with_volumes: [{name: data, path: "/data/{{.service}}"}]
                    with_services:
                      - name: db
                        image: db:{{.level}}
                        env: {LEVEL: "{{.level}}"}
                        entrypoint: [db, "{{.service}}"]
                        exposed_ports: 80
                    with_git_repo: {url: "https://example.com/{{.service}}", branch: "v{{.level}}"}
          """);

  private static Action.Tool tool(WorkflowDefinition workflow) {
    return (Action.Tool) workflow.steps().get(0).action();
  }

  @Test
  void argumentsArePutIn() {
    Action.Tool tool = tool(WORKFLOW);
    assertThat(ContainerSpecs.of(tool.tool().container(), tool.args()))
        .isEqualTo(
            new ContainerSpec(
                List.of(new ContainerSpec.File("conf/cart.txt", "level 3 ${TOKEN}")),
                List.of(new ContainerSpec.Volume("data", "/data/cart")),
                List.of(
                    new ContainerSpec.Service(
                        "db", "db:3", Map.of("LEVEL", "3"), List.of("db", "cart"), List.of(80))),
                new ContainerSpec.Repository("https://example.com/cart", "v3", null)));
  }

  @Test
  void aToolThatWantsNothingHasNone() {
    assertThat(ContainerSpecs.of(null, Map.of())).isNull();
  }

  @Test
  void itIsStoredWithItsWorkflow() {
    ToolContainer stored =
        tool(DefinitionJson.read(DefinitionJson.write(WORKFLOW))).tool().container();
    assertThat(stored).isEqualTo(tool(WORKFLOW).tool().container());
  }

  @Test
  void itTravelsWithItsStep() throws Exception {
    Action.Tool tool = tool(WORKFLOW);
    ContainerSpec spec = ContainerSpecs.of(tool.tool().container(), tool.args());
    assertThat(ProtocolJson.read(ProtocolJson.write(spec), ContainerSpec.class)).isEqualTo(spec);
    ContainerSpec empty = new ContainerSpec(null, null, null, null);
    assertThat(ProtocolJson.read(ProtocolJson.write(empty), ContainerSpec.class)).isEqualTo(empty);
  }
}
