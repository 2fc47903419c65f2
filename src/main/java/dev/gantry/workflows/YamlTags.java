package dev.gantry.workflows;

import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.events.ScalarEvent;

/** What a tag may be: one that says how a text is to be read, never one that names a class. */
final class YamlTags {
  private static final String PREFIX = "tag:yaml.org,2002:";
  private static final Set<String> HARMLESS =
      Set.of("str", "int", "float", "bool", "null", "seq", "map", "timestamp", "merge");
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

  private YamlTags() {}

  static void check(String tag, Place place, Mark mark, Faults faults) {
    if (tag != null && !"!".equals(tag) && !HARMLESS.contains(shortName(tag))) {
      faults.add(place, mark, "the tag " + Quoted.quote(written(tag)) + " is not allowed");
    }
  }

  static boolean isNull(ScalarEvent event) {
    return event.getTag() == null
        ? event.getScalarStyle() == ScalarStyle.PLAIN && NULLS.contains(event.getValue())
        : "null".equals(shortName(event.getTag()));
  }

  static boolean isMerge(ScalarEvent event) {
    return event.getScalarStyle() == ScalarStyle.PLAIN && "<<".equals(event.getValue());
  }

  private static String shortName(String tag) {
    return tag.startsWith(PREFIX) ? tag.substring(PREFIX.length()) : tag;
  }

  private static String written(String tag) {
    return tag.startsWith(PREFIX) ? "!!" + tag.substring(PREFIX.length()) : tag;
  }
}
