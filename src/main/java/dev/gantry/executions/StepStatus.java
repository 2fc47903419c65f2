package dev.gantry.executions;

import dev.gantry.executions.protocol.StepEvent.Outcome;
import java.util.Locale;

/** A step's status as it is shown and stored, in lower case. */
enum StepStatus {
  PENDING,
  QUEUED,
  RUNNING,
  RETRYING,
  COMPLETED,
  FAILED,
  TIMED_OUT,
  CANCELLED,
  /** Not run, because a step it depends on did not complete. */
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

  /** The attempt went wrong by itself, so that a retry may help. */
  boolean isFailure() {
    return this == FAILED || this == TIMED_OUT;
  }
}
