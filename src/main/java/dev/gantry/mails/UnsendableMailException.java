package dev.gantry.mails;

/** A mail cannot be sent, however often it is tried; the message says why. */
final class UnsendableMailException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnsendableMailException(String message) {
    super(message);
  }
}
