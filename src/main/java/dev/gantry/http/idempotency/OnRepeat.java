package dev.gantry.http.idempotency;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a route that takes {@code POST}: what a request with an {@code Idempotency-Key} that was used
 * before is answered. A route without it gives the first answer again.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface OnRepeat {
  Way value();

  /** Who answers, and how. */
  enum Way {
    /** The first answer again. */
    REPLAY,
    /** 409: the first answer holds what is shown only once, and so it is not stored. */
    REFUSE,
    /** The route knows its keys itself. */
    OWN
  }
}
