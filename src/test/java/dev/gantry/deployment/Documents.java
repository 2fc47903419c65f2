package dev.gantry.deployment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** YAML as maps and lists; a key that stands twice is an error. */
public final class Documents {
  private Documents() {}

  /** The documents of a file that hold anything. */
  @SuppressWarnings("unchecked")
  public static List<Map<String, Object>> of(String yaml) {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    List<Map<String, Object>> documents = new ArrayList<>();
    for (Object document : new Yaml(strict).loadAll(yaml)) {
      if (document != null) {
        documents.add((Map<String, Object>) document);
      }
    }
    return documents;
  }

  /** What lies at the end of these keys; null when there is nothing. */
  public static Object at(Object from, String... keys) {
    Object here = from;
    for (String key : keys) {
      here = here instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return here;
  }

  public static String text(Object from, String... keys) {
    return Objects.toString(at(from, keys), null);
  }

  /** The entries of a list there; none when there is no list. */
  @SuppressWarnings("unchecked")
  public static List<Map<String, Object>> list(Object from, String... keys) {
    Object found = at(from, keys);
    return found == null ? List.of() : (List<Map<String, Object>>) found;
  }

  static String kind(Map<String, Object> object) {
    return text(object, "kind");
  }

  static String name(Map<String, Object> object) {
    return text(object, "metadata", "name");
  }

  /** The pod that an object is or makes; null for others. */
  static Object pod(Map<String, Object> object) {
    return switch (kind(object)) {
      case "Pod" -> object.get("spec");
      case "Deployment" -> at(object, "spec", "template", "spec");
      default -> null;
    };
  }
}
