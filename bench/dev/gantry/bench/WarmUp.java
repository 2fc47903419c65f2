package dev.gantry.bench;

import java.io.IOException;
import java.time.Duration;

/** What makes a fresh Gantry a warm one: the whole way of an execution, for a while. Blocks. */
final class WarmUp {
  private static final int WIDTH = 16;
  private static final Duration LENGTH = Duration.ofSeconds(20);

  private WarmUp() {}

  static void executions(Api api, Effort effort) throws IOException, InterruptedException {
    new ClosedLoop(WIDTH, OneAtATime.chain(api, 3)::runOnce).run(Duration.ZERO, effort.of(LENGTH));
  }
}
