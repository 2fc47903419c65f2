package dev.gantry.workflows;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The times that a cron expression of five fields means, or one of {@code @hourly}, {@code @daily},
 * {@code @midnight}, {@code @weekly}, {@code @monthly}, {@code @yearly} and {@code @annually}. When
 * both the day of the month and the day of the week are given, either is enough.
 *
 * <p>Where clocks change, it is as cron has it: what has its hours named runs once a day, an hour
 * that is left out being made up for at the same distance after the change; what runs at every hour
 * (the field begins with {@code *}) goes by the time that passes. Pure code.
 */
final class CronExpression {
  private static final Map<String, String> NICKNAMES =
      Map.of(
          "@hourly", "0 * * * *",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@weekly", "0 0 * * 0",
          "@monthly", "0 0 1 * *",
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *");

  private static final Pattern EVERY_HOUR = Pattern.compile("\\S+\\s+\\*");

  private final ExecutionTime times;
  private final boolean everyHour;

  private CronExpression(ExecutionTime times, boolean everyHour) {
    this.times = times;
    this.everyHour = everyHour;
  }

  /** Fails with {@link IllegalArgumentException}, whose message is the end of a sentence. */
  static CronExpression parse(String text) {
    String fields = NICKNAMES.getOrDefault(text.strip(), text.strip());
    if (fields.startsWith("@")) {
      throw new IllegalArgumentException("is none of @hourly, @daily, @weekly, @monthly, @yearly");
    }
    Cron cron;
    try {
      // A parser is made anew: it keeps state, and parsing is rare.
      cron =
          new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(fields);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "must be minute, hour, day of month, month and day of week, as '30 6 * * 1-5': "
              + e.getMessage(),
          e);
    }
    CronExpression expression =
        new CronExpression(ExecutionTime.forCron(cron), EVERY_HOUR.matcher(fields).lookingAt());
    if (expression.next(Instant.EPOCH, ZoneOffset.UTC).isEmpty()) {
      throw new IllegalArgumentException("means a day that never comes");
    }
    return expression;
  }

  /** The first time after {@code after}. */
  Optional<Instant> next(Instant after, ZoneId zone) {
    return everyHour
        ? times.nextExecution(after.atZone(zone)).map(ZonedDateTime::toInstant)
        : nextOfDay(after, zone);
  }

  /** The clock on the wall alone says when; each time on it comes once. */
  private Optional<Instant> nextOfDay(Instant after, ZoneId zone) {
    ZonedDateTime wall = wall(after, zone).atZone(ZoneOffset.UTC);
    while (true) {
      Optional<ZonedDateTime> next = times.nextExecution(wall);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      wall = next.get();
      Instant instant = wall.toLocalDateTime().atZone(zone).toInstant();
      if (instant.isAfter(after)) {
        return Optional.of(instant);
      }
    }
  }

  /** What the clock shows; for as long as a gap that was just left out, the time before the gap. */
  private static LocalDateTime wall(Instant after, ZoneId zone) {
    ZoneOffsetTransition last = zone.getRules().previousTransition(after.plusNanos(1));
    boolean inGap =
        last != null && last.isGap() && after.isBefore(last.getInstant().plus(last.getDuration()));
    return inGap ? last.getDateTimeBefore().minusSeconds(1) : LocalDateTime.ofInstant(after, zone);
  }

  /** A time that is not after {@code at}, with not more than a day between it and the last one. */
  Optional<Instant> shortlyBeforeLast(Instant at, ZoneId zone) {
    return times
        .lastExecution(at.atZone(zone))
        .map(last -> last.toInstant().minus(Duration.ofDays(1)));
  }
}
