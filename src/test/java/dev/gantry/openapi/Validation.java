package dev.gantry.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Validates JSON against the document's schemas, which are those of JSON Schema 2020-12. */
final class Validation {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private static final SchemaValidatorsConfig CONFIG =
      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

  private final JsonNode components;

  /** An answer may have no field that the document does not tell, though callers must bear it. */
  private final JsonNode closedComponents;

  private final Map<JsonNode, JsonSchema> ofRequests = new ConcurrentHashMap<>();
  private final Map<JsonNode, JsonSchema> ofAnswers = new ConcurrentHashMap<>();

  Validation(JsonNode document) {
    components = document.get("components");
    closedComponents = components.deepCopy();
    close(closedComponents);
  }

  private static void close(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.path("properties").isObject()
        && object.path("type").isTextual()
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    node.forEach(Validation::close);
  }

  /** What is wrong with an answer's body, each with its place. */
  List<String> answer(JsonNode schema, JsonNode body) {
    JsonNode closed = schema.deepCopy();
    close(closed);
    return faults(ofAnswers.computeIfAbsent(closed, s -> compiled(s, closedComponents)), body);
  }

  /** What is wrong with a request's body; null in it is as absent. */
  List<String> request(JsonNode schema, JsonNode body) {
    JsonNode given = body.deepCopy();
    dropNulls(given);
    return faults(open(schema), given);
  }

  List<String> of(String pointer, JsonNode body) {
    return answer(JSON.createObjectNode().put("$ref", "#" + pointer), body);
  }

  private static void dropNulls(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.properties().removeIf(field -> field.getValue().isNull());
    }
    node.forEach(Validation::dropNulls);
  }

  /** What is wrong with a parameter's or a header's value. */
  List<String> text(JsonNode schema, String value) {
    String type = schema.path("type").asText();
    JsonNode typed =
        switch (type) {
          case "integer" ->
              value.matches("-?\\d{1,18}")
                  ? JSON.getNodeFactory().numberNode(Long.parseLong(value))
                  : JSON.getNodeFactory().textNode(value);
          case "boolean" ->
              value.equals("true") || value.equals("false")
                  ? JSON.getNodeFactory().booleanNode(value.equals("true"))
                  : JSON.getNodeFactory().textNode(value);
          default -> JSON.getNodeFactory().textNode(value);
        };
    return faults(open(schema), typed);
  }

  private JsonSchema open(JsonNode schema) {
    return ofRequests.computeIfAbsent(schema, s -> compiled(s, components));
  }

  private static JsonSchema compiled(JsonNode schema, JsonNode components) {
    ObjectNode whole = JSON.createObjectNode();
    whole.putArray("allOf").add(schema);
    whole.set("components", components);
    return SCHEMAS.getSchema(whole, CONFIG);
  }

  private static List<String> faults(JsonSchema schema, JsonNode value) {
    if (value.isMissingNode()) {
      return List.of("is no JSON");
    }
    return schema.validate(value).stream()
        .map(message -> message.getInstanceLocation() + " " + message.getMessage())
        .distinct()
        .toList();
  }
}
