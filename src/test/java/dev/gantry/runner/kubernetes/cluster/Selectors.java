package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two languages in which a list or a watch says what it is about. */
final class Selectors {
  private static final Pattern SET =
      Pattern.compile(
          "(!?)([^\\s!=,()]+)(?:\\s+(in|notin)\\s*\\(([^)]*)\\)|\\s*(==|=|!=)\\s*(.*))?");

  private Selectors() {}

  static Predicate<JsonNode> of(ApiRequest request, Kind kind) {
    Predicate<JsonNode> labels =
        request.parameter("labelSelector").map(Selectors::labels).orElse(object -> true);
    Predicate<JsonNode> fields =
        request.parameter("fieldSelector").map(s -> fields(s, kind)).orElse(object -> true);
    return labels.and(fields);
  }

  /** {@code a=b,c!=d,e,!f,g in (h,i),j notin (k)}. */
  static Predicate<JsonNode> labels(String selector) {
    // a comma within parentheses separates values, not requirements
    return Arrays.stream(selector.split(",(?![^(]*\\))", -1))
        .map(String::strip)
        .map(Selectors::requirement)
        .reduce(object -> true, Predicate::and);
  }

  private static Predicate<JsonNode> requirement(String text) {
    Matcher match = SET.matcher(text);
    if (!match.matches()) {
      throw ApiException.badRequest(
          "unable to parse requirement: \"" + text + "\" is no label selector");
    }
    String key = match.group(2);
    if (match.group(3) != null) {
      List<String> values =
          Arrays.stream(match.group(4).split(",", -1)).map(String::strip).toList();
      Predicate<JsonNode> in = object -> values.contains(label(object, key));
      return match.group(3).equals("in") ? in : in.negate();
    }
    if (match.group(5) != null) {
      Predicate<JsonNode> equal = object -> match.group(6).equals(label(object, key));
      return match.group(5).equals("!=") ? equal.negate() : equal;
    }
    Predicate<JsonNode> exists = object -> label(object, key) != null;
    return match.group(1).isEmpty() ? exists : exists.negate();
  }

  private static String label(JsonNode object, String key) {
    return object.at("/metadata/labels").path(key).asText(null);
  }

  private static Predicate<JsonNode> fields(String selector, Kind kind) {
    return Arrays.stream(selector.split(",", -1))
        .map(part -> field(part, kind))
        .reduce(object -> true, Predicate::and);
  }

  private static Predicate<JsonNode> field(String part, Kind kind) {
    String[] sides = part.split("!=|==|=", 2);
    if (sides.length != 2) {
      throw ApiException.badRequest("invalid selector: '" + part + "'; can't understand it");
    }
    String path = sides[0];
    if (!path.matches("metadata\\.(name|namespace)") && !kind.fields().contains(path)) {
      throw ApiException.badRequest("field label not supported: " + path);
    }
    String pointer = "/" + path.replace('.', '/');
    Predicate<JsonNode> equal = object -> object.at(pointer).asText().equals(sides[1]);
    return part.startsWith("!=", path.length()) ? equal.negate() : equal;
  }
}
