package dev.gantry.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Each call is whole and has an index of its own. */
final class OllamaDeltas implements Deltas {
  private int calls;

  @Override
  public List<ObjectNode> of(ObjectNode frame) {
    for (JsonNode call : frame.path("message").path("tool_calls")) {
      if (call.path("function") instanceof ObjectNode function) {
        function.put("index", calls++);
      }
    }
    return List.of(frame);
  }
}
