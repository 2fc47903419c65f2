package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** JSON trees, in which the cluster keeps its objects, and their way to Fabric8's types. */
final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static <T> T to(JsonNode tree, Class<T> type) {
    try {
      return MAPPER.treeToValue(tree, type);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObjectNode from(Object value) {
    return MAPPER.valueToTree(value);
  }

  static ObjectNode meta(JsonNode object) {
    return ((ObjectNode) object).withObjectProperty("metadata");
  }

  static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  static String namespace(JsonNode object) {
    return object.at("/metadata/namespace").asText();
  }

  static String uid(JsonNode object) {
    return object.at("/metadata/uid").asText();
  }

  static boolean isDeleting(JsonNode object) {
    return object.at("/metadata").has("deletionTimestamp");
  }

  static List<String> finalizers(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.at("/metadata/finalizers").forEach(name -> names.add(name.asText()));
    return names;
  }

  static void addFinalizer(ObjectNode object, String name) {
    if (!finalizers(object).contains(name)) {
      meta(object).withArrayProperty("finalizers").add(name);
    }
  }

  static void removeFinalizer(ObjectNode object, String name) {
    List<String> left = finalizers(object);
    left.remove(name);
    ArrayNode names = meta(object).putArray("finalizers");
    left.forEach(names::add);
    if (left.isEmpty()) {
      meta(object).remove("finalizers");
    }
  }

  /** As the API server writes times: whole seconds. */
  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static String now() {
    return time(Instant.now());
  }
}
