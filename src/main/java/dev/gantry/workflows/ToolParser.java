package dev.gantry.workflows;

import com.fasterxml.jackson.databind.JsonNode;

/** Reads a tool's definition, as it comes in a request or a file. For any thread. */
public final class ToolParser {
  private ToolParser() {}

  /**
   * The tool that {@code definition} is.
   *
   * @throws InvalidDefinitionException with all faults, each with its place
   */
  public static ToolDefinition parse(JsonNode definition) {
    Reading reading = new Reading();
    Value document = JsonReader.read(definition, reading.faults());
    ToolDefinition tool = ToolReader.read(new Field(Place.ROOT, document, reading));
    reading.faults().throwIfAny();
    return tool;
  }
}
