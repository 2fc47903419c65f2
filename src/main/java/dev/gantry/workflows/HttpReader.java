package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.Action;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads the config of a step whose executor is {@code http}, or {@code kubiya}, which is the same
 * to this installation's own API: a script around {@code curl}. What the request says comes to it
 * by the environment, so that no value is read as code and none is seen in the list of the host's
 * processes.
 */
final class HttpReader {
  static final Keys KEYS = Keys.of("url", "method", "headers", "body", "timeout");
  private static final String IMAGE = "curlimages/curl:8.11.1";

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  private static final String API = "api/v1/";
  private static final String URL = "GANTRY_HTTP_URL";
  private static final String HEADER = "GANTRY_HTTP_HEADER_";
  private static final String BODY = "GANTRY_HTTP_BODY";

  private final Field config;
  private final Fields fields;
  private final boolean ofApi;
  private final Map<String, String> environment = new LinkedHashMap<>();

  private HttpReader(Field config, boolean ofApi) {
    this.config = config;
    this.ofApi = ofApi;
    this.fields = Fields.of(config, KEYS);
  }

  static ActionReader.Read read(String executor, Field config, Fields step) {
    for (String other : List.of("command", "script", "shell")) {
      if (step.has(other)) {
        step.fault(other, "a step of the executor '" + executor + "' makes its request alone");
      }
    }
    return new HttpReader(config, executor.equals("kubiya")).read();
  }

  private ActionReader.Read read() {
    String url = fields.nonBlank("url");
    if (url == null) {
      fields.missing("url");
    }
    environment.put(URL, ofApi && url != null ? inApi(url) : url);
    boolean body = fields.has("body");
    if (body) {
      environment.put(BODY, fields.text("body"));
    }
    String script = script(method(body), headers(), body);
    return new ActionReader.Read(
        new Action.Container(IMAGE, new Action.Script(script, List.of()), ofApi),
        fields.duration("timeout"),
        environment);
  }

  /** The path of the API's, with or without a slash before it. */
  private String inApi(String url) {
    String path = url.strip().replaceFirst("^/", "");
    if (!path.startsWith(API)) {
      fields.fault("url", "must be a path of this API, as " + API + "agents");
    }
    return "${GANTRY_API_URL}/" + path;
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
    List<String> lines = new ArrayList<>();
    if (ofApi) {
      lines.add("Authorization: Bearer ${GANTRY_API_TOKEN}");
    }
    Field headers = fields.get("headers");
    if (headers != null && headers.value() instanceof Value.Mapping map) {
      map.entries()
          .forEach(
              (name, entry) -> {
                Place place = headers.place().key(name);
                lines.add(header(name, new Field(place, entry.value(), config.reading())));
              });
    } else if (headers != null) {
      headers.fault("must be a map, not " + headers.value().kind());
    }
    for (int i = 0; i < lines.size(); i++) {
      environment.put(HEADER + (i + 1), lines.get(i));
    }
    return lines.size();
  }

  private String header(String name, Field value) {
    if (!TOKEN.matcher(name).matches()) {
      value.fault("is no name of a header");
    }
    if (ofApi && name.equalsIgnoreCase("Authorization")) {
      value.fault("is the caller's: a step of the executor 'kubiya' has no other rights");
    }
    return name + ": " + value.text();
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
