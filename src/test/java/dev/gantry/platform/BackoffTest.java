package dev.gantry.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
  private final Backoff backoff =
      new Backoff(List.of(Duration.ofSeconds(5), Duration.ofSeconds(30)), new Random(1));

  @ParameterizedTest
  @CsvSource({"1, 5", "2, 30", "3, 30", "50, 30"})
  void waitsAboutAsLongAsItSays(int tries, int seconds) {
    Set<Duration> waits = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      waits.add(backoff.after(tries));
    }

    assertThat(waits)
        .hasSizeGreaterThan(100)
        .allSatisfy(
            wait ->
                assertThat(wait)
                    .isBetween(
                        Duration.ofMillis(seconds * 800L), Duration.ofMillis(seconds * 1200L)))
        .anySatisfy(wait -> assertThat(wait).isLessThan(Duration.ofMillis(seconds * 850L)))
        .anySatisfy(wait -> assertThat(wait).isGreaterThan(Duration.ofMillis(seconds * 1150L)));
  }
}
