package dev.gantry.retention;

import dev.gantry.platform.Ids;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/**
 * A stretch of time whose executions lie together; {@code to} is not part of it. Pure code.
 *
 * @param from null = since ever
 */
record Period(Instant from, Instant to) {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);

  /** An installation has about so many of them, however long it keeps what it has. */
  private static final int IN_A_RETENTION = 8;

  private static final long DAYS_OF_FOREVER = 30;

  /**
   * How long a period is: whole days.
   *
   * @param retention zero = for ever
   */
  static Duration length(Duration retention) {
    long days = retention.isZero() ? DAYS_OF_FOREVER : retention.toDays() / IN_A_RETENTION;
    return Duration.ofDays(Math.max(1, days));
  }

  Period next(Duration length) {
    return new Period(to, to.plus(length));
  }

  /** What a table's partition of this time is called; {@code to} is at midnight. */
  String partition(String table) {
    return table + "_" + DAY.format(from);
  }

  /** The least id of it. */
  UUID firstId() {
    return Ids.first(from == null ? Instant.EPOCH : from);
  }

  /** The least id that is after it. */
  UUID endId() {
    return Ids.first(to);
  }
}
