package dev.gantry.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** P13: how soon everything runs that ran before, and what memory it holds then. */
record Startup() implements Figure {
  private static final Measure READY = Measure.atMost("ready", 4, "s");
  private static final Measure MEMORY = Measure.atMost("memory (PSS)", 900, "MiB");
  private static final int SETTLE_SECONDS = 5;

  @Override
  public String id() {
    return "P13";
  }

  @Override
  public String what() {
    return "start of everything on existing data; its memory 5 s later";
  }

  @Override
  public List<Measure> measures() {
    return List.of(READY, MEMORY);
  }

  /** The first start made the data; that it works belongs to it. */
  @Override
  public void warmUp(Gantry gantry) throws IOException, InterruptedException {
    OneAtATime.chain(gantry.api(), 1).runOnce();
  }

  @Override
  public Map<Measure, Double> run(Gantry gantry) throws IOException, InterruptedException {
    gantry.stop();
    double ready = gantry.start().toNanos() / 1e9;
    TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
    double memory = gantry.memory() / (double) (1 << 20);
    OneAtATime.chain(gantry.api(), 1).runOnce();
    return Map.of(READY, ready, MEMORY, memory);
  }
}
