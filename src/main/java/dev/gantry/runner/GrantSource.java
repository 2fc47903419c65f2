package dev.gantry.runner;

import dev.gantry.executions.protocol.StepGrants;
import java.util.concurrent.CompletableFuture;

/** Where a runner learns what a step is granted: the API. Never blocks. */
public interface GrantSource {
  /**
   * Asks until there is an answer, for a few minutes; cancel the future to ask no more.
   *
   * @return fails with {@link GrantsRefusedException} when the step must not start
   */
  CompletableFuture<StepGrants> of(AttemptKey key);
}
