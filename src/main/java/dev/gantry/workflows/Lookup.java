package dev.gantry.workflows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashMap;
import java.util.Map;

/** Variables and what lies inside those that hold JSON; each of those is parsed once. */
final class Lookup {
  /** Keeps a number's digits as they were printed. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final Map<String, String> variables;
  private final Map<String, JsonNode> parsed = new HashMap<>();
  private final Map<String, String> found = new HashMap<>();

  Lookup(Map<String, String> variables) {
    this.variables = variables;
  }

  /** The value of {@code NAME} or {@code NAME.path[0]}; null when there is none. */
  String value(String reference) {
    String value = variables.get(reference);
    int path = pathStart(reference);
    if (value != null || path < 0) {
      return value;
    }
    return found.computeIfAbsent(reference, each -> inside(each, path));
  }

  private String inside(String reference, int path) {
    String json = variables.get(reference.substring(0, path));
    if (json == null) {
      return null;
    }
    JsonNode root = parsed.computeIfAbsent(reference.substring(0, path), name -> read(json));
    return shown(JsonPath.find(root, reference.substring(path)));
  }

  private static int pathStart(String reference) {
    for (int i = 1; i < reference.length(); i++) {
      if (reference.charAt(i) == '.' || reference.charAt(i) == '[') {
        return i;
      }
    }
    return -1;
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException noJson) {
      return MissingNode.getInstance();
    }
  }

  private static String shown(JsonNode node) {
    if (node.isMissingNode()) {
      return null;
    }
    if (node.isNull()) {
      return "";
    }
    return node.isContainerNode() ? node.toString() : node.asText();
  }
}
