package dev.gantry.webhooks;

import dev.gantry.http.ApiException;
import dev.gantry.platform.Times;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Which failed deliveries are sent once more.
 *
 * @param since those that were planned then or later
 */
record RedeliverRequest(
    @Schema(description = "Those of this time or later", required = true, maxLength = 64)
        String since) {
  static Instant timeOf(RedeliverRequest body) {
    if (body == null || body.since == null) {
      throw ApiException.invalid("since", "is required");
    }
    return Times.parse(body.since)
        .orElseThrow(
            () -> ApiException.invalid("since", "must be a time, as 2030-01-31T12:00:00Z"));
  }
}
