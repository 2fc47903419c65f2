package dev.gantry.workflows;

import dev.gantry.platform.Durations;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One value together with its place, and its readings. A reading of the wrong shape is a fault and
 * gives the value's harmless stand-in, so that what follows is read too.
 */
record Field(Place place, Value value, Reading reading) {
  /** Says so if not. Where the path leads in the end, a runner sees. */
  boolean leadsIntoTheWorkDirectory(String path) {
    boolean leads = !path.isBlank() && !path.startsWith("/") && path.indexOf('\0') < 0;
    if (!leads) {
      fault("must be a path in the work directory, not " + Quoted.quote(path));
    }
    return leads;
  }

  void fault(String message) {
    reading.faults().add(place, value.mark(), message);
  }

  Field item(int index, Value item) {
    return new Field(place.item(index), item, reading);
  }

  /** A text, or the text of a number or boolean; null when it is neither. */
  String text() {
    if (value instanceof Value.Scalar scalar) {
      return scalar.text();
    }
    fault("must be a text, not " + value.kind());
    return null;
  }

  /** A text that is there and says something; null when not. */
  String name() {
    String text = text();
    if (text == null) {
      return null;
    }
    String wrong = Names.faultOfName(text);
    if (wrong != null) {
      fault(wrong);
      return null;
    }
    return text;
  }

  /** The name of a variable; null when it is none. */
  String variable() {
    String text = text();
    if (text != null && !Names.isVariable(text)) {
      fault(Names.faultOfVariable(text));
      return null;
    }
    return text;
  }

  List<Field> items() {
    if (!(value instanceof Value.Sequence sequence)) {
      fault("must be a list, not " + value.kind());
      return List.of();
    }
    List<Field> items = new ArrayList<>(sequence.items().size());
    for (Value item : sequence.items()) {
      items.add(item(items.size(), item));
    }
    return items;
  }

  /** The list's items, or the one value that stands for a list of one. */
  List<Field> oneOrMore() {
    return value instanceof Value.Scalar ? List.of(this) : items();
  }

  List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (Field item : oneOrMore()) {
      String text = item.text();
      if (text != null) {
        texts.add(text);
      }
    }
    return List.copyOf(texts);
  }

  Duration duration() {
    String text = text();
    if (text == null) {
      return Duration.ZERO;
    }
    return Durations.parse(text)
        .orElseGet(
            () -> {
              fault(
                  "not a duration: "
                      + Quoted.quote(text)
                      + ", write a number of seconds or as 90s, 15m, 1h30m");
              return Duration.ZERO;
            });
  }

  int integer(int least, int most) {
    return number(least, most, true).intValue();
  }

  double decimal(int least, int most) {
    return number(least, most, false).doubleValue();
  }

  private BigDecimal number(int least, int most, boolean whole) {
    String text = text();
    BigDecimal number = text == null ? null : Numbers.parse(text);
    if (number != null
        && (!whole || Numbers.isInteger(text))
        && number.compareTo(BigDecimal.valueOf(least)) >= 0
        && number.compareTo(BigDecimal.valueOf(most)) <= 0) {
      return number;
    }
    if (text != null) {
      String what = whole ? "a whole number" : "a number";
      fault("must be " + what + " from " + least + " to " + most + ", not " + Quoted.quote(text));
    }
    return BigDecimal.valueOf(least);
  }

  boolean flag() {
    String text = text();
    return switch (text == null ? "no" : text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> {
        fault("must be true or false, not " + Quoted.quote(text));
        yield false;
      }
    };
  }
}
