package dev.gantry.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What stands on the command line.
 *
 * @param figures ids; empty = all
 */
record BenchOptions(int runs, Effort effort, List<String> figures) {
  static final String HELP =
      """
      bench/run [--runs N] [--quick] [FIGURE ...]
        measures Gantry on this machine: P1 P2 P3 P4 P5 STEPS P6 P7 LISTS P13 P14, or only
        those named

        --runs N    how often each is measured; the median counts (3)
        --quick     a fifth of the length: shows that it works, measures little

      exits with 0 measured, 1 Gantry did something wrong, 2 the command line is wrong.
      """;

  /** A command line that cannot be understood. */
  static final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
      super(message);
    }
  }

  static BenchOptions parse(List<String> arguments) throws UsageException {
    int runs = 3;
    Effort effort = Effort.FULL;
    List<String> figures = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      switch (argument) {
        case "--quick" -> effort = Effort.QUICK;
        case "--runs" -> runs = count(++i < arguments.size() ? arguments.get(i) : "nothing");
        default -> figures.add(argument);
      }
    }
    return new BenchOptions(runs, effort, figures);
  }

  private static int count(String text) throws UsageException {
    if (!text.matches("[1-9]\\d{0,3}")) {
      throw new UsageException("--runs takes a number, not '" + text + "'");
    }
    return Integer.parseInt(text);
  }

  /** Those asked for of all there are, in their order. */
  List<Figure> choose(List<Figure> all) throws UsageException {
    List<String> known = all.stream().map(Figure::id).toList();
    for (String figure : figures) {
      if (!known.contains(figure)) {
        throw new UsageException("unknown '" + figure + "'; there is: " + String.join(" ", known));
      }
    }
    return all.stream().filter(f -> figures.isEmpty() || figures.contains(f.id())).toList();
  }
}
