package dev.gantry.models;

import java.time.Duration;

/**
 * A model has not answered, or not wholly. The message is for the caller: it says what happened and
 * what to do, and never holds a key.
 */
public final class ModelFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What kind of failure it is; the names are stable and also label metrics. */
  public enum Kind {
    /** The provider takes no more for now. */
    RATE_LIMITED,
    /** No first byte, no further delta, or no end within its time. */
    TIMEOUT,
    /** The answer began and broke off, or is none that the protocol knows. */
    BROKEN_STREAM,
    /** The provider does not accept the key. */
    UNAUTHORIZED,
    /** The provider does not accept the request. */
    REFUSED,
    /** The provider is at fault. */
    UNAVAILABLE,
    /** There is no connection to the provider, or none may be made. */
    UNREACHABLE
  }

  private final Kind kind;
  private final Duration pause;

  public ModelFailure(Kind kind, String message) {
    this(kind, message, null);
  }

  private ModelFailure(Kind kind, String message, Duration pause) {
    super(message, null, false, false);
    this.kind = kind;
    this.pause = pause;
  }

  /**
   * One after which the same may be asked again.
   *
   * @param pause what the provider wants waited first
   */
  static ModelFailure passing(Kind kind, String message, Duration pause) {
    return new ModelFailure(kind, message, pause);
  }

  public Kind kind() {
    return kind;
  }

  /** What is to be waited at least before the same is asked again; null = it is not. */
  Duration pause() {
    return pause;
  }

  /** Whether another model may do better. */
  boolean isTheProviders() {
    return pause != null || kind == Kind.TIMEOUT || kind == Kind.UNREACHABLE;
  }
}
