package dev.gantry.workflows;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * When something runs by itself: at the times that any of its cron expressions mean, which are its
 * slots. Pure code.
 *
 * @param crons valid, at least one; see {@code docs/workflow-format.md}
 * @param timezone whose clock they mean, valid
 */
public record Timetable(List<String> crons, String timezone, Overlap overlap, CatchUp catchup) {
  public static final int MOST_CRONS = 100;
  public static final String UTC = "UTC";

  public Timetable {
    crons = List.copyOf(crons);
    timezone = timezone == null ? UTC : timezone;
    overlap = overlap == null ? Overlap.SKIP : overlap;
    catchup = catchup == null ? CatchUp.NONE : catchup;
  }

  /** What happens at a slot while an execution of an earlier one lives. */
  public enum Overlap {
    /** Nothing. */
    SKIP,
    /** The new one waits until the earlier ones have ended. */
    QUEUE,
    /** Both run. */
    ALLOW;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What becomes of slots at which nothing was there to start anything. */
  public enum CatchUp {
    /** They are passed over. */
    NONE,
    /** The last of them runs. */
    LAST,
    /** Each of them runs, in their order. */
    ALL;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Why {@code cron} is not a valid expression, as the end of a sentence; empty when it is. */
  public static Optional<String> cronFault(String cron) {
    try {
      CronExpression.parse(cron);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }

  public static boolean isTimezone(String name) {
    return UTC.equals(name) || ZoneId.getAvailableZoneIds().contains(name);
  }

  /** The first slot after {@code after}. */
  public Optional<Instant> next(Instant after) {
    return crons.stream()
        .flatMap(cron -> CronExpression.parse(cron).next(after, zone()).stream())
        .min(Instant::compareTo);
  }

  /** The last slot that is after {@code after} and not after {@code until}. */
  public Optional<Instant> last(Instant after, Instant until) {
    return crons.stream()
        .flatMap(cron -> last(CronExpression.parse(cron), after, until).stream())
        .max(Instant::compareTo);
  }

  private Optional<Instant> last(CronExpression cron, Instant after, Instant until) {
    Instant from = cron.shortlyBeforeLast(until, zone()).filter(after::isBefore).orElse(after);
    Optional<Instant> last = Optional.empty();
    Optional<Instant> next = cron.next(from, zone());
    while (next.isPresent() && !next.get().isAfter(until)) {
      last = next;
      next = cron.next(next.get(), zone());
    }
    return last;
  }

  private ZoneId zone() {
    return ZoneId.of(timezone);
  }
}
