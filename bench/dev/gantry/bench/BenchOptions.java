package dev.gantry.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands on the command line.
 *
 * @param kubeconfig of the cluster for the figures on Kubernetes; null = they are left out
 * @param image of the steps there, which has a {@code true}
 * @param figures ids; empty = all
 */
record BenchOptions(int runs, Effort effort, Path kubeconfig, String image, List<String> figures) {
  private static final String IMAGE = "busybox:1.36";

  static final String HELP =
      """
      bench/run [--runs N] [--quick] [FIGURE ...]
        measures Gantry on this machine: P1 P2 P3 P4 P5 STEPS P6 P7 LISTS P13 P14, and with a
        kubeconfig P9 P10 P11, or only those named

        --runs N    how often each is measured; the median counts (3)
        --kubeconfig FILE   a cluster; steps run in the namespace of its context
        --image IMAGE       of the steps there (busybox:1.36)
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
    Path kubeconfig = null;
    String image = IMAGE;
    List<String> figures = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      switch (argument) {
        case "--quick" -> effort = Effort.QUICK;
        case "--runs" -> runs = count(++i < arguments.size() ? arguments.get(i) : "nothing");
        case "--kubeconfig" -> kubeconfig = file(++i < arguments.size() ? arguments.get(i) : "");
        case "--image" -> image = ++i < arguments.size() ? arguments.get(i) : IMAGE;
        default -> figures.add(argument);
      }
    }
    return new BenchOptions(runs, effort, kubeconfig, image, figures);
  }

  private static Path file(String text) throws UsageException {
    Path file = Path.of(text);
    if (!Files.isReadable(file)) {
      throw new UsageException("--kubeconfig takes a file that can be read, not '" + text + "'");
    }
    return file;
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
