package dev.gantry.runner.docker;

/** The daemon did not answer, or not now: what was asked may be asked again, and may be done. */
final class DaemonAwayException extends Exception {
  private static final long serialVersionUID = 1;

  DaemonAwayException(String message, Throwable cause) {
    super(message, cause);
  }
}
