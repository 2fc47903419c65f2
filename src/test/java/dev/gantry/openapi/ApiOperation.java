package dev.gantry.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** One operation of the document; what it refers to is looked up. */
record ApiOperation(
    String method, String path, JsonNode node, JsonNode document, Pattern addresses) {

  ApiOperation(String method, String path, JsonNode node, JsonNode document) {
    this(
        method,
        path,
        node,
        document,
        Pattern.compile(path.replaceAll("\\{[A-Za-z_]+}", "[^/]+") + "/?"));
  }

  boolean matches(String requested, String rawPath) {
    return method.equals(requested) && addresses.matcher(rawPath).matches();
  }

  JsonNode response(int status) {
    return resolved(node.path("responses").path(String.valueOf(status)));
  }

  JsonNode requestSchema() {
    return node.at("/requestBody/content/application~1json/schema");
  }

  List<JsonNode> parameters() {
    List<JsonNode> all = new ArrayList<>();
    node.path("parameters").forEach(parameter -> all.add(resolved(parameter)));
    return all;
  }

  Optional<JsonNode> parameter(String in, String name) {
    return parameters().stream()
        .filter(p -> p.path("in").asText().equals(in) && p.path("name").asText().equals(name))
        .findFirst();
  }

  JsonNode resolved(JsonNode part) {
    String ref = part.path("$ref").asText();
    return ref.isEmpty() ? part : document.at(ref.substring(1));
  }

  @Override
  public String toString() {
    return node.path("operationId").asText() + " (" + method + " " + path + ")";
  }
}
