package dev.gantry.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** P2: how many short executions are completed per second while 200 are always under way. */
record ChainThroughput(Effort effort) implements Figure {
  private static final Measure RATE = Measure.atLeast("completed", 150, "/s");
  private static final int STEPS = 3;
  private static final int WIDTH = 200;
  private static final Duration RAMP_UP = Duration.ofSeconds(3);

  @Override
  public String id() {
    return "P2";
  }

  @Override
  public String what() {
    return "chain of 3, 200 at a time";
  }

  @Override
  public List<Measure> measures() {
    return List.of(RATE);
  }

  @Override
  public void warmUp(Gantry gantry) throws IOException, InterruptedException {
    load(gantry).run(Duration.ZERO, effort.of(Duration.ofSeconds(20)));
  }

  @Override
  public Map<Measure, Double> run(Gantry gantry) throws IOException, InterruptedException {
    return Map.of(RATE, load(gantry).run(RAMP_UP, effort.of(Duration.ofSeconds(20))));
  }

  private static ClosedLoop load(Gantry gantry) throws IOException {
    return new ClosedLoop(WIDTH, OneAtATime.chain(gantry.api(), STEPS)::runOnce);
  }
}
