package dev.gantry.platform.log;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** A failure as a log shows it: with the trace of the one it stands for, each message one line. */
final class VisibleThrowable extends Throwable {
  private static final long serialVersionUID = 1;

  private VisibleThrowable(Throwable shown, Set<Throwable> seen) {
    super(Visible.text(shown.toString()), cause(shown, seen), true, true);
    setStackTrace(shown.getStackTrace());
    for (Throwable suppressed : shown.getSuppressed()) {
      if (seen.add(suppressed)) {
        addSuppressed(new VisibleThrowable(suppressed, seen));
      }
    }
  }

  private static Throwable cause(Throwable shown, Set<Throwable> seen) {
    Throwable cause = shown.getCause();
    return cause != null && seen.add(cause) ? new VisibleThrowable(cause, seen) : null;
  }

  static VisibleThrowable of(Throwable failure) {
    Set<Throwable> seen = newSet();
    seen.add(failure);
    return new VisibleThrowable(failure, seen);
  }

  /** Whether the failure, its causes and what they suppress have plain messages. */
  static boolean isPlain(Throwable failure) {
    return isPlain(failure, newSet());
  }

  private static boolean isPlain(Throwable failure, Set<Throwable> seen) {
    if (failure == null || !seen.add(failure)) {
      return true;
    }
    if (!Visible.isPlain(failure.toString()) || !isPlain(failure.getCause(), seen)) {
      return false;
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      if (!isPlain(suppressed, seen)) {
        return false;
      }
    }
    return true;
  }

  private static Set<Throwable> newSet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  /** What a trace begins with; the message has the name of the real one's class already. */
  @Override
  @SuppressWarnings("OverrideThrowableToString")
  public String toString() {
    return getMessage();
  }
}
