package dev.gantry.executions;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An execution's steps and what they wait for, for drawing. Pure code.
 *
 * @param nodes in the order of the definition
 */
@Schema(
    name = "ExecutionGraph",
    requiredProperties = {"nodes", "edges"})
record ExecutionGraph(List<Node> nodes, List<Edge> edges) {
  private static final List<String> COLOURS =
      List.of(
          "completed fill:#d3f2d9,stroke:#2b8a3e",
          "failed,timed_out fill:#ffe0e0,stroke:#c92a2a",
          "running,queued fill:#d8ebff,stroke:#1864ab",
          "retrying,repeating,delayed,awaiting_approval fill:#fff3d0,stroke:#e67700",
          "pending,skipped,cancelled fill:#eeeeee,stroke:#888888");

  /**
   * @param handles the end that it is run at, for a handler
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(
      name = "GraphNode",
      requiredProperties = {"name", "status"})
  record Node(String name, @Schema(ref = "StepStatus") String status, String handles) {}

  /** From a step to one that waits for it, by name. */
  @Schema(
      name = "GraphEdge",
      requiredProperties = {"from", "to"})
  record Edge(String from, String to) {}

  static ExecutionGraph of(Execution execution) {
    List<Node> nodes = new ArrayList<>();
    List<Edge> edges = new ArrayList<>();
    for (int step = 0; step < execution.size(); step++) {
      var definition = execution.definition(step);
      String handles =
          definition.handles() == null
              ? null
              : definition.handles().name().toLowerCase(Locale.ROOT);
      nodes.add(new Node(definition.name(), execution.state(step).status().text(), handles));
      for (int before : definition.depends()) {
        edges.add(new Edge(execution.definition(before).name(), definition.name()));
      }
    }
    return new ExecutionGraph(nodes, edges);
  }

  /** The same as the text of a Mermaid flowchart. */
  static String mermaid(Execution execution) {
    StringBuilder text = new StringBuilder("flowchart TD\n");
    for (int step = 0; step < execution.size(); step++) {
      var definition = execution.definition(step);
      text.append("  s%d[\"%s\"]".formatted(step, label(definition.name())));
      text.append(":::").append(execution.state(step).status().text()).append('\n');
      for (int before : definition.depends()) {
        text.append("  s%d --> s%d\n".formatted(before, step));
      }
    }
    COLOURS.forEach(colour -> text.append("  classDef ").append(colour).append('\n'));
    return text.toString();
  }

  /** Nothing in a name ends the label or becomes markup of the drawing. */
  private static String label(String name) {
    StringBuilder label = new StringBuilder();
    name.codePoints()
        .forEach(
            c -> {
              if (Character.isLetterOrDigit(c) || " -_.,:/()".indexOf(c) >= 0) {
                label.appendCodePoint(c);
              } else {
                label.append('#').append(c).append(';');
              }
            });
    return label.toString();
  }
}
