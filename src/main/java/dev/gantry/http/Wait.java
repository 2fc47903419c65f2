package dev.gantry.http;

import dev.gantry.platform.Durations;
import jakarta.ws.rs.QueryParam;
import java.time.Duration;

/** {@code ?wait=30s}: answer as soon as the execution has ended, or after this time. */
public class Wait {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  @QueryParam("wait")
  String wait;

  /** Zero when the caller does not want to wait. */
  public Duration duration() {
    if (wait == null) {
      return Duration.ZERO;
    }
    return Durations.parse(wait)
        .filter(duration -> duration.compareTo(LONGEST) <= 0)
        .orElseThrow(
            () -> ApiException.invalid("wait", "must be a duration of at most 60s, as 30s"));
  }
}
