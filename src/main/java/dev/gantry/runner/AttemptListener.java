package dev.gantry.runner;

import dev.gantry.executions.protocol.StepPhases;
import java.time.Instant;

/** Hears of one attempt. Called on any thread that may block, never two calls at once. */
public interface AttemptListener {
  /**
   * The program has not begun for a while: what it waits for, as the end of a sentence that begins
   * with the attempt. Told again when that changes, and not after the start.
   */
  void waits(String reason, StepPhases phases);

  /** The program runs, or was found running; by the runner's clock. Told at most once. */
  void started(Instant at, StepPhases phases);

  /** The attempt ended and its log is safe in Kafka. Told once, last. */
  void ended(AttemptEnd end);
}
