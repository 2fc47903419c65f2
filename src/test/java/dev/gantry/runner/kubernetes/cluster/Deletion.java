package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** How a DELETE is meant; in the body or, as older clients have it, in the query. */
record Deletion(
    Optional<String> propagation,
    Optional<Long> gracePeriodSeconds,
    Optional<String> uid,
    Optional<String> resourceVersion) {
  static final Deletion BACKGROUND =
      new Deletion(Optional.of("Background"), Optional.empty(), Optional.empty(), Optional.empty());
  static final Deletion FOREGROUND =
      new Deletion(Optional.of("Foreground"), Optional.empty(), Optional.empty(), Optional.empty());
  static final Deletion AT_ONCE =
      new Deletion(Optional.of("Background"), Optional.of(0L), Optional.empty(), Optional.empty());

  static Deletion of(ApiRequest request, JsonNode options) {
    Optional<String> propagation =
        text(options.path("propagationPolicy")).or(() -> request.parameter("propagationPolicy"));
    JsonNode grace = options.path("gracePeriodSeconds");
    Deletion deletion =
        new Deletion(
            propagation,
            grace.isNumber() ? Optional.of(grace.asLong()) : request.number("gracePeriodSeconds"),
            text(options.at("/preconditions/uid")),
            text(options.at("/preconditions/resourceVersion")));
    if (propagation.filter(p -> !p.matches("Background|Foreground|Orphan")).isPresent()) {
      throw new ApiException(
          422, "Invalid", "propagationPolicy: Unsupported value: \"" + propagation.get() + "\"");
    }
    return deletion;
  }

  private static Optional<String> text(JsonNode node) {
    return node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
  }
}
