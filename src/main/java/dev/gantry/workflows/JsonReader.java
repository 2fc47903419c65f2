package dev.gantry.workflows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads JSON into values, from a text (with lines and columns) or from a tree (without). */
final class JsonReader {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonParser parser;
  private final Faults faults;
  private final Tree tree;

  private JsonReader(JsonParser parser, Faults faults) {
    this.parser = parser;
    this.faults = faults;
    this.tree = new Tree(faults);
  }

  /** Empty when {@code text} is no JSON: it may still be YAML. */
  static Optional<Value> read(String text, Faults faults) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      return Optional.of(new JsonReader(parser, faults).document());
    } catch (JsonProcessingException noJson) {
      return Optional.empty();
    } catch (IOException impossible) {
      throw new UncheckedIOException("a text in memory cannot be read", impossible);
    }
  }

  static Value read(JsonNode root, Faults faults) {
    try (JsonParser parser = root.traverse()) {
      return new JsonReader(parser, faults).document();
    } catch (IOException impossible) {
      throw new UncheckedIOException("a tree in memory cannot be read", impossible);
    }
  }

  private Value document() throws IOException {
    parser.nextToken();
    Value document = value(Place.ROOT, 0);
    if (parser.nextToken() != null) {
      throw faults.fatal(Place.ROOT, mark(), "text after the end of the definition");
    }
    return document;
  }

  private Value value(Place place, int depth) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(place, depth + 1);
      case START_ARRAY -> sequence(place, depth + 1);
      case VALUE_NULL, NOT_AVAILABLE -> tree.nothing(place, mark());
      default -> tree.scalar(parser.getText(), place, mark());
    };
  }

  private Value sequence(Place place, int depth) throws IOException {
    Mark start = mark();
    tree.enter(depth, place, start);
    List<Value> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(place.item(items.size()), depth));
    }
    return tree.sequence(items, start);
  }

  private Value mapping(Place place, int depth) throws IOException {
    Mark start = mark();
    tree.enter(depth, place, start);
    MappingBuilder entries = tree.mapping(place, start);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Mark at = mark();
      parser.nextToken();
      entries.put(key, at, value(place.key(key), depth));
    }
    return entries.build();
  }

  private Mark mark() {
    JsonLocation at = parser.currentTokenLocation();
    return at.getLineNr() < 1 ? Mark.NONE : new Mark(at.getLineNr(), at.getColumnNr());
  }
}
