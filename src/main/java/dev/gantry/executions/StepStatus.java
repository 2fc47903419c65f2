package dev.gantry.executions;

import dev.gantry.executions.protocol.StepEvent.Outcome;
import java.util.Locale;

/** A step's status as it is shown and stored, in lower case. */
enum StepStatus {
  PENDING,
  QUEUED,
  RUNNING,
  /** Failed, and waits for its next attempt. */
  RETRYING,
  /** Ran, and waits to run again, as its policy says. */
  REPEATING,
  /** Waits for the time that the workflow puts before each step. */
  DELAYED,
  /** Waits for a person to approve or to reject. */
  AWAITING_APPROVAL,
  COMPLETED,
  FAILED,
  TIMED_OUT,
  CANCELLED,
  /** Not run: a step it depends on did not complete, or a precondition was not met. */
  SKIPPED;

  static StepStatus of(Outcome outcome) {
    return switch (outcome) {
      case COMPLETED -> COMPLETED;
      case FAILED, INFRASTRUCTURE -> FAILED;
      case TIMED_OUT -> TIMED_OUT;
      case CANCELLED -> CANCELLED;
    };
  }

  static StepStatus of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** An attempt is under way or over: it does not wait for its first, or its next. */
  boolean isBegun() {
    return switch (this) {
      case PENDING, RETRYING, REPEATING, DELAYED, AWAITING_APPROVAL -> false;
      default -> true;
    };
  }

  /** The attempt went wrong by itself, so that a retry may help. */
  boolean isFailure() {
    return this == FAILED || this == TIMED_OUT;
  }
}
