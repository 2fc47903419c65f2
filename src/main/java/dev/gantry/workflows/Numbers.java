package dev.gantry.workflows;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Numbers as a definition writes them. */
final class Numbers {
  /** Bounded, since the arithmetic on a number of a million digits, or 1e999999999, is not. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d{1,40}(\\.\\d{0,40})?|\\.\\d{1,40})([eE][+-]?\\d{1,3})?");

  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,40}");

  private Numbers() {}

  /** The number, or null when {@code text} is none. */
  static BigDecimal parse(String text) {
    return NUMBER.matcher(text).matches() ? new BigDecimal(text) : null;
  }

  static boolean isInteger(String text) {
    return INTEGER.matcher(text).matches();
  }
}
