package dev.gantry.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-11-25T17:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0; 0",
        "120; 120",
        " 7 ; 7",
        "86401; 86400",
        "999999999; 86400",
        "Wed, 25 Nov 2026 17:01:00 GMT; 60",
        "Wed, 25 Nov 2026 16:00:00 GMT; 0",
        "Mon, 25 Nov 2026 17:01:00 GMT; 0",
        "Wed, 25 Nov 2037 17:01:00 GMT; 86400",
        "-5; 0",
        "soon; 0",
        "9999999999999999999; 0",
      })
  void saysHowLongToWait(String header, long seconds) {
    assertThat(RetryAfter.of(header, NOW)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void isNotNeeded() {
    assertThat(RetryAfter.of(null, NOW)).isZero();
  }
}
