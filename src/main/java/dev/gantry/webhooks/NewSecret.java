package dev.gantry.webhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.time.Instant;

/**
 * The secret after a rotation.
 *
 * @param secret shown once
 * @param formerValidUntil when the one before counts no more; null when there was none
 */
@JsonInclude(Include.NON_NULL)
record NewSecret(String secret, Instant formerValidUntil) {
  /** Without the secret, which must not reach a log. */
  @Override
  public String toString() {
    return "NewSecret[…]";
  }
}
