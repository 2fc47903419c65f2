package dev.gantry.workflows;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects the entries of one map; a key that comes again is a fault, the first one stays. */
final class MappingBuilder {
  private final Tree tree;
  private final Faults faults;
  private final Place place;
  private final Mark mark;
  private final Map<String, Value.Entry> entries = new LinkedHashMap<>();
  private final Map<String, Value.Entry> merged = new LinkedHashMap<>();

  MappingBuilder(Tree tree, Faults faults, Place place, Mark mark) {
    this.tree = tree;
    this.faults = faults;
    this.place = place;
    this.mark = mark;
  }

  void put(String key, Mark at, Value value) {
    Place here = place.key(key);
    tree.checked(key, here, at);
    Value.Entry first = entries.putIfAbsent(key, new Value.Entry(at, value));
    if (first != null) {
      faults.add(here, at, "the key " + Quoted.quote(key) + " stands here twice" + since(first));
    }
  }

  private static String since(Value.Entry first) {
    return first.key().line() == 0 ? "" : ", first in line " + first.key().line();
  }

  /** YAML's {@code <<}: the entries of {@code value} as far as this map has none of its own. */
  void merge(Mark at, Value value) {
    if (value instanceof Value.Mapping other) {
      other.entries().forEach(merged::putIfAbsent);
    } else if (value instanceof Value.Sequence all
        && all.items().stream().allMatch(Value.Mapping.class::isInstance)) {
      all.items().forEach(each -> merge(at, each));
    } else {
      faults.add(place.key("<<"), at, "must be a map or a list of maps, not " + value.kind());
    }
  }

  Value build() {
    merged.forEach(entries::putIfAbsent);
    int size = 1;
    int height = 0;
    for (Value.Entry entry : entries.values()) {
      size += entry.value().size();
      height = Math.max(height, entry.value().height());
    }
    return new Value.Mapping(Collections.unmodifiableMap(entries), mark, size, height + 1);
  }
}
