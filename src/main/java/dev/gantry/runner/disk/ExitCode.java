package dev.gantry.runner.disk;

/** What an exit code says to a person. */
public final class ExitCode {
  private static final int SIGNALLED = 128;
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;
  private static final int LAST_SIGNAL = 64;

  private ExitCode() {}

  /** Null for success. */
  public static String explain(int value) {
    if (value == 0) {
      return null;
    }
    if (value == NOT_EXECUTABLE) {
      return "exit code 126: the program cannot be executed";
    }
    if (value == NOT_FOUND) {
      return "exit code 127: the program was not found";
    }
    return value > SIGNALLED && value <= SIGNALLED + LAST_SIGNAL
        ? "exit code " + value + ": signal " + (value - SIGNALLED)
        : "exit code " + value;
  }
}
