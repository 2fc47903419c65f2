package dev.gantry.chat.turns;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.chat.turns.Entry.Function;
import dev.gantry.models.ToolSpec;
import dev.gantry.tools.NamedDefinition;
import dev.gantry.workflows.ToolDefinition;
import dev.gantry.workflows.ToolParser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tools of sources as functions that a model may call, and its arguments back. Pure code. */
final class Functions {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_DESCRIPTION = 1024;

  private Functions() {}

  /** What a model is told, and what stands behind it. */
  record Told(List<ToolSpec> specs, List<Function> functions) {}

  static Told of(List<NamedDefinition> tools) {
    List<ToolSpec> specs = new ArrayList<>();
    List<Function> functions = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (NamedDefinition tool : tools) {
      ToolDefinition definition = ToolParser.parse(tool.definition());
      String name = name(tool.name(), names);
      specs.add(new ToolSpec(name, cut(tool.description()), schema(definition)));
      functions.add(new Function(name, tool.name(), tool.source().toString(), tool.commit()));
    }
    return new Told(specs, functions);
  }

  /** One that every provider takes, and that no other tool has. */
  private static String name(String tool, Set<String> taken) {
    String plain = tool.replaceAll("[^A-Za-z0-9_-]", "_");
    String name = plain.substring(0, Math.min(plain.length(), LONGEST_NAME));
    for (int i = 2; !taken.add(name); i++) {
      String end = "_" + i;
      name = plain.substring(0, Math.min(plain.length(), LONGEST_NAME - end.length())) + end;
    }
    return name;
  }

  private static String cut(String text) {
    return text == null || text.length() <= LONGEST_DESCRIPTION
        ? text
        : text.substring(0, LONGEST_DESCRIPTION);
  }

  private static JsonNode schema(ToolDefinition tool) {
    ObjectNode schema = JSON.createObjectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = JSON.createArrayNode();
    for (ToolDefinition.Arg arg : tool.args()) {
      ObjectNode property = properties.putObject(arg.name());
      property.put("type", arg.type() == null ? "string" : arg.type());
      if (arg.description() != null && !arg.description().isEmpty()) {
        property.put("description", arg.description());
      }
      if ("array".equals(arg.type())) {
        property.putObject("items");
      }
      if (arg.options() != null && !arg.options().isEmpty()) {
        arg.options().forEach(property.withArray("enum")::add);
        property.put("type", "string");
      }
      if (arg.required() && arg.value() == null) {
        required.add(arg.name());
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema.put("additionalProperties", false);
  }

  /**
   * What a model has given, each as a text.
   *
   * @throws IllegalArgumentException with a sentence for the model, when it is no JSON object
   */
  static Map<String, String> arguments(String text) {
    JsonNode given;
    try {
      given = JSON.readTree(text == null || text.isBlank() ? "{}" : text);
    } catch (JsonProcessingException malformed) {
      throw new IllegalArgumentException("the arguments are no JSON: give a JSON object");
    }
    if (!given.isObject()) {
      throw new IllegalArgumentException("the arguments must be a JSON object");
    }
    Map<String, String> args = new LinkedHashMap<>();
    given
        .properties()
        .forEach(
            field -> {
              JsonNode value = field.getValue();
              if (!value.isNull()) {
                args.put(field.getKey(), value.isTextual() ? value.textValue() : value.toString());
              }
            });
    return args;
  }
}
