package dev.gantry.webhooks.sending;

import java.time.Duration;
import java.util.Map;

/**
 * What became of a post. Pure code.
 *
 * @param address that was connected to, or last tried, as {@code 192.0.2.1:443}; null = none
 * @param status null when there was no answer
 * @param headers a few of the answer's, by their names in lower case
 * @param body how it begins; null when there was no answer
 * @param error why it counts for nothing; null when it was taken
 * @param took from the look-up of the name to the end of the answer
 */
public record Answer(
    String address,
    Integer status,
    Map<String, String> headers,
    String body,
    String error,
    Duration took) {
  private static final int GONE = 410;
  private static final int TOO_MANY = 429;

  /** There was no answer. */
  static Answer none(String address, String error, Duration took) {
    return new Answer(address, null, Map.of(), null, error, took);
  }

  static Answer of(
      String address, int status, Map<String, String> headers, String body, Duration took) {
    return new Answer(address, status, headers, body, error(status, headers), took);
  }

  private static String error(int status, Map<String, String> headers) {
    return switch (status / 100) {
      case 2 -> null;
      case 3 ->
          "answered %d: redirects are not followed, and this one leads to %s"
              .formatted(status, headers.getOrDefault("location", "nowhere"));
      default -> "answered " + status;
    };
  }

  /** The receiver has taken it. */
  public boolean isTaken() {
    return error == null;
  }

  /** The receiver wants nothing more. */
  public boolean isGone() {
    return status != null && status == GONE;
  }

  /** Whether others who are on that host and port are likely to fare alike. */
  public boolean speaksAgainstTheHost() {
    return status == null || status >= 500 || status == TOO_MANY;
  }
}
