package dev.gantry.workflows;

import java.util.List;
import java.util.Map;

/**
 * One value of a document, YAML or JSON, with the place in the text that it came from. Scalars keep
 * the text they were written with: what type it must be is up to who reads it.
 */
sealed interface Value {
  Mark mark();

  /** How many values this is with all below it, aliases counted as often as they stand there. */
  int size();

  /** How many collections are nested in each other here; 0 for a scalar. */
  int height();

  /** How a fault names it. */
  String kind();

  /** An explicit or implied null: counts as absent. */
  record Nothing(Mark mark) implements Value {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public int height() {
      return 0;
    }

    @Override
    public String kind() {
      return "nothing";
    }
  }

  /** A text, a number or a boolean. */
  record Scalar(String text, Mark mark) implements Value {
    @Override
    public int size() {
      return 1;
    }

    @Override
    public int height() {
      return 0;
    }

    @Override
    public String kind() {
      return "a single value";
    }
  }

  /** A list. */
  record Sequence(List<Value> items, Mark mark, int size, int height) implements Value {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /** A map; its entries in the order of the document, each key once. */
  record Mapping(Map<String, Entry> entries, Mark mark, int size, int height) implements Value {
    @Override
    public String kind() {
      return "a map";
    }
  }

  /**
   * @param key where the key stands
   */
  record Entry(Mark key, Value value) {}
}
