package dev.gantry.openapi.writing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The document's types. Pure code; not for more than one thread. */
final class Schemas {
  private static final String REF = "$ref";
  private static final String PREFIX = "#/components/schemas/";

  /** What the generic type of a list's answer is called before its type argument. */
  private static final String LIST = "ListAnswer";

  private final ObjectNode document;
  private final ObjectNode schemas;
  private final Set<String> ofRequests = new HashSet<>();

  Schemas(ObjectNode document) {
    this.document = document;
    this.schemas = (ObjectNode) document.at("/components/schemas");
    document.path("paths").findValues("requestBody").forEach(this::collect);
  }

  private void collect(JsonNode node) {
    JsonNode ref = node.path(REF);
    if (ref.asText().startsWith(PREFIX) && ofRequests.add(name(ref))) {
      collect(schemas.path(name(ref)));
    }
    node.forEach(this::collect);
  }

  private static String name(JsonNode ref) {
    return ref.asText().substring(PREFIX.length());
  }

  /** A field of an answer is required unless it is left out when it has no value. */
  void requireWhatIsAlwaysThere(Records records) {
    for (var schema : schemas.properties()) {
      List<String> always = records.alwaysThere(schema.getKey());
      if (!always.isEmpty() && !schema.getValue().has("required") && !isOfRequest(schema)) {
        ArrayNode required = ((ObjectNode) schema.getValue()).putArray("required");
        always.forEach(required::add);
      }
    }
  }

  private boolean isOfRequest(Map.Entry<String, JsonNode> schema) {
    return ofRequests.contains(schema.getKey());
  }

  /** A body with a field that is not known is refused. */
  void closeRequests() {
    for (String name : ofRequests) {
      if (schemas.get(name) instanceof ObjectNode schema && schema.has("properties")) {
        schema.put("additionalProperties", false);
      }
    }
  }

  /** Lists have their items under a key of their own, which the operation's path tells. */
  void namePages() {
    for (var path : document.path("paths").properties()) {
      JsonNode answer = path.getValue().at("/get/responses/200/content/application~1json/schema");
      if (answer.path(REF).asText().startsWith(PREFIX + LIST)) {
        JsonNode items = schemas.path(name(answer.get(REF))).at("/properties/items");
        ((ObjectNode) answer).put(REF, PREFIX + page(items, key(path.getKey())));
      }
    }
  }

  private String page(JsonNode items, String key) {
    String name = name(items.at("/items/" + REF)) + "Page";
    ObjectNode page = schemas.putObject(name).put("type", "object");
    ObjectNode fields = page.putObject("properties");
    fields.set(key, items);
    for (String number : List.of("total", "limit", "offset")) {
      fields.putObject(number).put("type", "integer").put("minimum", 0);
    }
    fields.putObject("has_more").put("type", "boolean");
    ArrayNode required = page.putArray("required");
    fields.fieldNames().forEachRemaining(required::add);
    return name;
  }

  private static String key(String path) {
    String last = path.substring(path.lastIndexOf('/') + 1).replace('-', '_');
    return switch (last) {
      case "audit" -> "entries";
      case "history" -> "messages";
      default -> last;
    };
  }

  /** What nothing refers to says nothing. */
  void dropUnused() {
    boolean dropped = true;
    while (dropped) {
      Set<String> used = new HashSet<>(document.findValuesAsText(REF));
      dropped = schemas.properties().removeIf(schema -> !used.contains(PREFIX + schema.getKey()));
    }
  }
}
