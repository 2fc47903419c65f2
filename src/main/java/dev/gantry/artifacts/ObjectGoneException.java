package dev.gantry.artifacts;

/** The store works, and holds nothing of this key. */
final class ObjectGoneException extends ObjectStoreException {
  private static final long serialVersionUID = 1;

  ObjectGoneException(String key, Throwable cause) {
    super("the object store does not have '" + key + "' any more, or never had it", cause);
  }
}
