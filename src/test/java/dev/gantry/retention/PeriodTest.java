package dev.gantry.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.platform.Ids;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How time is cut. */
class PeriodTest {
  private static final Period DAY =
      new Period(Instant.parse("2026-03-01T00:00:00Z"), Instant.parse("2026-03-02T00:00:00Z"));

  @ParameterizedTest
  @CsvSource({"PT0S, 30", "PT1H, 1", "P7D, 1", "P30D, 3", "P90D, 11", "P365D, 45"})
  void isAnEighthOfTheRetentionInWholeDays(Duration retention, long days) {
    assertThat(Period.length(retention)).isEqualTo(Duration.ofDays(days));
  }

  @Test
  void holdsTheIdsOfItsTimeAndNoOthers() {
    assertThat(Ids.next(Instant.parse("2026-03-01T00:00:00Z")))
        .isGreaterThanOrEqualTo(DAY.firstId());
    assertThat(Ids.next(Instant.parse("2026-03-01T23:59:59.999Z"))).isLessThan(DAY.endId());
    assertThat(DAY.next(Duration.ofDays(3)).firstId()).isEqualTo(DAY.endId());
  }

  @Test
  void namesItsPartitionsByItsBegin() {
    assertThat(DAY.partition("log_chunks")).isEqualTo("log_chunks_20260301");
  }
}
