package dev.gantry.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Values at and beyond the bounds of the document's schemas, drawn from a seed. What would be run
 * as a program, or connected to, comes from a list of what does no harm.
 */
final class Inputs {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JSON.getNodeFactory();

  /** Fields that are run, or name where to connect to. */
  private static final Map<String, List<String>> HARMLESS =
      Map.of(
          "content", List.of("true", "exit 3", "echo x", "", " "),
          "destination", List.of("https://127.0.0.1:9/a", "http://10.0.0.1/", "#a", "", " "),
          "url", List.of("https://127.0.0.1:9/a/b", "http://127.0.0.1:9/a", "a/b", "", " ", "::"),
          "source", List.of("https://127.0.0.1:9/a/b", "a/b", "a/b/c.yaml", "", "a", "::"),
          "runner", List.of("default", "", " ", "A b", "\0"));

  static final List<String> ODD_TEXTS =
      List.of(
          "",
          " ",
          "\0",
          "a\0b",
          "\r\nX-Injected: 1",
          "\u001b[31m",
          "\ud800",
          "\ud83d\ude80 ü \u202e ﷽",
          "'; drop table agents; --",
          "%_\\",
          "{{ .x }}${x}",
          "../../etc/passwd",
          "null",
          "true",
          "-1",
          "9223372036854775808",
          "1e999",
          "2026-02-30T25:61:00Z",
          "+999999999-12-31T23:59:59Z",
          "-999999999-01-01T00:00:00+18:00",
          "0s",
          "1h30m",
          "999999d99999999h",
          "00000000-0000-0000-0000-000000000000",
          "ffffffff-ffff-ffff-ffff-ffffffffffff",
          "a".repeat(256),
          "b".repeat(3_000));

  private final Random random;
  private final JsonNode document;
  private int count;

  Inputs(long seed, JsonNode document) {
    this.random = new Random(seed);
    this.document = document;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  String oddText() {
    return chance(0.2) ? randomText() : one(ODD_TEXTS);
  }

  private String randomText() {
    StringBuilder text = new StringBuilder();
    random.ints(random.nextInt(40), 0, 0x2_ffff).forEach(text::appendCodePoint);
    return text.toString();
  }

  private JsonNode resolved(JsonNode schema) {
    String ref = schema.path("$ref").asText();
    return ref.isEmpty() ? schema : document.at(ref.substring(1));
  }

  /** Whether it is an object's; else any JSON is taken. */
  boolean hasFields(JsonNode schema) {
    return !resolved(schema).path("properties").isEmpty();
  }

  /** An object that the schema takes, with a name that no other one has. */
  ObjectNode valid(JsonNode schema) {
    ObjectNode made = NODES.objectNode();
    Set<String> required = Set.copyOf(texts(schema.path("required")));
    for (var field : resolved(schema).path("properties").properties()) {
      boolean wanted = required.contains(field.getKey()) || chance(0.3);
      JsonNode value = wanted ? valid(field.getKey(), resolved(field.getValue())) : null;
      if (value != null) {
        made.set(field.getKey(), value);
      }
    }
    return made;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** Null when nothing simple is known to be valid. */
  private JsonNode valid(String field, JsonNode schema) {
    if (field.equals("definition")) {
      return definition();
    }
    if (field.equals("name")) {
      return NODES.textNode("n" + ++count);
    }
    if (schema.has("enum")) {
      return NODES.textNode(one(texts(schema.get("enum"))));
    }
    if (HARMLESS.containsKey(field)) {
      return NODES.textNode(HARMLESS.get(field).get(0));
    }
    if (schema.path("examples").path(0).isTextual()) {
      return schema.path("examples").path(0);
    }
    return switch (schema.path("type").asText()) {
      case "string" -> NODES.textNode("some text");
      case "boolean" -> NODES.booleanNode(chance(0.5));
      case "object" -> NODES.objectNode();
      default -> null;
    };
  }

  private JsonNode definition() {
    String yaml = "name: w\nsteps:\n  - name: a\n    command: \"true\"\n";
    ObjectNode tree = NODES.objectNode().put("name", "w");
    tree.putArray("steps").addObject().put("name", "a").put("command", "true");
    return chance(0.5) ? NODES.textNode(yaml) : tree;
  }

  /** Any JSON, mostly not what the field takes. */
  JsonNode odd(String field) {
    List<String> harmless = HARMLESS.get(field);
    return switch (random.nextInt(13)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(true);
      case 2 -> NODES.numberNode(one(List.of(0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE)));
      case 3 -> NODES.numberNode(new BigDecimal(one(List.of("1E+999", "0.1", "-1E-400"))));
      case 4 -> NODES.objectNode();
      case 5 -> NODES.objectNode().set(oddText(), NODES.textNode(oddText()));
      case 6 -> NODES.arrayNode();
      case 7 -> NODES.arrayNode().addNull().add(oddText()).add(1);
      case 8 -> many();
      case 9 -> nested(1 + random.nextInt(200));
      case 10 -> NODES.textNode(harmless == null ? "x".repeat(70_000) : one(harmless));
      default -> NODES.textNode(harmless == null ? oddText() : one(harmless));
    };
  }

  private static ArrayNode many() {
    ArrayNode many = NODES.arrayNode();
    for (int i = 0; i < 101; i++) {
      many.add("x" + i);
    }
    return many;
  }

  private static JsonNode nested(int levels) {
    JsonNode node = NODES.objectNode();
    for (int i = 0; i < levels; i++) {
      node = NODES.objectNode().set("a", node);
    }
    return node;
  }

  /** A valid object, with one or more fields that are not. */
  ObjectNode broken(JsonNode schema) {
    ObjectNode body = valid(schema);
    List<String> fields = new ArrayList<>();
    resolved(schema).path("properties").fieldNames().forEachRemaining(fields::add);
    do {
      String field = one(fields);
      switch (random.nextInt(8)) {
        case 0 -> body.remove(field);
        case 1 -> body.set("unknown" + oddText(), odd(""));
        default -> body.set(field, odd(field));
      }
    } while (chance(0.3));
    return body;
  }
}
