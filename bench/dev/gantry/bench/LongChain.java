package dev.gantry.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** P4: what one execution of 40 steps, one after the other, takes. */
record LongChain(Effort effort) implements Figure {
  private static final Measure MEDIAN = Measure.atMost("median", 0.16, "s");
  private static final int STEPS = 40;

  @Override
  public String id() {
    return "P4";
  }

  @Override
  public String what() {
    return "40 steps one after the other";
  }

  @Override
  public List<Measure> measures() {
    return List.of(MEDIAN);
  }

  @Override
  public void warmUp(Gantry gantry) throws IOException, InterruptedException {
    WarmUp.executions(gantry.api(), effort);
    OneAtATime.chain(gantry.api(), STEPS).run(effort.of(20));
  }

  @Override
  public Map<Measure, Double> run(Gantry gantry) throws IOException, InterruptedException {
    return Map.of(
        MEDIAN,
        OneAtATime.chain(gantry.api(), STEPS).run(effort.of(50)).getValueAtPercentile(50) / 1e6);
  }
}
