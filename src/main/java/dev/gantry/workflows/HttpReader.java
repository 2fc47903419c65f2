package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.Action;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads the config of a step whose executor is {@code http}: a script around {@code curl}. What the
 * request says comes to it by the environment, so that no value is read as code and none is seen in
 * the list of the host's processes.
 */
final class HttpReader {
  static final Keys KEYS = Keys.of("url", "method", "headers", "body", "timeout");
  private static final String IMAGE = "curlimages/curl:8.11.1";

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  private static final String URL = "GANTRY_HTTP_URL";
  private static final String HEADER = "GANTRY_HTTP_HEADER_";
  private static final String BODY = "GANTRY_HTTP_BODY";

  private final Field config;
  private final Fields fields;
  private final Map<String, String> environment = new LinkedHashMap<>();

  private HttpReader(Field config) {
    this.config = config;
    this.fields = Fields.of(config, KEYS);
  }

  static ActionReader.Read read(Field config, Fields step) {
    for (String other : List.of("command", "script", "shell")) {
      if (step.has(other)) {
        step.fault(other, "a step of the executor 'http' makes its request alone");
      }
    }
    return new HttpReader(config).read();
  }

  private ActionReader.Read read() {
    String url = fields.nonBlank("url");
    if (url == null) {
      fields.missing("url");
    }
    environment.put(URL, url);
    boolean body = fields.has("body");
    if (body) {
      environment.put(BODY, fields.text("body"));
    }
    String script = script(method(body), headers(), body);
    return new ActionReader.Read(
        new Action.Container(IMAGE, new Action.Script(script, List.of())),
        fields.duration("timeout"),
        environment);
  }

  private String method(boolean body) {
    String method = fields.nonBlank("method");
    if (method == null) {
      return body ? "POST" : "GET";
    }
    if (!method.strip().matches("[A-Za-z]+")) {
      fields.fault("method", "is no method of HTTP: " + Quoted.quote(method));
    }
    return method.strip().toUpperCase(Locale.ROOT);
  }

  /** How many there are. */
  private int headers() {
    Field headers = fields.get("headers");
    if (headers == null) {
      return 0;
    }
    if (!(headers.value() instanceof Value.Mapping map)) {
      headers.fault("must be a map, not " + headers.value().kind());
      return 0;
    }
    int[] count = {0};
    map.entries()
        .forEach(
            (name, entry) -> {
              Field header = new Field(headers.place().key(name), entry.value(), config.reading());
              if (!TOKEN.matcher(name).matches()) {
                header.fault("is no name of a header");
              }
              environment.put(HEADER + ++count[0], name + ": " + header.text());
            });
    return count[0];
  }

  private static String script(String method, int headers, boolean body) {
    StringBuilder script = new StringBuilder();
    script.append(
        """
        set -u
        one_line() {
          case $2 in *[[:cntrl:]]*)
            echo "http: $1 holds a line break or another control character" >&2; exit 3;;
          esac
        }
        one_line "the url" "$GANTRY_HTTP_URL"
        case $GANTRY_HTTP_URL in *[\\"\\\\[:space:]]*)
          echo "http: the url holds a blank, a quote or a backslash; write them as %20, %22, %5C" >&2
          exit 3;;
        esac
        """);
    for (int i = 1; i <= headers; i++) {
      script.append("one_line \"header %1$d\" \"$%2$s%1$d\"\n".formatted(i, HEADER));
    }
    if (body) {
      // An environment is bounded: a body that did not fit must not be sent as none.
      script.append(": \"$").append(BODY).append("\"\nprintf %s \"$").append(BODY).append("\" | ");
    }
    script
        .append("curl --silent --show-error --fail-with-body --location --max-redirs 10 \\\n")
        .append("  --proto =http,https --globoff --request ")
        .append(method)
        .append(" --config /dev/fd/3 --header @/dev/fd/4 \\\n");
    if (body) {
      script.append("  --data-binary @- \\\n");
    }
    script.append("  3<<CONFIG 4<<HEADERS\nurl = \"$GANTRY_HTTP_URL\"\nCONFIG\n");
    for (int i = 1; i <= headers; i++) {
      script.append('$').append(HEADER).append(i).append('\n');
    }
    return script.append("HEADERS\n").toString();
  }
}
