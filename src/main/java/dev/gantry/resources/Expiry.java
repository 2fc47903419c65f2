package dev.gantry.resources;

import dev.gantry.platform.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * When a resource expires, as a request says it in {@code expires_in} or {@code expires_at}. Pure
 * code.
 *
 * @param given false when the request says nothing of it
 * @param at null = never
 */
public record Expiry(boolean given, Instant at) {
  private static final Duration MAX = Duration.ofDays(36_500);
  private static final Expiry NOTHING = new Expiry(false, null);
  private static final Expiry NEVER = new Expiry(true, null);

  /**
   * Reads the two fields, of which a request may have one; an empty one takes the expiry away. What
   * has a fault counts as not given.
   */
  public static Expiry read(String expiresIn, String expiresAt, Instant now, Fields fields) {
    if (expiresIn != null && expiresAt != null) {
      fields.fault("expires_at", "cannot be given together with expires_in");
      return NOTHING;
    }
    if (expiresIn != null) {
      return expiresIn.isEmpty() ? NEVER : in("expires_in", expiresIn, now, fields);
    }
    if (expiresAt != null) {
      return expiresAt.isEmpty() ? NEVER : at("expires_at", expiresAt, now, fields);
    }
    return NOTHING;
  }

  private static Expiry in(String field, String text, Instant now, Fields fields) {
    Optional<Duration> length = Durations.parse(text);
    if (length.isEmpty()) {
      fields.fault(field, "must be a duration like 30d or 1h30m");
      return NOTHING;
    }
    return within(field, now.plus(length.get()), now, fields);
  }

  private static Expiry at(String field, String text, Instant now, Fields fields) {
    try {
      return within(field, OffsetDateTime.parse(text).toInstant(), now, fields);
    } catch (DateTimeParseException notATime) {
      fields.fault(field, "must be a time like 2030-01-31T12:00:00Z");
      return NOTHING;
    }
  }

  private static Expiry within(String field, Instant at, Instant now, Fields fields) {
    if (!at.isAfter(now) || at.isAfter(now.plus(MAX))) {
      fields.fault(field, "must lie in the future, within " + MAX.toDays() + " days");
      return NOTHING;
    }
    return new Expiry(true, at.truncatedTo(ChronoUnit.MILLIS));
  }
}
