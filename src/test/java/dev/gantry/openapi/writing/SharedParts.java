package dev.gantry.openapi.writing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What operations have in common and none should repeat: parameters, headers and errors, each by
 * reference to the document's components. Pure code; not for more than one thread.
 */
final class SharedParts {
  private static final List<String> ANYWHERE =
      List.of("400", "401", "403", "406", "414", "429", "431", "500", "503");
  private static final List<String> HEADERS =
      List.of(
          "X-Request-Id",
          "X-RateLimit-Limit",
          "X-RateLimit-Remaining",
          "X-RateLimit-Reset",
          "RateLimit-Policy",
          "RateLimit");
  private static final Set<String> WITH_CONFLICTS = Set.of("post", "put", "delete");
  private static final String IF_MATCH = "If-Match";

  private final ObjectNode document;

  SharedParts(ObjectNode document) {
    this.document = document;
  }

  void addToOperations() {
    for (var path : document.path("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        add(path.getKey(), operation.getKey(), (ObjectNode) operation.getValue());
      }
    }
  }

  private void add(String path, String method, ObjectNode operation) {
    // What needs no key says so, with a list that is empty.
    if (!(operation.get("security") instanceof ArrayNode list) || !list.isEmpty()) {
      operation.remove("security");
    }
    answers(path, method, operation);
    errors(path, method, operation);
    parameters(method, operation);
    if (operation.get("requestBody") instanceof ObjectNode body) {
      body.putIfAbsent("required", BooleanNode.TRUE);
    }
  }

  private void answers(String path, String method, ObjectNode operation) {
    ObjectNode responses = operation.withObject("responses");
    for (var response : responses.properties()) {
      ObjectNode headers = ((ObjectNode) response.getValue()).withObject("headers");
      HEADERS.forEach(name -> headers.set(name, ref("headers", name)));
      boolean made = response.getKey().equals("201");
      boolean shown = !method.equals("delete") && response.getKey().equals("200");
      if (made) {
        headers.set("Location", ref("headers", "Location"));
      }
      if ((made || shown) && isVersioned(made ? path + "/{" : path)) {
        headers.putIfAbsent("ETag", ref("headers", "ETag"));
      }
    }
  }

  /** Whether a change of what is at the path can be made to depend on its version. */
  private boolean isVersioned(String prefix) {
    return document.path("paths").properties().stream()
        .filter(path -> path.getKey().equals(prefix) || isItem(path.getKey(), prefix))
        .flatMap(path -> path.getValue().findValues("parameters").stream())
        .flatMap(list -> list.findValuesAsText("name").stream())
        .anyMatch(IF_MATCH::equals);
  }

  private static boolean isItem(String path, String prefix) {
    return prefix.endsWith("{") && path.startsWith(prefix) && path.endsWith("}");
  }

  private void errors(String path, String method, ObjectNode operation) {
    List<String> statuses = new ArrayList<>(ANYWHERE);
    if (path.contains("{")) {
      statuses.add("404");
    }
    if (WITH_CONFLICTS.contains(method)) {
      statuses.add("409");
    }
    if (operation.path("parameters").findValuesAsText("name").contains(IF_MATCH)) {
      statuses.add("412");
    }
    if (operation.has("requestBody")) {
      statuses.addAll(List.of("413", "415"));
    }
    if (method.equals("post")) {
      statuses.add("422");
    }
    ObjectNode responses = operation.withObject("responses");
    statuses.forEach(status -> responses.set(status, ref("responses", status)));
  }

  /** A parameter that the operation does not describe itself is the one that all share. */
  private void parameters(String method, ObjectNode operation) {
    ArrayNode all = operation.withArray("parameters");
    for (int i = 0; i < all.size(); i++) {
      String name = all.get(i).path("name").asText();
      if (!all.get(i).has("description") && shared(name)) {
        all.set(i, ref("parameters", name));
      }
    }
    if (method.equals("post")) {
      all.add(ref("parameters", "Idempotency-Key"));
    }
    if (all.isEmpty()) {
      operation.remove("parameters");
    }
  }

  private boolean shared(String parameter) {
    JsonNode known = document.at("/components/parameters");
    return known.has(parameter);
  }

  private ObjectNode ref(String kind, String name) {
    return document.objectNode().put("$ref", "#/components/" + kind + "/" + name);
  }
}
