package dev.gantry.executions;

import java.util.Locale;

/** An execution's status as it is shown and stored, in lower case. */
enum ExecutionStatus {
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
    return this != RUNNING && this != PAUSED;
  }
}
