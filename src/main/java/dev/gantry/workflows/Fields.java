package dev.gantry.workflows;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The entries of one map, read by their name in camelCase. Keys that do not belong there are told
 * at once; an explicit null is the same as no entry.
 */
final class Fields {
  private final Place place;
  private final Mark mark;
  private final Reading reading;
  private final boolean map;
  private final Map<String, Field> byName = new HashMap<>();

  private Fields(Field map) {
    this.place = map.place();
    this.mark = map.value().mark();
    this.reading = map.reading();
    this.map = map.value() instanceof Value.Mapping;
  }

  /** The fields of {@code map}, or none and a fault when it is no map. */
  static Fields of(Field map, Keys keys) {
    Fields fields = new Fields(map);
    if (map.value() instanceof Value.Mapping mapping) {
      mapping.entries().forEach((key, entry) -> fields.add(key, entry, keys));
    } else {
      map.fault("must be a map, not " + map.value().kind());
    }
    return fields;
  }

  private void add(String key, Value.Entry entry, Keys keys) {
    Place at = place.key(key);
    String name = Keys.camel(key);
    boolean isNull = entry.value() instanceof Value.Nothing;
    if (!keys.known().contains(name)) {
      if (!isNull || !keys.later().contains(name)) {
        reading.faults().add(at, entry.key(), () -> keys.refusal(key, reading.nearest()));
      }
    } else if (!isNull && byName.put(name, new Field(at, entry.value(), reading)) != null) {
      reading.faults().add(at, entry.key(), "stands here twice, in both spellings");
    }
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  /** The field, or null when it is absent. */
  Field get(String name) {
    return byName.get(name);
  }

  /** A fault of the field {@code name}, or of the place where it should be. */
  void fault(String name, String message) {
    Field field = byName.get(name);
    Mark at = field == null ? mark : field.value().mark();
    Place where = field == null ? place.key(name) : field.place();
    reading.faults().add(where, at, message);
  }

  /** Nothing is missing in what is no map at all: that was told already. */
  void missing(String name) {
    if (map) {
      fault(name, "is missing");
    }
  }

  /** A fault of the map as a whole. */
  void fault(String message) {
    reading.faults().add(place, mark, message);
  }

  String text(String name) {
    Field field = get(name);
    return field == null ? null : field.text();
  }

  /** A text with something in it, or null: blank counts as absent. */
  String nonBlank(String name) {
    String text = text(name);
    return text == null || text.isBlank() ? null : text;
  }

  /** A name that must be there; null after its fault. */
  String requiredName(String name) {
    if (!has(name)) {
      missing(name);
      return null;
    }
    return get(name).name();
  }

  List<String> texts(String name) {
    Field field = get(name);
    return field == null ? List.of() : field.texts();
  }

  boolean flag(String name) {
    Field field = get(name);
    return field != null && field.flag();
  }

  /** Zero when absent. */
  Duration duration(String name) {
    return has(name) ? get(name).duration() : Duration.ZERO;
  }

  /** The one of two spellings of the same thing that is there; both are a fault. */
  String oneOf(String name, String other) {
    if (has(name) && has(other)) {
      fault(other, "says the same as '" + name + "': give one of them");
    }
    return has(name) ? name : other;
  }
}
