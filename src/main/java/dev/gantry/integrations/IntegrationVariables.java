package dev.gantry.integrations;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What integrations give to a step's environment. Each entry of a configuration becomes the
 * variable {@code <TYPE>_<ENTRY>}, so that {@code region} of one of type {@code aws} is {@code
 * AWS_REGION}; what is no single value becomes JSON. Later integrations win over earlier ones. Pure
 * code.
 *
 * @param variables with their values
 * @param secrets names of secrets, by variable
 * @param cluster the step may use the cluster that it runs in
 */
public record IntegrationVariables(
    Map<String, String> variables, Map<String, String> secrets, boolean cluster) {

  static IntegrationVariables of(List<Integration> integrations, boolean cluster) {
    Map<String, String> variables = new LinkedHashMap<>();
    Map<String, String> secrets = new LinkedHashMap<>();
    for (Integration integration : integrations) {
      integration
          .configuration
          .properties()
          .forEach(
              entry ->
                  variables.put(
                      variable(integration.type, entry.getKey()), text(entry.getValue())));
      secrets.putAll(integration.secrets);
    }
    return new IntegrationVariables(variables, secrets, cluster);
  }

  private static String variable(String type, String entry) {
    String name = (type + "_" + entry).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_");
    return Character.isDigit(name.charAt(0)) ? "_" + name : name;
  }

  private static String text(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }
}
