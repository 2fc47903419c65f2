package dev.gantry.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.tools.DefinitionKind;
import dev.gantry.tools.OfferedDefinitions;
import dev.gantry.tools.OfferedDefinitions.Offered;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * Answers {@code tools/list}: tools by their names, then workflows, a page at a time. Event loop,
 * never blocks.
 */
@ApplicationScoped
class ToolList {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PAGE = 100;
  private static final UUID NO_ID = new UUID(0, 0);

  private final OfferedDefinitions definitions;

  ToolList(OfferedDefinitions definitions) {
    this.definitions = definitions;
  }

  /** The last one that a client has; opaque to it. */
  private record Cursor(DefinitionKind kind, String name, UUID id) {
    static Cursor read(JsonNode params) {
      if (!params.has("cursor")) {
        return new Cursor(DefinitionKind.TOOL, "", NO_ID);
      }
      try {
        byte[] bytes = Base64.getUrlDecoder().decode(params.path("cursor").asText());
        String[] parts = new String(bytes, StandardCharsets.UTF_8).split(" ", 3);
        return new Cursor(DefinitionKind.valueOf(parts[0]), parts[2], UUID.fromString(parts[1]));
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException madeUp) {
        throw Rpc.invalid("'cursor' must be what 'nextCursor' of a page said");
      }
    }

    String text() {
      byte[] bytes = (kind + " " + id + " " + name).getBytes(StandardCharsets.UTF_8);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
  }

  /**
   * @param kinds that the caller may execute
   */
  Uni<ObjectNode> page(UUID organization, List<DefinitionKind> kinds, JsonNode params) {
    Cursor from = Cursor.read(params);
    ObjectNode page = Rpc.object();
    page.putArray("tools");
    return fill(page, organization, kinds, from).replaceWith(page);
  }

  private Uni<Void> fill(
      ObjectNode page, UUID organization, List<DefinitionKind> kinds, Cursor from) {
    int rest = PAGE - page.path("tools").size();
    if (!kinds.contains(from.kind)) {
      return next(page, organization, kinds, from.kind);
    }
    return definitions
        .after(organization, from.kind, from.name, from.id, rest + 1)
        .chain(
            found -> {
              found.stream().limit(rest).forEach(one -> add(page, from.kind, one));
              if (found.size() <= rest) {
                return next(page, organization, kinds, from.kind);
              }
              page.put("nextCursor", cursor(from, found.subList(0, rest)).text());
              return Uni.createFrom().voidItem();
            });
  }

  /** A page that is full of one kind leaves the next one to the next page. */
  private static Cursor cursor(Cursor from, List<Offered> shown) {
    return shown.isEmpty()
        ? from
        : new Cursor(
            from.kind, shown.get(shown.size() - 1).name(), shown.get(shown.size() - 1).id());
  }

  private Uni<Void> next(
      ObjectNode page, UUID organization, List<DefinitionKind> kinds, DefinitionKind done) {
    return done == DefinitionKind.TOOL
        ? fill(page, organization, kinds, new Cursor(DefinitionKind.WORKFLOW, "", NO_ID))
        : Uni.createFrom().voidItem();
  }

  private static void add(ObjectNode page, DefinitionKind kind, Offered offered) {
    ObjectNode tool = page.withArray("/tools").addObject();
    tool.put("name", ToolName.of(kind, offered)).put("title", offered.name());
    tool.put("description", description(kind, offered));
    tool.set("inputSchema", schema(offered.parameters()));
  }

  private static String description(DefinitionKind kind, Offered offered) {
    String said = offered.description().isBlank() ? offered.name() : offered.description();
    return (kind == DefinitionKind.TOOL ? said : "Workflow: " + said)
        + (offered.shared() ? " (of the source '" + offered.sourceName() + "')" : "");
  }

  private static ObjectNode schema(JsonNode parameters) {
    ObjectNode schema = Rpc.object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = JSON.createArrayNode();
    for (JsonNode parameter : parameters) {
      String name = parameter.path("name").asText();
      properties.set(name, property(parameter));
      if (parameter.path("required").asBoolean() && !parameter.has("default")) {
        required.add(name);
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema.put("additionalProperties", false);
  }

  private static ObjectNode property(JsonNode parameter) {
    String type = parameter.path("type").asText("string");
    ObjectNode property = Rpc.object().put("type", type);
    if (parameter.has("description")) {
      property.set("description", parameter.get("description"));
    }
    if (type.equals("array")) {
      property.putObject("items");
    }
    parameter
        .path("options")
        .forEach(option -> property.withArray("/enum").add(value(type, option.asText())));
    if (parameter.has("default")) {
      property.set("default", value(type, parameter.path("default").asText()));
    }
    return property;
  }

  /** Defaults and options are kept as texts. */
  private static JsonNode value(String type, String text) {
    if (type.equals("string")) {
      return TextNode.valueOf(text);
    }
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException filledInLater) {
      return TextNode.valueOf(text);
    }
  }
}
