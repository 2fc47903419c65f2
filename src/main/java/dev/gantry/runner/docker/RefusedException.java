package dev.gantry.runner.docker;

/** The daemon will not do it, however often it is asked; the message is its own. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final int BAD_REQUEST = 400;
  private final int status;

  /**
   * @param status of HTTP
   */
  RefusedException(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** Whether what the step asks for is wrong, and not something about this host. */
  boolean isOfTheStep() {
    String why = String.valueOf(getMessage());
    boolean noProgram = why.contains("exec: \"") && !why.contains("-init\"");
    return status == BAD_REQUEST || noProgram;
  }

  int status() {
    return status;
  }
}
