package dev.gantry.executions;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.gantry.workflows.WorkflowDefinition;
import dev.gantry.workflows.WorkflowDefinition.Action;
import java.io.UncheckedIOException;

/**
 * How an accepted definition is stored: the checked and resolved form, never parsed a second time.
 */
final class DefinitionJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .addMixIn(Action.class, ActionByName.class)
          .build();

  private DefinitionJson() {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Action.Command.class, name = "command"),
    @JsonSubTypes.Type(value = Action.Arguments.class, name = "arguments"),
    @JsonSubTypes.Type(value = Action.Script.class, name = "script"),
    @JsonSubTypes.Type(value = Action.Container.class, name = "container"),
    @JsonSubTypes.Type(value = Action.Tool.class, name = "tool"),
    @JsonSubTypes.Type(value = Action.NamedTool.class, name = "named_tool"),
    @JsonSubTypes.Type(value = Action.Approval.class, name = "approval"),
    @JsonSubTypes.Type(value = Action.Run.class, name = "run"),
    @JsonSubTypes.Type(value = Action.Parallel.class, name = "parallel"),
    @JsonSubTypes.Type(value = Action.Agent.class, name = "agent")
  })
  private interface ActionByName {}

  static String write(WorkflowDefinition definition) {
    try {
      return definition.forEach() == null
          ? MAPPER.writeValueAsString(definition)
          : withoutSteps(definition);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** They are made again from what is written once. */
  private static String withoutSteps(WorkflowDefinition definition) throws JsonProcessingException {
    ObjectNode tree = MAPPER.valueToTree(definition);
    tree.putArray("steps");
    return MAPPER.writeValueAsString(tree);
  }

  static WorkflowDefinition read(String json) {
    try {
      return MAPPER.readValue(json, WorkflowDefinition.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a stored definition cannot be read", e);
    }
  }
}
