package dev.gantry.bench;

import static dev.gantry.bench.WrongResultException.require;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** P7: how many lines per second of one step reach one client, each of them the right one. */
record LogThroughput(Effort effort) implements Figure {
  private static final Measure RATE = Measure.atLeast("lines", 100_000, "/s");

  @Override
  public String id() {
    return "P7";
  }

  @Override
  public String what() {
    return "log of one step to one SSE client, lines of 100 bytes";
  }

  @Override
  public List<Measure> measures() {
    return List.of(RATE);
  }

  @Override
  public void warmUp(Gantry gantry) throws IOException, InterruptedException {
    follow(gantry, effort.of(500_000));
  }

  @Override
  public Map<Measure, Double> run(Gantry gantry) throws IOException, InterruptedException {
    return Map.of(RATE, follow(gantry, effort.of(2_000_000)));
  }

  private static double follow(Gantry gantry, int count) throws IOException, InterruptedException {
    Reader reader = new Reader();
    String id = StepProgram.execute(gantry.api(), Chatter.class, count);
    long lines = new LogFollower(reader).follow(gantry.api().followLog(id));
    require(lines == count, "not " + count + " lines", lines);
    return reader.perSecond();
  }

  /** Compares each line with what was printed, and takes the time of the first and the last. */
  private static final class Reader implements LogFollower.LineListener {
    private final byte[] expected = new byte[Chatter.LENGTH];
    private long first;
    private long last;
    private long lines;

    @Override
    public void line(long seq, byte[] buffer, int from, int to) {
      last = System.nanoTime();
      if (lines++ == 0) {
        first = last;
      }
      Chatter.write(seq, expected);
      if (!Arrays.equals(buffer, from, to, expected, 0, Chatter.LENGTH)) {
        String line = new String(buffer, from, to - from, StandardCharsets.UTF_8);
        throw new WrongResultException("not what was printed as line " + seq + ": " + line);
      }
    }

    double perSecond() {
      return (lines - 1) * 1e9 / (last - first);
    }
  }
}
