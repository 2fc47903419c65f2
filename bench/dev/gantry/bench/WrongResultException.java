package dev.gantry.bench;

/** Gantry answered, but not what it had to: a bench of wrong results counts for nothing. */
final class WrongResultException extends RuntimeException {
  private static final long serialVersionUID = 1;

  WrongResultException(String message) {
    super(message);
  }

  static void require(boolean right, String message, Object about) {
    if (!right) {
      throw new WrongResultException(message + ": " + about);
    }
  }
}
