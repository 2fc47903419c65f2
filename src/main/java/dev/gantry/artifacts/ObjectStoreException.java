package dev.gantry.artifacts;

/** The store cannot be asked, or refuses; the message says why, and what to look at. */
class ObjectStoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ObjectStoreException(String message) {
    super(message);
  }

  ObjectStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
