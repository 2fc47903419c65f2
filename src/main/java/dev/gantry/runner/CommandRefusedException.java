package dev.gantry.runner;

import dev.gantry.executions.protocol.StepEvent.Outcome;

/** A command cannot be run here, however often it comes; the message is for the step's error. */
public final class CommandRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Outcome outcome;

  public CommandRefusedException(Outcome outcome, String message) {
    super(message);
    this.outcome = outcome;
  }

  /** How the command's first step ends by that. */
  public Outcome outcome() {
    return outcome;
  }
}
