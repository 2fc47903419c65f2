package dev.gantry.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "30, PT30S",
    "9999999999, PT9999999999S",
    "1800s, PT30M",
    "30m, PT30M",
    "1h30m, PT1H30M",
    "1h30m5s, PT1H30M5S",
    "36h, PT36H",
    "30d, PT720H",
    "1d1h1m1s1ms, PT25H1M1.001S",
    "250ms, PT0.25S",
    "1m1ms, PT1M0.001S",
    "0s, PT0S"
  })
  void reads(String text, Duration expected) {
    assertThat(Durations.parse(text)).contains(expected);
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        " ",
        "soon",
        "-1",
        "-1s",
        "1.5h",
        "5s1m",
        "1h 30m",
        "h",
        "ms",
        "1y",
        "10000000000",
        "1e3",
        "١s",
        "99999999999999s",
        "5M",
        "5 s",
        "1m1m"
      })
  void refuses(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT30S, 30s",
    "PT15M, 15m",
    "PT90M, 1h30m",
    "PT36H, 36h",
    "PT1H5S, 1h5s",
    "PT0.25S, 250ms",
    "PT61.001S, 1m1s1ms"
  })
  void writes(Duration duration, String expected) {
    assertThat(Durations.format(duration)).isEqualTo(expected);
  }

  @Test
  void reads_back_what_it_writes() {
    for (long millis = 1; millis < Duration.ofDays(400).toMillis(); millis = millis * 3 + 7) {
      Duration duration = Duration.ofMillis(millis);
      assertThat(Durations.parse(Durations.format(duration))).contains(duration);
    }
  }
}
