package dev.gantry.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.workflows.ToolDefinition;
import dev.gantry.workflows.WorkflowDefinition;

/** What lists show of a definition besides its name and description, as JSON. Pure code. */
final class DetailsJson {
  private DetailsJson() {}

  static ObjectNode of(ToolDefinition tool) {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    details.put("image", tool.image());
    ArrayNode args = details.putArray("args");
    for (ToolDefinition.Arg arg : tool.args()) {
      ObjectNode shown =
          parameter(args, arg.name(), arg.type(), arg.description(), arg.required(), arg.value());
      if (!arg.options().isEmpty()) {
        arg.options().forEach(shown.putArray("options")::add);
      }
    }
    return details;
  }

  static ObjectNode of(WorkflowDefinition workflow) {
    ObjectNode details = JsonNodeFactory.instance.objectNode();
    if (workflow.runner() != null) {
      details.put("runner", workflow.runner());
    }
    ArrayNode params = details.putArray("params");
    for (WorkflowDefinition.Parameter p : workflow.params()) {
      parameter(params, p.name(), p.type(), p.description(), p.required(), p.value());
    }
    return details;
  }

  private static ObjectNode parameter(
      ArrayNode all, String name, String type, String description, boolean required, String value) {
    ObjectNode shown = all.addObject().put("name", name).put("type", type);
    if (description != null) {
      shown.put("description", description);
    }
    shown.put("required", required);
    if (value != null) {
      shown.put("default", value);
    }
    return shown;
  }
}
