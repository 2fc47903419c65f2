package dev.gantry.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
  @Test
  void readsWhatRfc3339Writes() {
    assertThat(Times.parse("2030-01-31T12:00:00Z")).contains(Instant.parse("2030-01-31T12:00:00Z"));
    assertThat(Times.parse("2030-01-31T12:00:00.5+01:00"))
        .contains(Instant.parse("2030-01-31T11:00:00.500Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2030-01-31",
        "2030-01-31T12:00Z",
        "2030-02-30T12:00:00Z",
        "2030-01-31T25:00:00Z",
        "2030-01-31T12:00:00",
        "2030-01-31T12:00:00+99:00",
        "+999999999-12-31T23:59:59Z"
      })
  void refusesAllElse(String text) {
    assertThat(Times.parse(text)).isEmpty();
  }
}
