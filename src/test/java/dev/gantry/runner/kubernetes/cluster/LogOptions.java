package dev.gantry.runner.kubernetes.cluster;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/** {@code tail} and {@code limit} are negative where they were not asked for. */
record LogOptions(boolean follow, boolean timestamps, Instant since, long tail, long limit) {
  static LogOptions of(ApiRequest request) {
    Instant since =
        request
            .parameter("sinceTime")
            .map(LogOptions::time)
            .or(() -> request.number("sinceSeconds").map(s -> Instant.now().minusSeconds(s)))
            .orElse(Instant.MIN);
    return new LogOptions(
        request.flag("follow"),
        request.flag("timestamps"),
        since,
        request.number("tailLines").orElse(-1L),
        request.number("limitBytes").orElse(-1L));
  }

  /** The API server hands it to the kubelet in whole seconds, so that lines come again. */
  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.SECONDS);
    } catch (DateTimeParseException e) {
      throw ApiException.badRequest("sinceTime: " + text + " is no time");
    }
  }
}
