package dev.gantry.sources;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.workflows.DefinitionFile;
import java.io.UncheckedIOException;
import java.util.function.BiConsumer;

/**
 * Reads the definitions that a source holds itself. Their file is their place, as {@code tools[0]}.
 * As costly as parsing them.
 */
final class InlineScan {
  private static final ObjectMapper JSON = new ObjectMapper();

  private InlineScan() {}

  /**
   * @param tools as they are stored, or null
   */
  static Findings read(String tools, String workflows) {
    Findings findings = new Findings();
    each("tools", tools, (at, one) -> findings.add(at, DefinitionFile.readTools(one), null));
    each(
        "workflows",
        workflows,
        (at, one) -> findings.add(at, DefinitionFile.readWorkflow(one), text(one)));
    return findings;
  }

  private static String text(JsonNode workflow) {
    return workflow.isTextual() ? workflow.textValue() : workflow.toString();
  }

  private static void each(String field, String stored, BiConsumer<String, JsonNode> take) {
    if (stored == null) {
      return;
    }
    JsonNode given = tree(stored);
    if (!given.isArray()) {
      take.accept(field, given);
      return;
    }
    for (int i = 0; i < given.size(); i++) {
      take.accept(field + "[" + i + "]", given.get(i));
    }
  }

  private static JsonNode tree(String stored) {
    try {
      return JSON.readTree(stored);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("stored definitions cannot be read", e);
    }
  }
}
