package dev.gantry.workflows;

import dev.gantry.workflows.ToolContainer.File;
import dev.gantry.workflows.ToolContainer.Repository;
import dev.gantry.workflows.ToolContainer.Service;
import dev.gantry.workflows.ToolContainer.Volume;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads what a tool wants in and beside its container. */
final class ToolContainerReader {
  static final Keys FILE = Keys.of("destination", "content").refusing("source");
  static final Keys VOLUME = Keys.of("name", "path");
  static final Keys SERVICE = Keys.of("name", "image", "env", "entrypoint", "exposedPorts");
  static final Keys REPOSITORY = Keys.of("url", "branch", "dir");

  private static final int MOST_PORT = 65_535;

  /** So that Kubernetes takes it with what is put before or behind it. */
  private static final int LONGEST_NAME = 55;

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");

  private final Fields tool;
  private final Set<String> places = new HashSet<>();
  private final Set<Integer> ports = new HashSet<>();

  private ToolContainerReader(Fields tool) {
    this.tool = tool;
  }

  /** Null when the tool wants nothing of it. */
  static ToolContainer read(Fields tool) {
    boolean any =
        List.of("withFiles", "withVolumes", "withServices", "withGitRepo").stream()
            .anyMatch(tool::has);
    return any ? new ToolContainerReader(tool).container() : null;
  }

  private ToolContainer container() {
    Set<String> volumes = new HashSet<>();
    Set<String> services = new HashSet<>();
    return new ToolContainer(
        each("withFiles", this::file),
        each("withVolumes", item -> volume(Fields.of(item, VOLUME), volumes)),
        each("withServices", item -> service(Fields.of(item, SERVICE), services)),
        tool.has("withGitRepo")
            ? repository(Fields.of(tool.get("withGitRepo"), REPOSITORY))
            : null);
  }

  private <T> List<T> each(String key, Function<Field, T> reader) {
    List<T> all = new ArrayList<>();
    if (tool.has(key)) {
      tool.get(key).items().forEach(item -> all.add(reader.apply(item)));
    }
    return List.copyOf(all);
  }

  private File file(Field item) {
    Fields fields = Fields.of(item, FILE);
    String content = fields.text("content");
    if (!fields.has("content")) {
      fields.missing("content");
    }
    return new File(place(fields, "destination"), content);
  }

  private Volume volume(Fields fields, Set<String> names) {
    return new Volume(name(fields, names), place(fields, "path"));
  }

  private Service service(Fields fields, Set<String> names) {
    String name = name(fields, names);
    String image = required(fields, "image");
    return new Service(
        name, image, EnvReader.read(fields.get("env")), fields.texts("entrypoint"), ports(fields));
  }

  private List<Integer> ports(Fields fields) {
    List<Integer> own = new ArrayList<>();
    if (fields.has("exposedPorts")) {
      for (Field item : fields.get("exposedPorts").oneOrMore()) {
        int port = item.integer(1, MOST_PORT);
        if (!ports.add(port)) {
          item.fault("two services cannot have the port " + port + ": they share an address");
        }
        own.add(port);
      }
    }
    return List.copyOf(own);
  }

  private static Repository repository(Fields fields) {
    String url = required(fields, "url");
    if (url != null && !Substitution.isIn(url) && !isOfTheWeb(url)) {
      fields.fault(
          "url",
          "must be the URL of a repository, as https://example.com/owner/repo.git, without"
              + " credentials: a tool takes these from its secret GIT_TOKEN");
    }
    String dir = fields.nonBlank("dir");
    if (dir != null && fields.get("dir").leadsIntoTheWorkDirectory(dir)) {
      climbs(fields, "dir", dir);
    }
    return new Repository(url, fields.nonBlank("branch"), dir);
  }

  private static boolean isOfTheWeb(String url) {
    try {
      URI uri = new URI(url);
      return uri.getHost() != null
          && uri.getUserInfo() == null
          && List.of("http", "https").contains(uri.getScheme());
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static String name(Fields fields, Set<String> names) {
    String name = required(fields, "name");
    if (name == null) {
      return null;
    }
    if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
      fields.fault(
          "name",
          "must be up to "
              + LONGEST_NAME
              + " lower-case letters, digits and '-', not "
              + Quoted.quote(name));
    } else if (!names.add(name)) {
      fields.fault("name", Quoted.quote(name) + " stands here twice");
    }
    return name;
  }

  /** Where something is put; what its variables make of it, a runner sees. */
  private String place(Fields fields, String key) {
    String place = required(fields, key);
    if (place == null) {
      return null;
    }
    if (place.indexOf('\0') >= 0 || (place.indexOf(':') >= 0 && !Substitution.isIn(place))) {
      fields.fault(key, "must be a path without a colon, not " + Quoted.quote(place));
    } else if (!places.add(place)) {
      fields.fault(key, "two things are to be at " + Quoted.quote(place));
    } else if (!place.startsWith("/")) {
      climbs(fields, key, place.startsWith("~/") ? place.substring(2) : place);
    }
    return place;
  }

  private static void climbs(Fields fields, String key, String path) {
    if (Path.of(path).normalize().startsWith("..")) {
      fields.fault(key, "leads out of its directory: " + Quoted.quote(path));
    }
  }

  private static String required(Fields fields, String key) {
    String text = fields.nonBlank(key);
    if (text == null) {
      fields.missing(key);
    }
    return text;
  }
}
