package dev.gantry.workflows;

import java.util.List;

/**
 * Makes the values of one document and holds its limits: how deep they nest, how many they are once
 * aliases are written out, and that each text is one.
 */
final class Tree {
  static final int MOST_BYTES = 1024 * 1024;
  static final int DEEPEST = 64;
  static final int MOST_VALUES = 200_000;

  private final Faults faults;
  private int values;

  Tree(Faults faults) {
    this.faults = faults;
  }

  Value nothing(Place place, Mark mark) {
    count(1, place, mark);
    return new Value.Nothing(mark);
  }

  Value scalar(String text, Place place, Mark mark) {
    count(1, place, mark);
    return new Value.Scalar(checked(text, place, mark), mark);
  }

  /** Called before a collection is read. {@code depth} is 1 for the document's own. */
  void enter(int depth, Place place, Mark mark) {
    count(1, place, mark);
    if (depth > DEEPEST) {
      throw faults.fatal(place, mark, "nested deeper than " + DEEPEST);
    }
  }

  Value sequence(List<Value> items, Mark mark) {
    int size = 1;
    int height = 0;
    for (Value item : items) {
      size += item.size();
      height = Math.max(height, item.height());
    }
    return new Value.Sequence(List.copyOf(items), mark, size, height + 1);
  }

  MappingBuilder mapping(Place place, Mark mark) {
    return new MappingBuilder(this, faults, place, mark);
  }

  /** A value that stands at one more place, {@code depth} collections down. */
  Value again(Value value, int depth, Place place, Mark mark) {
    count(value.size(), place, mark);
    if (depth + value.height() > DEEPEST) {
      throw faults.fatal(place, mark, "nested deeper than " + DEEPEST + " through an alias");
    }
    return value;
  }

  /** Nothing that stores or prints text takes these two: better told here than failed there. */
  String checked(String text, Place place, Mark mark) {
    if (text.indexOf('\0') >= 0) {
      faults.add(place, mark, "holds a NUL character");
    } else if (hasHalfPair(text)) {
      faults.add(place, mark, "holds half of a character (a lone surrogate)");
    }
    return text;
  }

  private void count(int more, Place place, Mark mark) {
    values += more;
    if (values > MOST_VALUES) {
      throw faults.fatal(place, mark, "more than " + MOST_VALUES + " values, aliases written out");
    }
  }

  private static boolean hasHalfPair(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }
}
