package dev.gantry.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the data of each type of event looks like, as JSON Schema 2020-12 and with an example, from
 * one file for all types. A field may come to be at any time: readers pass over what they do not
 * know. Pure code.
 */
final class EventSchemas {
  private static final String FILE = "/schemas/events.json";
  private static final String DEFINITIONS = "$defs";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode catalog;

  EventSchemas() {
    try (InputStream in = EventSchemas.class.getResourceAsStream(FILE)) {
      catalog = JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A document that stands alone; empty when there is no such type. */
  Optional<ObjectNode> document(String type) {
    if (!catalog.at("/types").has(type)) {
      return Optional.empty();
    }
    ObjectNode document = JSON.createObjectNode();
    document.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    document.put("$id", EventTypes.schema(type));
    document.put("title", type);
    ObjectNode schema = data(type);
    document.setAll(schema);
    document.putArray("examples").add(example(type));
    ObjectNode definitions = document.putObject(DEFINITIONS);
    for (String name : used(schema, new TreeSet<>())) {
      definitions.set(name, definition(name));
    }
    return Optional.of(document);
  }

  String description(String type) {
    return catalog.at("/types").path(type).path("description").asText();
  }

  JsonNode example(String type) {
    return catalog.at("/types").path(type).path("example");
  }

  /** What schemas of data refer to. */
  JsonNode definitions() {
    return catalog.path(DEFINITIONS);
  }

  /** The schema of the data, which refers to definitions of the document that it is put into. */
  ObjectNode data(String type) {
    ObjectNode schema = JSON.createObjectNode();
    schema.put("description", description(type));
    schema.put("type", "object");
    JsonNode data = catalog.at("/types").path(type).path("data");
    data.fieldNames().forEachRemaining(schema.withArray("required")::add);
    data.properties()
        .forEach(
            field ->
                schema
                    .withObject("/properties")
                    .putObject(field.getKey())
                    .put("$ref", "#/$defs/" + field.getValue().asText()));
    return schema;
  }

  private JsonNode definition(String name) {
    return catalog.path(DEFINITIONS).path(name);
  }

  private Set<String> used(JsonNode schema, Set<String> names) {
    for (String reference : schema.findValuesAsText("$ref")) {
      String name = reference.substring(reference.lastIndexOf('/') + 1);
      if (names.add(name)) {
        used(definition(name), names);
      }
    }
    return names;
  }
}
