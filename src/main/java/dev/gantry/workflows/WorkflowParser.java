package dev.gantry.workflows;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads a workflow and says everything that is wrong with it. A definition is a stranger's text:
 * time and memory stay within what its size allows, whatever it holds. Pure and without state, for
 * any thread; a definition at the limits takes up to a second, so keep large ones off an event
 * loop.
 */
public final class WorkflowParser {
  private WorkflowParser() {}

  /**
   * The workflow that {@code yamlOrJson} defines.
   *
   * @throws InvalidDefinitionException with all faults, each with its place, line and column
   */
  public static WorkflowDefinition parse(String yamlOrJson) {
    Reading reading = new Reading();
    return read(document(yamlOrJson, reading.faults()), reading);
  }

  /**
   * The workflow that {@code definition} is; a text node is read as a text.
   *
   * @throws InvalidDefinitionException with all faults, each with its place
   */
  public static WorkflowDefinition parse(JsonNode definition) {
    if (definition.isTextual()) {
      return parse(definition.textValue());
    }
    Reading reading = new Reading();
    return read(JsonReader.read(definition, reading.faults()), reading);
  }

  private static WorkflowDefinition read(Value document, Reading reading) {
    WorkflowDefinition workflow = WorkflowReader.read(new Field(Place.ROOT, document, reading));
    reading.faults().throwIfAny();
    return workflow;
  }

  /** JSON by its own reader: YAML's refuses tabs, which JSON may be indented with. */
  static Value document(String text, Faults faults) {
    refuseTooLong(text, faults);
    Optional<Value> json =
        text.stripLeading().startsWith("{") ? JsonReader.read(text, faults) : Optional.empty();
    return json.orElseGet(() -> YamlReader.read(text, faults));
  }

  private static void refuseTooLong(String text, Faults faults) {
    boolean tooLong =
        text.length() > Tree.MOST_BYTES
            || text.getBytes(StandardCharsets.UTF_8).length > Tree.MOST_BYTES;
    if (tooLong) {
      throw faults.fatal(Place.ROOT, Mark.NONE, "larger than 1 MiB");
    }
  }
}
