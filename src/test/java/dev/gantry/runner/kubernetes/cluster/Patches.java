package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.util.Map;

/** The three kinds of patches; server-side apply is not among them. */
final class Patches {
  /** By which field the items of a list are told apart; a list not named here is replaced. */
  private static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("containers", "name"),
          Map.entry("initContainers", "name"),
          Map.entry("containerStatuses", "name"),
          Map.entry("env", "name"),
          Map.entry("volumes", "name"),
          Map.entry("imagePullSecrets", "name"),
          Map.entry("volumeMounts", "mountPath"),
          Map.entry("hostAliases", "ip"),
          Map.entry("ownerReferences", "uid"),
          Map.entry("conditions", "type"));

  private Patches() {}

  static ObjectNode apply(String contentType, JsonNode patch, ObjectNode object) {
    return switch (contentType.split(";", 2)[0].strip()) {
      case "application/merge-patch+json" -> (ObjectNode) merge(object, patch);
      case "application/strategic-merge-patch+json" -> strategic(object, patch);
      case "application/json-patch+json" -> operations(object, patch);
      case "application/apply-patch+yaml" -> throw ApiException.notHere("server-side apply");
      default ->
          throw new ApiException(
              415,
              "UnsupportedMediaType",
              "the body of the request was in an unknown format: " + contentType);
    };
  }

  /** RFC 7396. */
  private static JsonNode merge(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    ObjectNode merged = target.isObject() ? target.deepCopy() : Json.object();
    patch
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isNull()) {
                merged.remove(field.getKey());
              } else {
                merged.set(field.getKey(), merge(merged.path(field.getKey()), field.getValue()));
              }
            });
    return merged;
  }

  private static ObjectNode operations(ObjectNode object, JsonNode patch) {
    try {
      return (ObjectNode) JsonPatch.apply(patch, object);
    } catch (JsonPatchException e) {
      throw new ApiException(422, "Invalid", "the server rejected our request: " + e.getMessage());
    }
  }

  private static ObjectNode strategic(ObjectNode target, JsonNode patch) {
    ObjectNode merged = target.deepCopy();
    patch
        .properties()
        .forEach(
            field -> {
              String name = field.getKey();
              JsonNode value = field.getValue();
              if (name.startsWith("$")) {
                throw ApiException.notHere("the directive " + name + " in strategic merges");
              } else if (value.isNull()) {
                merged.remove(name);
              } else if (value.isObject()) {
                JsonNode there = merged.path(name);
                merged.set(
                    name, strategic(there.isObject() ? (ObjectNode) there : Json.object(), value));
              } else if (value.isArray() && KEYS.containsKey(name)) {
                merged.set(name, items(merged.path(name), value, KEYS.get(name)));
              } else {
                merged.set(name, value);
              }
            });
    return merged;
  }

  private static ArrayNode items(JsonNode there, JsonNode patch, String key) {
    ArrayNode merged = Json.MAPPER.createArrayNode();
    there.forEach(merged::add);
    for (JsonNode item : patch) {
      int at = position(merged, item.path(key), key);
      boolean delete = item.path("$patch").asText().equals("delete");
      if (delete && at >= 0) {
        merged.remove(at);
      } else if (!delete && at >= 0) {
        merged.set(at, strategic((ObjectNode) merged.get(at), item));
      } else if (!delete) {
        merged.add(item);
      }
    }
    return merged;
  }

  private static int position(ArrayNode items, JsonNode value, String key) {
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i).path(key).equals(value)) {
        return i;
      }
    }
    return -1;
  }
}
