package dev.gantry.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code bench/run}: measures each figure on a Gantry of its own, prints a table and writes JSON.
 * Gantry's data lie in the build's folder, on a real disk, and go when all was right.
 */
public final class Bench {
  private static final int OK = 0;
  private static final int WRONG = 1;
  private static final int USAGE = 2;

  private final Path home;
  private final Path folder;
  private final BenchOptions options;

  private Bench(Path home, BenchOptions options) {
    this.home = home;
    this.folder = home.resolve("target/bench");
    this.options = options;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.exit(start(List.of(arguments)));
  }

  private static int start(List<String> arguments) throws IOException, InterruptedException {
    if (arguments.contains("--help")) {
      System.out.print(BenchOptions.HELP);
      return OK;
    }
    try {
      BenchOptions options = BenchOptions.parse(arguments);
      Path home = Path.of(System.getProperty("gantry.home"));
      List<Figure> figures = options.choose(figures(home, options));
      return new Bench(home, options).measure(figures);
    } catch (BenchOptions.UsageException e) {
      System.err.println("bench: " + e.getMessage());
      return USAGE;
    }
  }

  private static List<Figure> figures(Path home, BenchOptions options) {
    Effort effort = options.effort();
    List<Figure> all = new ArrayList<>(onThisMachine(home, effort));
    if (options.kubeconfig() != null) {
      all.add(new ClusterRatio(effort, options.kubeconfig(), options.image()));
      all.add(new ClusterOverhead(effort, options.kubeconfig(), options.image()));
      all.add(new ClusterCalls(effort, options.kubeconfig(), options.image()));
    }
    return all;
  }

  private static List<Figure> onThisMachine(Path home, Effort effort) {
    return List.of(
        new ChainLatency(effort),
        new ChainThroughput(effort),
        new AcceptLatency(effort),
        LargeWorkflow.longChain(effort),
        LargeWorkflow.fanOut(effort),
        new ManySteps(effort),
        new LogLatency(effort),
        new LogThroughput(effort),
        new ListLatency(effort),
        new Startup(),
        new ProductionImage(home, effort));
  }

  private int measure(List<Figure> figures) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Map<String, Object> about = about();
    List<Result> results = new ArrayList<>();
    List<Path> done = new ArrayList<>();
    for (Figure figure : figures) {
      results.add(measure(figure, done));
    }
    Report report = new Report(results);
    report.write(folder.resolve("result.json"), about);
    System.out.print(report.markdown(about));
    for (Path data : done) {
      delete(data);
    }
    return results.stream().allMatch(result -> result.failure() == null) ? OK : WRONG;
  }

  private Map<String, Object> about() throws IOException {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    about.put("commit", System.getProperty("gantry.bench.commit", "unknown"));
    about.put("runs", options.runs());
    about.put("quick", options.effort().equals(Effort.QUICK));
    about.put("machine", Machine.describe(folder));
    return about;
  }

  /**
   * @param done gets the folder of what was right, to be deleted when nothing is measured any more:
   *     ext4 makes files slowly for minutes after many were deleted
   */
  private Result measure(Figure figure, List<Path> done) throws IOException, InterruptedException {
    Path data = Files.createTempDirectory(folder, figure.id() + "-");
    List<Map<Measure, Double>> runs = new ArrayList<>();
    try {
      try (figure;
          Gantry gantry = Gantry.start(home, data, figure)) {
        tell(figure, "warm-up");
        figure.warmUp(gantry);
        for (int i = 1; i <= options.runs(); i++) {
          runs.add(figure.run(gantry));
          tell(figure, "run " + i + ": " + inWords(figure, runs.get(i - 1)));
        }
      }
      done.add(data);
      return new Result(figure, runs, null);
    } catch (IOException | RuntimeException e) {
      tell(figure, "WRONG: " + e.getMessage() + "; Gantry's data and logs are kept in " + data);
      return new Result(figure, runs, String.valueOf(e.getMessage()));
    }
  }

  private static String inWords(Figure figure, Map<Measure, Double> run) {
    return figure.measures().stream()
        .map(m -> m.name() + " " + Measure.format(run.get(m)) + " " + m.unit())
        .collect(Collectors.joining(", "));
  }

  private static void tell(Figure figure, String message) {
    System.err.println("bench: " + figure.id() + " " + message);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
