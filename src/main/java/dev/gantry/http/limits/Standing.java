package dev.gantry.http.limits;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a subject stands after one of its requests. Pure code.
 *
 * @param remaining what is left of the window, as far as this process knows
 * @param resetsAt seconds since 1970
 * @param secondsLeft until then
 */
public record Standing(
    Subject subject, boolean admitted, int remaining, long resetsAt, long secondsLeft) {

  /** The widespread {@code X-} headers, and the fields of the IETF's draft. */
  public Map<String, String> headers() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-RateLimit-Limit", "" + subject.requests());
    headers.put("X-RateLimit-Remaining", "" + remaining);
    headers.put("X-RateLimit-Reset", "" + resetsAt);
    headers.put(
        "RateLimit-Policy",
        "\"%s\";q=%d;w=%d"
            .formatted(subject.policy(), subject.requests(), subject.window().toSeconds()));
    headers.put(
        "RateLimit", "\"%s\";r=%d;t=%d".formatted(subject.policy(), remaining, secondsLeft));
    return headers;
  }
}
