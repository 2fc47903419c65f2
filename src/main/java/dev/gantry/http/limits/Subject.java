package dev.gantry.http.limits;

import java.time.Duration;

/**
 * Whose requests are counted together, and how many of them a window has. Pure code.
 *
 * @param id in the database, as {@code key:<uuid>}
 * @param policy the limit's name in the header {@code RateLimit-Policy}
 * @param kind for people, as {@code API key}
 * @param requests more than 0
 */
public record Subject(String id, String policy, String kind, int requests, Duration window) {
  /** What a process that dies may take with it at most: a {@value}th of the window. */
  static final int SHARES = 25;

  private static final int FIRST_SHARES = 200;

  /** Small, so that many processes that each see a few requests keep little from the others. */
  int firstShare() {
    return Math.max(1, requests / FIRST_SHARES);
  }

  int largestShare() {
    return (requests + SHARES - 1) / SHARES;
  }
}
