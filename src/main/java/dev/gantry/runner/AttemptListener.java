package dev.gantry.runner;

import java.time.Instant;

/** Hears of one attempt. Called on any thread that may block, never two calls at once. */
public interface AttemptListener {
  /** The program runs, or was found running; by the runner's clock. Told at most once. */
  void started(Instant at);

  /** The attempt ended and its log is safe in Kafka. Told once, last. */
  void ended(AttemptEnd end);
}
