package dev.gantry.sources;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.resources.Fields;
import java.util.function.Consumer;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The body of a create, of an update and of a preview. A field that is absent, or null, keeps what
 * there is; an empty one takes it away.
 *
 * @param tools of an inline source: a list of objects or YAML texts, or one YAML text
 * @param workflows likewise
 */
record SourceRequest(
    @Schema(maxLength = 255) String name,
    String description,
    @Schema(enumeration = {"github", "git", "inline"}) String type,
    @Schema(maxLength = 2048) String url,
    @Schema(maxLength = 255) String branch,
    @Schema(maxLength = 2048) String path,
    @Schema(maxLength = 255) String runner,
    @Schema(description = "For inline: a list of objects or YAML texts, or one YAML text")
        JsonNode tools,
    @Schema(description = "As tools") JsonNode workflows,
    Origin.Credentials credentials) {
  private static final int MAX_LINE = 255;
  private static final int MAX_URL = 2048;
  private static final int MAX_DESCRIPTION_BYTES = 4 << 10;

  /** What is wrong with the fields by themselves. */
  void check(Fields fields) {
    fields
        .line("name", name, MAX_LINE)
        .text("description", description, MAX_DESCRIPTION_BYTES)
        .oneOf("type", type, Origin.TYPES)
        .line("url", url, MAX_URL)
        .lineOrEmpty("branch", branch, MAX_LINE)
        .lineOrEmpty("path", path, MAX_URL)
        .lineOrEmpty("runner", runner, MAX_LINE);
    checkDefinitions("tools", tools, fields);
    checkDefinitions("workflows", workflows, fields);
    if (credentials != null) {
      if (credentials.secret() != null && credentials.integration() != null) {
        fields.fault("credentials", "must name a secret or an integration, not both");
      }
      fields
          .line("credentials.secret", credentials.secret(), MAX_LINE)
          .line("credentials.integration", credentials.integration(), MAX_LINE);
    }
  }

  private static void checkDefinitions(String field, JsonNode given, Fields fields) {
    if (isAbsent(given) || given.isTextual()) {
      return;
    }
    if (!given.isArray()) {
      fields.fault(field, "must be a list of objects or YAML texts, or one YAML text");
      return;
    }
    for (int i = 0; i < given.size(); i++) {
      if (!given.get(i).isObject() && !given.get(i).isTextual()) {
        fields.fault(field + "[" + i + "]", "must be an object or a YAML text");
      }
    }
  }

  /** Where it is then, seen from where it was; null = nowhere yet. */
  Origin origin(Origin before, SourceConfig config) {
    String then = type == null && before != null ? before.type() : typeOr(config);
    boolean moves = before == null || before.isInline() != Origin.INLINE.equals(then);
    Origin.Credentials named = credentials == null && !moves ? before.credentials() : credentials;
    return new Origin(
        then,
        url == null && !moves ? before.url() : url,
        branch == null && !moves ? before.branch() : branch,
        path == null && !moves ? before.path() : path,
        named == null || named.isNothing() ? null : named);
  }

  private String typeOr(SourceConfig config) {
    if (type != null) {
      return type;
    }
    if (hasDefinitions()) {
      return Origin.INLINE;
    }
    boolean github = url == null || !url.contains(":") || url.startsWith(config.githubUrl() + "/");
    return github ? Origin.GITHUB : Origin.GIT;
  }

  /** What is wrong with the definitions, seen from where they are to be. */
  void checkDefinitions(Origin origin, Fields fields) {
    if (!origin.isInline()) {
      absent("tools", tools, origin, fields);
      absent("workflows", workflows, origin, fields);
    }
  }

  private static void absent(String field, JsonNode given, Origin origin, Fields fields) {
    if (!isAbsent(given)) {
      fields.fault(field, "does not go with type '" + origin.type() + "'");
    }
  }

  boolean hasDefinitions() {
    return !isAbsent(tools) || !isAbsent(workflows);
  }

  /** The definitions as they are stored, or null. */
  static String stored(JsonNode given) {
    return isAbsent(given) ? null : given.toString();
  }

  private static boolean isAbsent(JsonNode given) {
    return given == null || given.isNull();
  }

  /** Takes over all but the origin. */
  void applyTo(Source source) {
    given(name, value -> source.name = value);
    given(description, value -> source.description = value);
    given(runner, value -> source.runner = value);
    given(stored(tools), value -> source.inlineTools = value);
    given(stored(workflows), value -> source.inlineWorkflows = value);
  }

  private static <T> void given(T value, Consumer<T> set) {
    if (value != null) {
      set.accept(value);
    }
  }
}
