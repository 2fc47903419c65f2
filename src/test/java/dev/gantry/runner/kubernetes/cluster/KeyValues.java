package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The values of ConfigMaps and Secrets, decoded. */
final class KeyValues {
  private final ObjectStore store;
  private final String namespace;

  KeyValues(ObjectStore store, String namespace) {
    this.store = store;
    this.namespace = namespace;
  }

  Optional<Map<String, byte[]>> configMap(String name) {
    return store
        .find(Kind.CONFIG_MAPS, namespace, name)
        .map(
            object -> {
              Map<String, byte[]> values = new LinkedHashMap<>();
              object
                  .path("data")
                  .properties()
                  .forEach(
                      e ->
                          values.put(
                              e.getKey(), e.getValue().asText().getBytes(StandardCharsets.UTF_8)));
              values.putAll(binary(object, "binaryData"));
              return values;
            });
  }

  Optional<Map<String, byte[]>> secret(String name) {
    return store.find(Kind.SECRETS, namespace, name).map(object -> binary(object, "data"));
  }

  private static Map<String, byte[]> binary(ObjectNode object, String field) {
    Map<String, byte[]> values = new LinkedHashMap<>();
    object
        .path(field)
        .properties()
        .forEach(e -> values.put(e.getKey(), Base64.getDecoder().decode(e.getValue().asText())));
    return values;
  }
}
