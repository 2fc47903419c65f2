package dev.gantry.executions;

import java.util.Locale;

/** An execution's status as it is shown and stored, in lower case. */
enum ExecutionStatus {
  /** Waits for a place in its queues. */
  QUEUED,
  RUNNING,
  /** What runs is let end, and nothing more begins. */
  PAUSED,
  COMPLETED,
  FAILED,
  CANCELLED,
  TIMED_OUT;

  static ExecutionStatus of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean terminal() {
    return switch (this) {
      case QUEUED, RUNNING, PAUSED -> false;
      case COMPLETED, FAILED, CANCELLED, TIMED_OUT -> true;
    };
  }
}
