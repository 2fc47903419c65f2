package dev.gantry.workflows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a parameter or an argument may be declared as. Its value is a text that reads as that. */
enum ValueType {
  STRING("a text"),
  INTEGER("a whole number"),
  NUMBER("a number"),
  BOOLEAN("true or false"),
  ARRAY("a JSON list"),
  OBJECT("a JSON object");

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, ValueType> OTHER_NAMES =
      Map.of(
          "str", STRING,
          "text", STRING,
          "int", INTEGER,
          "float", NUMBER,
          "bool", BOOLEAN,
          "list", ARRAY,
          "map", OBJECT,
          "dict", OBJECT);

  private final String what;

  ValueType(String what) {
    this.what = what;
  }

  static Optional<ValueType> named(String name) {
    return Arrays.stream(values())
        .filter(type -> type.shown().equals(name))
        .findFirst()
        .or(() -> Optional.ofNullable(OTHER_NAMES.get(name)));
  }

  /** The type of an accepted declaration; a text when it has none. */
  static ValueType of(String declared) {
    return declared == null ? STRING : named(declared).orElse(STRING);
  }

  /** The one name of the type, whichever the definition used. */
  String shown() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean takes(String value) {
    return switch (this) {
      case STRING -> true;
      case INTEGER -> Numbers.isInteger(value);
      case NUMBER -> Numbers.parse(value) != null;
      case BOOLEAN -> List.of("true", "false").contains(value.toLowerCase(Locale.ROOT));
      case ARRAY -> json(value).filter(JsonNode::isArray).isPresent();
      case OBJECT -> json(value).filter(JsonNode::isObject).isPresent();
    };
  }

  String refusal(String value) {
    return "must be " + what + ", not " + Quoted.quote(value);
  }

  private static Optional<JsonNode> json(String value) {
    try {
      return Optional.of(JSON.readTree(value));
    } catch (JsonProcessingException malformed) {
      return Optional.empty();
    }
  }
}
