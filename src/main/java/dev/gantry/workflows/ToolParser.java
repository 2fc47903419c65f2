package dev.gantry.workflows;

import com.fasterxml.jackson.databind.JsonNode;

/** Reads a tool's definition, as it comes in a request or a file. For any thread. */
public final class ToolParser {
  private ToolParser() {}

  /** As {@link #parse(JsonNode)}, of {@link DefinitionFile.Tool#json}. */
  public static ToolDefinition parse(String json) {
    Reading reading = new Reading();
    Value document =
        JsonReader.read(json, reading.faults())
            .orElseThrow(() -> new IllegalArgumentException("a tool's definition is no JSON"));
    return read(document, reading);
  }

  /**
   * The tool that {@code definition} is.
   *
   * @throws InvalidDefinitionException with all faults, each with its place
   */
  public static ToolDefinition parse(JsonNode definition) {
    Reading reading = new Reading();
    return read(JsonReader.read(definition, reading.faults()), reading);
  }

  private static ToolDefinition read(Value document, Reading reading) {
    ToolDefinition tool = ToolReader.read(new Field(Place.ROOT, document, reading));
    reading.faults().throwIfAny();
    return tool;
  }
}
