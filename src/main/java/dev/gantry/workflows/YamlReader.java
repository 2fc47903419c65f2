package dev.gantry.workflows;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/**
 * Reads one YAML document into values, from the parser's events: nothing is built that the document
 * names, and an alias costs what it stands for, so that the limits hold while reading.
 */
final class YamlReader {
  /** The parser's time grows with the square of a line's length: seconds for one of 1 MiB. */
  static final int LONGEST_LINE = 256 * 1024;

  private final Iterator<Event> events;
  private final Faults faults;
  private final Tree tree;
  private final Map<String, Value> anchors = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  private YamlReader(String text, Faults faults) {
    this.events = new Yaml(new LoaderOptions()).parse(new StringReader(text)).iterator();
    this.faults = faults;
    this.tree = new Tree(faults);
  }

  /** Throws {@link InvalidDefinitionException} when there is no document to go on with. */
  static Value read(String text, Faults faults) {
    refuseLongLine(text, faults);
    try {
      return new YamlReader(text, faults).document();
    } catch (YAMLException malformed) {
      throw YamlFault.of(malformed, text, faults);
    } catch (IllegalArgumentException malformed) {
      // The parser lets these out for an escape or a directive with a number beyond all bounds.
      throw YamlFault.of(new YAMLException("a number is out of range", malformed), text, faults);
    }
  }

  private static void refuseLongLine(String text, Faults faults) {
    int line = 1;
    for (int start = 0; start >= 0; line++) {
      int end = text.indexOf('\n', start);
      if ((end < 0 ? text.length() : end) - start > LONGEST_LINE) {
        throw faults.fatal(
            Place.ROOT,
            new Mark(line, 1),
            "a line is longer than "
                + LONGEST_LINE
                + " characters, write it as a block or as JSON");
      }
      start = end < 0 ? end : end + 1;
    }
  }

  private Value document() {
    events.next(); // the stream's start
    Event first = events.next();
    if (!(first instanceof DocumentStartEvent)) {
      throw faults.fatal(Place.ROOT, mark(first), "the document is empty");
    }
    Value document = value(events.next(), Place.ROOT, 0);
    events.next(); // the document's end
    Event last = events.next();
    if (last instanceof DocumentStartEvent) {
      faults.add(Place.ROOT, mark(last), "more than one document: only one is taken");
    }
    return document;
  }

  private Value value(Event event, Place place, int depth) {
    if (event instanceof AliasEvent alias) {
      return alias(alias, place, depth);
    }
    NodeEvent node = (NodeEvent) event;
    if (node.getAnchor() != null) {
      open.add(node.getAnchor());
    }
    Value value = unnamed(node, place, depth);
    if (node.getAnchor() != null) {
      open.remove(node.getAnchor());
      anchors.put(node.getAnchor(), value);
    }
    return value;
  }

  private Value unnamed(NodeEvent node, Place place, int depth) {
    if (node instanceof MappingStartEvent start) {
      return mapping(start, place, depth + 1);
    }
    if (node instanceof SequenceStartEvent start) {
      return sequence(start, place, depth + 1);
    }
    return scalar((ScalarEvent) node, place);
  }

  private Value alias(AliasEvent alias, Place place, int depth) {
    Value value = anchors.get(alias.getAnchor());
    if (open.contains(alias.getAnchor())) {
      throw faults.fatal(place, mark(alias), "the alias stands inside of what it names");
    }
    if (value == null) {
      throw faults.fatal(
          place, mark(alias), "there is no anchor &" + Quoted.shown(alias.getAnchor()));
    }
    return tree.again(value, depth, place, mark(alias));
  }

  private Value scalar(ScalarEvent event, Place place) {
    YamlTags.check(event.getTag(), place, mark(event), faults);
    return YamlTags.isNull(event)
        ? tree.nothing(place, mark(event))
        : tree.scalar(event.getValue(), place, mark(event));
  }

  private Value sequence(SequenceStartEvent start, Place place, int depth) {
    YamlTags.check(start.getTag(), place, mark(start), faults);
    tree.enter(depth, place, mark(start));
    List<Value> items = new ArrayList<>();
    Event next = events.next();
    while (!next.is(Event.ID.SequenceEnd)) {
      items.add(value(next, place.item(items.size()), depth));
      next = events.next();
    }
    return tree.sequence(items, mark(start));
  }

  private Value mapping(MappingStartEvent start, Place place, int depth) {
    YamlTags.check(start.getTag(), place, mark(start), faults);
    tree.enter(depth, place, mark(start));
    MappingBuilder entries = tree.mapping(place, mark(start));
    Event next = events.next();
    while (!next.is(Event.ID.MappingEnd)) {
      entry(next, place, depth, entries);
      next = events.next();
    }
    return entries.build();
  }

  private void entry(Event at, Place place, int depth, MappingBuilder entries) {
    String key = key(at, place, depth);
    Value value = value(events.next(), place.key(key), depth);
    if (at instanceof ScalarEvent plain && YamlTags.isMerge(plain)) {
      entries.merge(mark(at), value);
    } else {
      entries.put(key, mark(at), value);
    }
  }

  private String key(Event at, Place place, int depth) {
    if (at instanceof ScalarEvent plain && plain.getAnchor() == null) {
      YamlTags.check(plain.getTag(), place.key(plain.getValue()), mark(at), faults);
      return plain.getValue();
    }
    if (value(at, place, depth) instanceof Value.Scalar scalar) {
      return scalar.text();
    }
    throw faults.fatal(place, mark(at), "a key must be a text");
  }

  static Mark mark(Event event) {
    return YamlFault.mark(event.getStartMark());
  }
}
