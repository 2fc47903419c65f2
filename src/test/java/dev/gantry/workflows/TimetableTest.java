package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimetableTest {
  private static final String BERLIN = "Europe/Berlin";

  private static Timetable timetable(String timezone, String... crons) {
    return new Timetable(List.of(crons), timezone, null, null);
  }

  /** The next slots, as the zone's clock shows them, with their offset. */
  private static List<String> slots(Timetable timetable, String after, int count) {
    List<String> slots = new ArrayList<>();
    Instant at = Instant.parse(after);
    for (int i = 0; i < count; i++) {
      at = timetable.next(at).orElseThrow();
      ZonedDateTime shown = at.atZone(ZoneId.of(timetable.timezone()));
      slots.add(shown.toOffsetDateTime().toString());
    }
    return slots;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          30 6 * * 1-5   | 2026-11-27T06:30:00Z | 2026-11-30T06:30Z
          */15 * * * *   | 2026-11-27T06:30:00Z | 2026-11-27T06:45Z
          0 0 * * 7      | 2026-11-27T06:30:00Z | 2026-11-29T00:00Z
          0 0 * * SUN    | 2026-11-27T06:30:00Z | 2026-11-29T00:00Z
          0 0 29 2 *     | 2026-11-27T06:30:00Z | 2028-02-29T00:00Z
          @hourly        | 2026-11-27T06:30:00Z | 2026-11-27T07:00Z
          @daily         | 2026-11-27T06:30:00Z | 2026-11-28T00:00Z
          @weekly        | 2026-11-27T06:30:00Z | 2026-11-29T00:00Z
          @monthly       | 2026-11-27T06:30:00Z | 2026-12-01T00:00Z
          @yearly        | 2026-11-27T06:30:00Z | 2027-01-01T00:00Z
          """)
  void finds_the_next_slot(String cron, String after, String next) {
    assertThat(slots(timetable("UTC", cron), after, 1)).containsExactly(next);
  }

  @Test
  void takes_either_day_when_both_are_given() {
    assertThat(slots(timetable("UTC", "0 0 13 * 5"), "2026-12-01T00:00:00Z", 3))
        .containsExactly("2026-12-04T00:00Z", "2026-12-11T00:00Z", "2026-12-13T00:00Z");
  }

  @Test
  void takes_the_first_of_several_expressions() {
    assertThat(slots(timetable("UTC", "0 6 * * *", "0 18 * * *"), "2026-12-01T00:00:00Z", 3))
        .containsExactly("2026-12-01T06:00Z", "2026-12-01T18:00Z", "2026-12-02T06:00Z");
  }

  @Test
  void makes_up_for_an_hour_that_is_left_out() {
    assertThat(slots(timetable(BERLIN, "30 2 * * *"), "2026-03-28T00:00:00Z", 3))
        .containsExactly(
            "2026-03-28T02:30+01:00", "2026-03-29T03:30+02:00", "2026-03-30T02:30+02:00");
  }

  @Test
  void does_not_run_twice_in_an_hour_that_comes_twice() {
    assertThat(slots(timetable(BERLIN, "30 2 * * *"), "2026-10-24T12:00:00Z", 2))
        .containsExactly("2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00");
  }

  @Test
  void goes_by_the_time_that_passes_when_it_runs_every_hour() {
    assertThat(slots(timetable(BERLIN, "0 * * * *"), "2026-10-24T23:30:00Z", 4))
        .containsExactly(
            "2026-10-25T02:00+02:00",
            "2026-10-25T02:00+01:00",
            "2026-10-25T03:00+01:00",
            "2026-10-25T04:00+01:00");
    assertThat(slots(timetable(BERLIN, "0 * * * *"), "2026-03-28T23:30:00Z", 3))
        .containsExactly(
            "2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00", "2026-03-29T04:00+02:00");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          61 * * * *  | not in range
          5 4 * *     | contains 4 parts
          tomorrow    | minute, hour, day of month
          0 0 30 2 *  | never comes
          @reboot     | is none of
          """)
  void says_what_is_wrong(String cron, String why) {
    assertThat(Timetable.cronFault(cron).orElseThrow()).contains(why);
  }

  /** The last slot is the one that one gets to by going from slot to slot. */
  @Property(tries = 200)
  void finds_the_last_slot(
      @ForAll @IntRange(max = 5) int which,
      @ForAll @LongRange(max = 1_000_000) long minutes,
      @ForAll @IntRange(max = 3000) int span) {
    String cron =
        List.of(
                "*/7 * * * *",
                "30 2 * * *",
                "0 */5 * * *",
                "15 2 * * 0",
                "0 0 1 * *",
                "5 1-3 * * *")
            .get(which);
    Timetable timetable = timetable(BERLIN, cron);
    Instant after = Instant.parse("2026-01-01T00:00:30Z").plus(Duration.ofMinutes(minutes));
    Instant until = after.plus(Duration.ofMinutes(span));
    Instant last = null;
    for (Instant at = after; ; ) {
      at = timetable.next(at).orElseThrow();
      if (at.isAfter(until)) {
        break;
      }
      last = at;
    }
    assertThat(timetable.last(after, until).orElse(null)).isEqualTo(last);
  }

  /** Slots are minutes, later than what they come after, and nothing lies between. */
  @Property(tries = 200)
  void has_nothing_between_slots(@ForAll @LongRange(max = 2_000_000) long minutes) {
    Timetable timetable = timetable(BERLIN, "*/20 1-3 * * *");
    Instant after = Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofMinutes(minutes));
    Instant next = timetable.next(after).orElseThrow();
    assertThat(next).isAfter(after);
    assertThat(next.getEpochSecond() % 60).isZero();
    assertThat(timetable.next(next.minusSeconds(1))).contains(next);
  }
}
