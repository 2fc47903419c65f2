package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotedTest {
  @Test
  void nothing_that_moves_a_cursor_or_forges_a_line_is_shown() {
    assertThat(Quoted.quote("a\nb\u001b[31m\u202ec\u2028d")).isEqualTo("'a�b�[31m�c�d'");
  }

  @Test
  void a_long_text_is_cut() {
    assertThat(Quoted.shown("x".repeat(1_000))).isEqualTo("x".repeat(80) + "…");
  }

  @Test
  void keys_in_places_are_shown_so_too() {
    Place place = Place.ROOT.key("steps").item(2).key("a\nb").key("c");
    assertThat(place).hasToString("steps[2].a\uFFFDb.c");
    assertThat(Place.ROOT).hasToString("$");
    assertThat(Place.ROOT.item(0).key("a")).hasToString("[0].a");
  }
}
