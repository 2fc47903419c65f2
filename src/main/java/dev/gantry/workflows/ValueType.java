package dev.gantry.workflows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a parameter or an argument may be declared as. Its value is a text that reads as that. */
enum ValueType {
  STRING("a text", "string", "str", "text"),
  INTEGER("a whole number", "integer", "int"),
  NUMBER("a number", "number", "float"),
  BOOLEAN("true or false", "boolean", "bool"),
  ARRAY("a JSON list", "array", "list"),
  OBJECT("a JSON object", "object", "map", "dict");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String what;
  private final List<String> names;

  ValueType(String what, String... names) {
    this.what = what;
    this.names = List.of(names);
  }

  static Optional<ValueType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.names.contains(name)).findFirst();
  }

  /** The type of an accepted declaration; a text when it has none. */
  static ValueType of(String declared) {
    return declared == null ? STRING : named(declared).orElse(STRING);
  }

  /** The type's first name, whichever of them the definition used. */
  String shown() {
    return names.get(0);
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
