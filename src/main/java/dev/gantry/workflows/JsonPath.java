package dev.gantry.workflows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Paths such as {@code .a.b[0]}: members and indexes, nothing else. */
final class JsonPath {
  private static final Pattern STEP = Pattern.compile("\\G(?:\\.([A-Za-z0-9_-]+)|\\[(\\d{1,9})])");

  private JsonPath() {}

  /** What lies there; a missing node when nothing does or {@code path} is none. */
  static JsonNode find(JsonNode root, String path) {
    JsonNode node = root;
    Matcher steps = STEP.matcher(path);
    int end = 0;
    while (steps.find()) {
      node =
          steps.group(1) == null
              ? node.path(Integer.parseInt(steps.group(2)))
              : node.path(steps.group(1));
      end = steps.end();
    }
    return end == path.length() ? node : MissingNode.getInstance();
  }
}
