package dev.gantry.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Compares an answer's headers with those that the document says it has. */
final class Headers {
  /** Headers that mean something to a caller: none may come unannounced. */
  private static final List<String> TOLD =
      List.of("ETag", "Location", "Retry-After", "WWW-Authenticate", "X-Request-Id", "RateLimit");

  private Headers() {}

  static List<String> faults(
      JsonNode response, Exchange exchange, Validation validation, JsonNode document) {
    List<String> faults = new ArrayList<>();
    JsonNode documented = response.path("headers");
    for (var header : documented.properties()) {
      String ref = header.getValue().path("$ref").asText();
      JsonNode known = ref.isEmpty() ? header.getValue() : document.at(ref.substring(1));
      String value = exchange.headers().get(header.getKey());
      if (value != null) {
        validation
            .text(known.path("schema"), value)
            .forEach(fault -> faults.add("header " + header.getKey() + " " + fault));
      } else if (known.path("required").asBoolean()) {
        faults.add("header " + header.getKey() + " of " + exchange.status() + " is not there");
      }
    }
    TOLD.stream()
        .filter(name -> exchange.headers().containsKey(name) && !documented.has(name))
        .forEach(name -> faults.add("header " + name + " is not documented"));
    return faults;
  }
}
