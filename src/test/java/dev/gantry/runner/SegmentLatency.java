package dev.gantry.runner;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/** Tells how long a step of a long segment takes; run by hand, judged by a person. */
public final class SegmentLatency {
  private static final int STEPS = 40;

  private SegmentLatency() {}

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("gantry-latency");
    try (RunnerFixture fixture = new RunnerFixture(directory, 64)) {
      var steps = new dev.gantry.executions.protocol.StepSpec[STEPS];
      Arrays.setAll(steps, i -> RunnerFixture.script(i, "true"));
      double[] perStep = new double[20];
      for (int i = 0; i < perStep.length; i++) {
        UUID execution = UUID.randomUUID();
        Instant begin = Instant.now();
        fixture.run(execution, steps);
        var finished = fixture.awaitFinished(execution, STEPS);
        Instant end = finished.get(STEPS - 1).finishedAt();
        perStep[i] = Duration.between(begin, end).toNanos() / 1e6 / STEPS;
      }
      Arrays.sort(perStep);
      System.out.printf(
          "%d steps: median %.2f ms per step, best %.2f, worst %.2f%n",
          STEPS, perStep[perStep.length / 2], perStep[0], perStep[perStep.length - 1]);
    }
    System.exit(0);
  }
}
