package dev.gantry.runner;

import dev.gantry.executions.protocol.StepEvent;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * What every segment of a runner shares.
 *
 * @param grants asked before a step starts that is granted something
 * @param workers runs short blocking work
 * @param isClosing whether nothing new may be started
 */
record RunnerContext(
    String runnerName,
    Backend backend,
    Outlet outlet,
    GrantSource grants,
    Executor workers,
    BooleanSupplier isClosing) {
  Ledger ledger() {
    return backend.ledger();
  }

  boolean closing() {
    return isClosing.getAsBoolean();
  }

  /** Completes with its offset when Kafka has acknowledged the event; sends it again until then. */
  CompletionStage<Long> send(StepEvent event) {
    return Persistent.send("a step event of " + event.executionId(), () -> outlet.event(event));
  }
}
