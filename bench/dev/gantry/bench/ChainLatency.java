package dev.gantry.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** P1: what one short execution takes while nothing else runs. */
record ChainLatency(Effort effort) implements Figure {
  private static final Measure MEDIAN = Measure.atMost("median", 18, "ms");
  private static final Measure P99 = Measure.atMost("p99", 35, "ms");
  private static final int STEPS = 3;

  @Override
  public String id() {
    return "P1";
  }

  @Override
  public String what() {
    return "start to completed, chain of 3, one at a time";
  }

  @Override
  public List<Measure> measures() {
    return List.of(MEDIAN, P99);
  }

  @Override
  public void warmUp(Gantry gantry) throws IOException, InterruptedException {
    WarmUp.executions(gantry.api(), effort);
    OneAtATime.chain(gantry.api(), STEPS).run(effort.of(200));
  }

  @Override
  public Map<Measure, Double> run(Gantry gantry) throws IOException, InterruptedException {
    Histogram micros = OneAtATime.chain(gantry.api(), STEPS).run(effort.of(1_000));
    return Map.of(
        MEDIAN, micros.getValueAtPercentile(50) / 1e3, P99, micros.getValueAtPercentile(99) / 1e3);
  }
}
