package dev.gantry.openapi.writing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeSet;

/**
 * Parts of an OpenAPI document, as files: {@code openapi/shared.json}, and one for each group of
 * routes, named like the first segment of their paths. Their paths are written without the API's
 * base. May block.
 */
final class Fragments {
  private static final String BASE = "/api/v1";
  private static final String JSON_TYPE = "application~1json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Fragments() {}

  /** What a fragment says wins over what is there; lists of named things are merged by name. */
  static void mergeInto(ObjectNode document) throws IOException {
    merge(document, read("shared"));
    for (String group : groups(document)) {
      ObjectNode fragment = read(group);
      JsonNode paths = fragment.remove("paths");
      merge(document, fragment);
      for (var path : paths.properties()) {
        mergePath(document, BASE + path.getKey(), (ObjectNode) path.getValue());
      }
    }
  }

  private static Set<String> groups(ObjectNode document) {
    Set<String> groups = new TreeSet<>();
    for (var path : document.path("paths").properties()) {
      groups.add(path.getKey().substring(BASE.length() + 1).split("/", 2)[0]);
    }
    return groups;
  }

  private static ObjectNode read(String name) throws IOException {
    String file = "/openapi/" + name + ".json";
    try (InputStream in = Fragments.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("there is no " + file + ", which describes /" + name);
      }
      return (ObjectNode) JSON.readTree(in);
    }
  }

  private static void mergePath(ObjectNode document, String path, ObjectNode fragment) {
    JsonNode there = document.at("/paths").path(path);
    for (var operation : fragment.properties()) {
      if (!(there.path(operation.getKey()) instanceof ObjectNode known)) {
        throw new IllegalStateException("no resource has " + operation.getKey() + " " + path);
      }
      ObjectNode told = (ObjectNode) operation.getValue();
      nameAnswers(known.remove("responses"), told.path("responses"));
      merge(known, told);
    }
  }

  /** The fragment says with which statuses an operation answers, the code with what. */
  private static void nameAnswers(JsonNode coded, JsonNode told) {
    JsonNode schema = coded.findValue("schema");
    for (JsonNode answer : told) {
      if (answer.at("/content/" + JSON_TYPE) instanceof ObjectNode content && schema != null) {
        content.putIfAbsent("schema", schema.deepCopy());
      }
    }
  }

  private static void merge(ObjectNode into, ObjectNode from) {
    for (var field : from.properties()) {
      JsonNode there = into.get(field.getKey());
      if (there instanceof ObjectNode object && field.getValue() instanceof ObjectNode more) {
        merge(object, more);
      } else if (there instanceof ArrayNode list && isNamed(field.getValue())) {
        field.getValue().forEach(item -> mergeItem(list, (ObjectNode) item));
      } else {
        into.set(field.getKey(), field.getValue());
      }
    }
  }

  private static boolean isNamed(JsonNode list) {
    return list.isArray() && list.path(0).has("name");
  }

  private static void mergeItem(ArrayNode list, ObjectNode item) {
    for (JsonNode there : list) {
      if (there.path("name").equals(item.get("name"))) {
        merge((ObjectNode) there, item);
        return;
      }
    }
    list.add(item);
  }
}
