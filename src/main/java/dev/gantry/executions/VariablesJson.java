package dev.gantry.executions;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** Variables as they are stored: a JSON object of texts. */
final class VariablesJson {
  private VariablesJson() {}

  static String write(Map<String, String> variables) {
    return new JsonObject(new LinkedHashMap<>(variables)).encode();
  }

  static Map<String, String> read(String json) {
    Map<String, String> variables = new LinkedHashMap<>();
    new JsonObject(json).forEach(entry -> variables.put(entry.getKey(), (String) entry.getValue()));
    return variables;
  }
}
