package dev.gantry.bench;

import java.util.Locale;

/**
 * One number that a figure finds, and how good it is to be.
 *
 * @param reach null when it is told only
 */
record Measure(String name, String unit, Reach reach) {
  /** The bound that a number is to keep. */
  record Reach(boolean atMost, double bound) {
    boolean isKeptBy(double value) {
      return atMost ? value <= bound : value >= bound;
    }
  }

  static Measure atMost(String name, double bound, String unit) {
    return new Measure(name, unit, new Reach(true, bound));
  }

  static Measure atLeast(String name, double bound, String unit) {
    return new Measure(name, unit, new Reach(false, bound));
  }

  static Measure told(String name, String unit) {
    return new Measure(name, unit, null);
  }

  /** A value of this measure for people, without its unit. */
  static String format(double value) {
    String pattern = value >= 1_000 ? "%,.0f" : value >= 100 ? "%.0f" : "%.2f";
    return String.format(Locale.ROOT, pattern, value);
  }

  /** The bound for people. */
  String bound() {
    if (reach == null) {
      return "–";
    }
    String bound = String.format(Locale.ROOT, "%,.10g", reach.bound());
    String shortened = bound.contains(".") ? bound.replaceAll("\\.?0+$", "") : bound;
    return (reach.atMost() ? "≤ " : "≥ ") + shortened + " " + unit;
  }
}
