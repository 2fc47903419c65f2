package dev.gantry.runners;

/** Amounts as Kubernetes writes them. Pure code. */
final class Quantities {
  private static final String[] UNITS = {"", "Ki", "Mi", "Gi", "Ti"};

  private Quantities() {}

  /** Whole processors as {@code 4}, else thousandths as {@code 500m}. */
  static String cpu(long millis) {
    return millis % 1000 == 0 ? Long.toString(millis / 1000) : millis + "m";
  }

  /**
   * In the largest unit in which it is at least ten, or whole; rounded down there: {@code 8Gi},
   * {@code 7936Mi}.
   */
  static String memory(long bytes) {
    int unit = 0;
    long amount = bytes;
    while (unit < UNITS.length - 1
        && (amount >= 10_240 || (amount >= 1024 && amount % 1024 == 0))) {
      amount /= 1024;
      unit++;
    }
    return amount + UNITS[unit];
  }
}
