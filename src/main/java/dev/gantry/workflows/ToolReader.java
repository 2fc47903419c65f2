package dev.gantry.workflows;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads a tool's definition. */
final class ToolReader {
  private static final String DEFAULT_IMAGE = "alpine";
  private static final String DOCKER = "docker";

  /** How long a tool may run that says that it runs long, or that it does not. */
  private static final Duration LONG = Duration.ofDays(7);

  private static final Duration SHORT = Duration.ofMinutes(5);

  static final Keys KEYS =
      Keys.of(
          "name",
          "description",
          "type",
          "image",
          "content",
          "contentUrl",
          "args",
          "env",
          "secrets",
          "entrypoint",
          "alias",
          "iconUrl",
          "mermaid",
          "longRunning",
          "withFiles",
          "withVolumes",
          "withServices",
          "withGitRepo",
          "metadata");

  static final Keys ARG = Keys.of("name", "type", "description", "required", "default", "options");

  private final Field tool;
  private final Fields fields;

  private ToolReader(Field tool) {
    this.tool = tool;
    this.fields = Fields.of(tool, KEYS);
  }

  static ToolDefinition read(Field tool) {
    return new ToolReader(tool).tool();
  }

  private ToolDefinition tool() {
    String name = null;
    if (tool.value() instanceof Value.Mapping) {
      name = fields.requiredName("name");
      requireDescription();
      requireSomethingToRun();
    }
    String image = fields.nonBlank("image");
    return new ToolDefinition(
        name,
        fields.text("description"),
        type(),
        image == null ? DEFAULT_IMAGE : image,
        fields.nonBlank("content"),
        contentUrl(),
        args(),
        fields.texts("entrypoint"),
        EnvReader.readOfTool(fields.get("env")),
        new Grants(EnvReader.readSecrets(fields.get("secrets")), List.of()),
        limit(),
        ToolContainerReader.read(fields));
  }

  private static boolean isWeb(String url) {
    try {
      URI uri = new URI(url);
      return uri.getHost() != null && List.of("http", "https").contains(uri.getScheme());
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private Duration limit() {
    if (!fields.has("longRunning")) {
      return Duration.ZERO;
    }
    return fields.flag("longRunning") ? LONG : SHORT;
  }

  private void requireDescription() {
    if (!fields.has("description")) {
      fields.missing("description");
    }
  }

  private void requireSomethingToRun() {
    boolean content = fields.has("content") && fields.nonBlank("content") != null;
    if (!content && !fields.has("contentUrl") && !fields.has("entrypoint")) {
      fields.fault("runs nothing: give content, content_url or entrypoint");
    }
  }

  private String contentUrl() {
    String url = fields.nonBlank("contentUrl");
    if (url != null && !isWeb(url)) {
      fields.fault("contentUrl", "must be the URL of a script, as https://example.com/tool.sh");
    }
    if (url != null && fields.has("content")) {
      fields.fault("contentUrl", "give either the content or its URL");
    }
    return url;
  }

  private String type() {
    String type = fields.text("type");
    if (type != null && !DOCKER.equals(type)) {
      fields.fault("type", Keys.notYet("the tool type " + Quoted.quote(type)));
    }
    return DOCKER;
  }

  private List<ToolDefinition.Arg> args() {
    if (!fields.has("args")) {
      return List.of();
    }
    List<ToolDefinition.Arg> args = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Field item : fields.get("args").items()) {
      args.add(arg(item, names));
    }
    return List.copyOf(args);
  }

  private static ToolDefinition.Arg arg(Field item, Set<String> names) {
    Fields arg = Fields.of(item, ARG);
    String name = VariableDeclaration.name(arg, names);
    ValueType type = VariableDeclaration.type(arg);
    String value = VariableDeclaration.value(arg, type);
    List<String> options = arg.texts("options");
    if (value != null && !options.isEmpty() && !options.contains(value)) {
      arg.fault("default", ToolArguments.notAmong(value, options));
    }
    return new ToolDefinition.Arg(
        name, type.shown(), arg.text("description"), arg.flag("required"), value, options);
  }
}
