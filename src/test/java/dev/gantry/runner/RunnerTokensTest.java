package dev.gantry.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RunnerTokensTest {
  private static final List<String> NAMES = List.of("north", "south");

  @Test
  void eachNameHasItsOwn() {
    RunnerTokens tokens = new RunnerTokens(NAMES, List.of("gtr_n", "gtr_s"));
    assertThat(tokens.of("north")).contains("gtr_n");
    assertThat(tokens.of("south")).contains("gtr_s");
  }

  @Test
  void oneThatIsSetAlikeOnTheApiIsGoodForAll() {
    RunnerTokens tokens = new RunnerTokens(NAMES, List.of("shared-not-secret"));
    assertThat(tokens.of("north")).isEqualTo(tokens.of("south")).contains("shared-not-secret");
  }

  @Test
  void thereMayBeNone() {
    assertThat(new RunnerTokens(NAMES, List.of()).of("north")).isEmpty();
  }

  @Test
  void oneNameHasItsRegistrations() {
    assertThat(new RunnerTokens(List.of("north"), List.of("gtr_n")).of("north")).contains("gtr_n");
  }

  @Test
  void oneOfARegistrationIsNotGoodForSeveral() {
    assertThatThrownBy(() -> new RunnerTokens(NAMES, List.of("gtr_n")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("gantry.runner.token")
        .hasMessageContaining("[north, south]")
        .hasMessageNotContaining("gtr_n");
  }

  @Test
  void tooFewOrTooManyStopTheStart() {
    assertThatThrownBy(() -> new RunnerTokens(NAMES, List.of("a", "b", "c")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("3 tokens for the 2 names");
    assertThatThrownBy(() -> new RunnerTokens(List.of("north"), List.of("a", "b")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("2 tokens for the 1 names");
  }
}
