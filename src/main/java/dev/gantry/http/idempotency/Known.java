package dev.gantry.http.idempotency;

import java.util.Arrays;

/**
 * What is stored for a key.
 *
 * @param fingerprint of the request that the key was used for first
 * @param answer null while that request is under way
 * @param secondsHeld how long it may still take, if it is
 */
public record Known(byte[] fingerprint, Answer answer, long secondsHeld) {

  /** It was the same request. */
  public boolean isOf(byte[] other) {
    return Arrays.equals(fingerprint, other);
  }
}
