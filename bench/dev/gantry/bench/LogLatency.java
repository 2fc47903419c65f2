package dev.gantry.bench;

import static dev.gantry.bench.WrongResultException.require;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** P6: how old a line of a log is when it reaches a client that follows it. */
record LogLatency(Effort effort) implements Figure {
  private static final Measure P99 = Measure.atMost("p99", 50, "ms");
  private static final Measure MEDIAN = Measure.told("median", "ms");
  private static final int PER_SECOND = 100;
  private static final int WARM_UP = 3 * PER_SECOND;

  @Override
  public String id() {
    return "P6";
  }

  @Override
  public String what() {
    return "log line written to SSE client, 100 lines/s";
  }

  @Override
  public List<Measure> measures() {
    return List.of(P99, MEDIAN);
  }

  @Override
  public void warmUp(Gantry gantry) throws IOException, InterruptedException {
    WarmUp.executions(gantry.api(), effort);
    follow(gantry, effort.of(1_000));
  }

  @Override
  public Map<Measure, Double> run(Gantry gantry) throws IOException, InterruptedException {
    Histogram micros = follow(gantry, WARM_UP + effort.of(20 * PER_SECOND));
    return Map.of(
        P99, micros.getValueAtPercentile(99) / 1e3, MEDIAN, micros.getValueAtPercentile(50) / 1e3);
  }

  /** The first lines, printed before the client could follow, are left out. */
  private static Histogram follow(Gantry gantry, int count)
      throws IOException, InterruptedException {
    Histogram micros = new Histogram(TimeUnit.MINUTES.toMicros(2), 3);
    LogFollower follower =
        new LogFollower(
            (seq, buffer, from, to) -> {
              if (seq >= WARM_UP) {
                long age = Clock.wallNanos() - LogFollower.number(buffer, from);
                require(age >= 0, "a line from the future", age);
                micros.recordValue(age / 1_000);
              }
            });
    String id = StepProgram.execute(gantry.api(), Metronome.class, PER_SECOND, count);
    long lines = follower.follow(gantry.api().followLog(id));
    require(lines == count, "not " + count + " lines", lines);
    return micros;
  }
}
