package dev.gantry.workflows;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The keys of one kind of map, in camelCase.
 *
 * @param known what this version reads
 * @param later what belongs to the format and is refused for now, never ignored
 */
record Keys(Set<String> known, Set<String> later) {
  private static final Pattern SNAKE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)+");
  private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  static Keys of(String... known) {
    return new Keys(Set.of(known), Set.of());
  }

  Keys refusing(String... names) {
    return new Keys(known, Set.of(names));
  }

  /** The key in camelCase; one that is in neither spelling stays as it is. */
  static String camel(String key) {
    if (key.indexOf('_') < 0 || !SNAKE.matcher(key).matches()) {
      return key;
    }
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      name.append(c == '_' ? Character.toUpperCase(key.charAt(++i)) : c);
    }
    return name.toString();
  }

  /** Why {@code key} is refused, the nearest known key proposed in the spelling of the document. */
  String refusal(String key, Nearest nearest) {
    if (later.contains(camel(key))) {
      return notYet("the key " + Quoted.quote(key));
    }
    boolean snake = key.indexOf('_') > 0;
    Set<String> names = new TreeSet<>();
    known.forEach(name -> names.add(snake ? snake(name) : name));
    later.forEach(name -> names.add(snake ? snake(name) : name));
    return "unknown key " + Quoted.quote(key) + nearest.hint(key, names);
  }

  static String notYet(String what) {
    return what + " is not supported by this version yet";
  }

  static String snake(String name) {
    return HUMP.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
  }
}
