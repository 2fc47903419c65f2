package dev.gantry.schedules;

import dev.gantry.workflows.Timetable;
import dev.gantry.workflows.Timetable.CatchUp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is to be done for a schedule now, which may be nothing. Pure code.
 *
 * @param missed the last of the slots that are passed over
 * @param fires the slot that an execution is to be started for
 * @param base every slot up to here is done with afterwards
 * @param next the first slot after it
 */
record Turn(Optional<Instant> missed, Optional<Instant> fires, Instant base, Instant next) {
  /** A slot that is no more than this late is not missed: engines restart, databases fail over. */
  static final Duration GRACE = Duration.ofMinutes(1);

  /**
   * @param base every slot up to here is done with
   * @param now by the database's clock
   */
  static Turn of(Timetable schedule, Instant base, Instant now) {
    Instant first = next(schedule, base);
    if (first.isAfter(now)) {
      return new Turn(Optional.empty(), Optional.empty(), base, first);
    }
    if (schedule.catchup() == CatchUp.ALL) {
      return new Turn(Optional.empty(), Optional.of(first), first, next(schedule, first));
    }
    Instant last = schedule.last(base, now).orElse(first);
    boolean fires = schedule.catchup() == CatchUp.LAST || !last.isBefore(now.minus(GRACE));
    return new Turn(
        fires ? schedule.last(base, last.minusNanos(1)) : Optional.of(last),
        fires ? Optional.of(last) : Optional.empty(),
        last,
        next(schedule, last));
  }

  private static Instant next(Timetable schedule, Instant after) {
    return schedule.next(after).orElseThrow();
  }
}
