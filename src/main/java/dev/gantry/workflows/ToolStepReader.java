package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.Action;
import java.time.Duration;
import java.util.Map;

/** Reads the config of a step whose executor is {@code tool}. */
final class ToolStepReader {
  static final Keys KEYS = Keys.of("toolDef", "args", "timeout", "toolName", "name");

  private ToolStepReader() {}

  static ActionReader.Read read(Field config) {
    Fields fields = Fields.of(config, KEYS);
    Duration timeout = fields.duration("timeout");
    Map<String, String> args = EnvReader.read(fields.get("args"));
    String byName = fields.oneOf("toolName", "name");
    if (fields.has(byName)) {
      if (fields.has("toolDef")) {
        fields.fault("toolDef", "give either a tool_def or the name of a tool of a source");
      }
      return new ActionReader.Read(new Action.NamedTool(fields.get(byName).name(), args), timeout);
    }
    if (!fields.has("toolDef")) {
      fields.fault("tool_def", "is missing: give a tool_def, or the tool_name of one of a source");
      return new ActionReader.Read(null, timeout);
    }
    ToolDefinition tool = ToolReader.read(fields.get("toolDef"));
    Field at = fields.has("args") ? fields.get("args") : config;
    Place place = config.place().key("args");
    Map<String, String> complete =
        ToolArguments.inDefinition(tool, args, new Field(place, at.value(), at.reading()));
    return new ActionReader.Read(new Action.Tool(tool, complete), timeout);
  }
}
