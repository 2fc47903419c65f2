package dev.gantry.workflows;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code env}: a map, or a list of {@code K=V} and maps; the order is kept. */
final class EnvReader {
  private final Map<String, String> env = new LinkedHashMap<>();
  private final Bare bare;

  private EnvReader(Bare bare) {
    this.bare = bare;
  }

  /** What a bare {@code NAME} in a list is. */
  private enum Bare {
    FAULT,
    ANYWAY_THERE,
    ITS_OWN_VALUE
  }

  /** Of a workflow or a step; an absent field is an empty map. */
  static Map<String, String> read(Field field) {
    return new EnvReader(Bare.FAULT).all(field);
  }

  /** Of a tool, where a bare {@code NAME} asks for a variable that the execution has anyway. */
  static Map<String, String> readOfTool(Field field) {
    return new EnvReader(Bare.ANYWAY_THERE).all(field);
  }

  /** Names of secrets by variable; a bare {@code NAME} is a secret in the variable of its name. */
  static Map<String, String> readSecrets(Field field) {
    return new EnvReader(Bare.ITS_OWN_VALUE).all(field);
  }

  private Map<String, String> all(Field field) {
    if (field == null) {
      return Map.of();
    }
    if (field.value() instanceof Value.Mapping map) {
      entries(field, map);
    } else if (field.value() instanceof Value.Sequence) {
      field.items().forEach(this::item);
    } else {
      field.fault("must be a map or a list, not " + field.value().kind());
    }
    return Collections.unmodifiableMap(env);
  }

  private void item(Field item) {
    if (item.value() instanceof Value.Mapping map) {
      entries(item, map);
      return;
    }
    String text = item.text();
    if (text == null) {
      return;
    }
    int equals = text.indexOf('=');
    if (equals >= 0) {
      put(item, text.substring(0, equals), text.substring(equals + 1));
    } else if (bare == Bare.FAULT) {
      item.fault("must be NAME=value or a map");
    } else if (bare == Bare.ANYWAY_THERE) {
      item.variable();
    } else {
      put(item, text, text);
    }
  }

  private void entries(Field place, Value.Mapping map) {
    map.entries()
        .forEach(
            (name, entry) -> {
              Field field = new Field(place.place().key(name), entry.value(), place.reading());
              boolean empty = entry.value() instanceof Value.Nothing;
              put(field, name, empty ? "" : field.text());
            });
  }

  private void put(Field field, String name, String value) {
    if (!Names.isVariable(name)) {
      field.fault(Names.faultOfVariable(name));
    } else if (value != null && env.put(name, value) != null) {
      field.fault("the variable " + Quoted.quote(name) + " stands here twice");
    }
  }
}
