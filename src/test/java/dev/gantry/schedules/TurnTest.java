package dev.gantry.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.workflows.Timetable;
import dev.gantry.workflows.Timetable.CatchUp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TurnTest {
  private static final Instant NOON = Instant.parse("2026-12-01T12:00:00Z");

  private static Timetable hourly(CatchUp catchUp) {
    return new Timetable(List.of("0 * * * *"), "UTC", null, catchUp);
  }

  private static Instant hour(int hour) {
    return NOON.plus(Duration.ofHours(hour - 12));
  }

  @Test
  void works_out_the_next_slot_when_none_has_come() {
    for (CatchUp catchUp : CatchUp.values()) {
      assertThat(Turn.of(hourly(catchUp), NOON, NOON.plusSeconds(1)))
          .isEqualTo(new Turn(Optional.empty(), Optional.empty(), NOON, hour(13)));
    }
  }

  @Test
  void fires_a_slot_that_has_come() {
    for (CatchUp catchUp : CatchUp.values()) {
      assertThat(Turn.of(hourly(catchUp), NOON, hour(13)))
          .isEqualTo(new Turn(Optional.empty(), Optional.of(hour(13)), hour(13), hour(14)));
    }
  }

  @Test
  void fires_a_slot_that_is_a_little_late_whatever_the_rule_is() {
    Instant late = hour(13).plus(Turn.GRACE);
    assertThat(Turn.of(hourly(CatchUp.NONE), NOON, late).fires()).contains(hour(13));
    assertThat(Turn.of(hourly(CatchUp.NONE), NOON, late.plusMillis(1)).fires()).isEmpty();
  }

  @Test
  void passes_over_what_was_missed() {
    assertThat(Turn.of(hourly(CatchUp.NONE), hour(9), NOON.plusSeconds(600)))
        .isEqualTo(new Turn(Optional.of(NOON), Optional.empty(), NOON, hour(13)));
  }

  @Test
  void fires_in_time_after_what_was_missed() {
    assertThat(Turn.of(hourly(CatchUp.NONE), hour(9), NOON.plusSeconds(10)))
        .isEqualTo(new Turn(Optional.of(hour(11)), Optional.of(NOON), NOON, hour(13)));
  }

  @Test
  void fires_the_last_of_what_was_missed() {
    assertThat(Turn.of(hourly(CatchUp.LAST), hour(9), NOON.plusSeconds(600)))
        .isEqualTo(new Turn(Optional.of(hour(11)), Optional.of(NOON), NOON, hour(13)));
  }

  @Test
  void fires_all_that_was_missed_one_after_the_other() {
    List<Instant> fired = new ArrayList<>();
    Instant base = hour(9);
    Turn turn = Turn.of(hourly(CatchUp.ALL), base, NOON.plusSeconds(600));
    while (turn.fires().isPresent()) {
      assertThat(turn.missed()).isEmpty();
      fired.add(turn.fires().get());
      turn = Turn.of(hourly(CatchUp.ALL), turn.base(), NOON.plusSeconds(600));
    }
    assertThat(fired).containsExactly(hour(10), hour(11), NOON);
    assertThat(turn.next()).isEqualTo(hour(13));
  }
}
