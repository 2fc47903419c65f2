package dev.gantry.runner.kubernetes;

import java.time.Instant;

/**
 * What an Event of Kubernetes says of a Job or its pod.
 *
 * @param text a sentence for a person, the reason first
 */
record Told(String reason, String text, Instant at) {
  /** A container's image is there. */
  boolean isPulled() {
    return reason.equals("Pulled");
  }
}
