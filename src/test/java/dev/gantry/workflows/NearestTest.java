package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> KEYS = List.of("name", "depends", "dir", "retryPolicy", "env");

  @ParameterizedTest
  @CsvSource({
    "depend, depends",
    "dependz, depends",
    "dpeends, depends",
    "DEPENDS, depends",
    "retrypolicy, retryPolicy",
    "retryPolcy, retryPolicy",
    "nmae, name",
    "enb, env"
  })
  void proposes_what_was_probably_meant(String wrong, String expected) {
    assertThat(new Nearest().among(wrong, KEYS)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"''", "x", "with", "constructor", "__proto__", "dependencies"})
  void proposes_nothing_far_away(String wrong) {
    assertThat(new Nearest().among(wrong, KEYS)).isNull();
    assertThat(new Nearest().hint(wrong, KEYS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "a, '', 1",
    "abc, abc, 0",
    "abc, acb, 1",
    "abc, axc, 1",
    "kitten, sitting, 3"
  })
  void counts_changes(String a, String b, int expected) {
    assertThat(Nearest.distance(a, b)).isEqualTo(expected);
    assertThat(Nearest.distance(b, a)).isEqualTo(expected);
  }

  @Test
  void stops_proposing_when_its_budget_is_spent() {
    Nearest nearest = new Nearest();
    List<String> many = Collections.nCopies(30_000, "depends");
    assertThat(nearest.among("depend", many)).isEqualTo("depends");
    assertThat(nearest.among("depend", many)).isNull();
  }
}
