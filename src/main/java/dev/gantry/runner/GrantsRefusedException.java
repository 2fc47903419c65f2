package dev.gantry.runner;

import dev.gantry.executions.protocol.StepEvent.Outcome;

/** A step cannot start, since what it needs is not granted; the message is the step's error. */
public final class GrantsRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final Outcome outcome;

  /**
   * @param outcome {@code FAILED} when the step asks for what there is not, {@code INFRASTRUCTURE}
   *     when the API could not be asked
   */
  public GrantsRefusedException(Outcome outcome, String message) {
    super(message, null, false, false);
    this.outcome = outcome;
  }

  public Outcome outcome() {
    return outcome;
  }
}
