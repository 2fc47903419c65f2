package dev.gantry.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** P5: what 200 steps side by side and one that waits for them all take. */
record FanOut(Effort effort) implements Figure {
  private static final Measure MEDIAN = Measure.atMost("median", 0.55, "s");
  private static final int WIDTH = 200;

  @Override
  public String id() {
    return "P5";
  }

  @Override
  public String what() {
    return "200 steps side by side and a join";
  }

  @Override
  public List<Measure> measures() {
    return List.of(MEDIAN);
  }

  @Override
  public void warmUp(Gantry gantry) throws IOException, InterruptedException {
    WarmUp.executions(gantry.api(), effort);
    OneAtATime.fanOut(gantry.api(), WIDTH).run(effort.of(10));
  }

  @Override
  public Map<Measure, Double> run(Gantry gantry) throws IOException, InterruptedException {
    return Map.of(
        MEDIAN,
        OneAtATime.fanOut(gantry.api(), WIDTH).run(effort.of(20)).getValueAtPercentile(50) / 1e6);
  }
}
