package dev.gantry.runner;

import dev.gantry.executions.protocol.StepEvent.Outcome;

/** A file cannot be kept, or not be had; the message is the step's error. */
public final class ArtifactRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final Outcome outcome;

  /**
   * @param outcome {@code FAILED} when the step is to blame, {@code INFRASTRUCTURE} when it is not
   */
  public ArtifactRefusedException(Outcome outcome, String message) {
    super(message, null, false, false);
    this.outcome = outcome;
  }

  public Outcome outcome() {
    return outcome;
  }
}
