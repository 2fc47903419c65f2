package dev.gantry.bench;

import java.util.List;
import java.util.Map;

/**
 * What came of a figure.
 *
 * @param runs the values of each run that was right
 * @param failure why it counts for nothing; null when all was right
 */
record Result(Figure figure, List<Map<Measure, Double>> runs, String failure) {
  List<Double> values(Measure measure) {
    return runs.stream().map(run -> run.get(measure)).toList();
  }

  /** The middle one; the mean of the middle two when their number is even. */
  double median(Measure measure) {
    List<Double> sorted = values(measure).stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
