package dev.gantry.runner.docker;

/**
 * The daemon will not do it, however often it is asked, or what it has done did not help; the
 * message says why.
 */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final int BAD_REQUEST = 400;
  private static final int CONFLICT = 409;
  private final int status;

  /**
   * @param status of HTTP
   */
  RefusedException(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** What was asked for on behalf of a step came to nothing, by the step's own fault. */
  static RefusedException ofTheStep(String message) {
    return new RefusedException(BAD_REQUEST, message);
  }

  /** Likewise, by a fault of this host. */
  static RefusedException ofTheHost(String message) {
    return new RefusedException(CONFLICT, message);
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
