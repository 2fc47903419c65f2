package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.Action;
import java.util.List;

/** Reads the config of a step whose executor is {@code docker} or {@code jq}. */
final class ContainerReader {
  static final Keys DOCKER = Keys.of("image", "command", "content");
  static final Keys JQ = Keys.of("query", "input", "raw");
  private static final String JQ_IMAGE = "ghcr.io/jqlang/jq:1.7.1";

  private ContainerReader() {}

  /**
   * An image with a command, a script, or what the step itself says.
   *
   * @param program what the step says; not asked when the config says it
   */
  static ActionReader.Read docker(Field config, Fields step, ActionReader program) {
    Fields fields = Fields.of(config, DOCKER);
    String image = fields.nonBlank("image");
    if (image == null) {
      fields.missing("image");
    }
    Action action;
    if (fields.has("command") || fields.has("content")) {
      for (String other : List.of("command", "script")) {
        if (step.has(other)) {
          step.fault(other, "stands in the executor's config already; give one of them");
        }
      }
      action = inConfig(fields, program);
    } else {
      action = program.commandOrScript().action();
    }
    return new ActionReader.Read(action == null ? null : new Action.Container(image, action));
  }

  private static Action inConfig(Fields fields, ActionReader program) {
    if (fields.has("command") && fields.has("content")) {
      fields.fault("content", "give either command or content");
      return null;
    }
    return fields.has("command")
        ? program.command(fields.get("command"))
        : program.script(fields.get("content"));
  }

  /** The query is given to {@code jq} as it is; the input is a text with variables. */
  static ActionReader.Read jq(Field config, Fields step) {
    Fields fields = Fields.of(config, JQ);
    for (String other : List.of("command", "script", "shell")) {
      if (step.has(other)) {
        step.fault(other, "a step of the executor 'jq' runs its query alone");
      }
    }
    String query = fields.nonBlank("query");
    if (query == null) {
      fields.missing("query");
    }
    if (!fields.has("input")) {
      fields.missing("input");
    }
    boolean raw = !fields.has("raw") || fields.flag("raw");
    // No query is taken for an option: older ones do not know "--".
    List<String> program = List.of("jq", raw ? "-r" : "-M", " " + query);
    Action jq = new Action.Script(fields.text("input"), program);
    return new ActionReader.Read(new Action.Container(JQ_IMAGE, jq));
  }
}
