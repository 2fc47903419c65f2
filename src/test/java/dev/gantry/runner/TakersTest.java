package dev.gantry.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TakersTest {
  @ParameterizedTest
  @CsvSource({"0, a", "6, a", "7, b", "11, b", "12, a", "90, a"})
  void aCommandIsOfWhoTookItsOffset(long offset, String ledger) {
    Takers takers = Takers.NOBODY.then("a", 0).then("b", 7).then("b", 9).then("a", 12);

    assertThat(takers.of(offset)).contains(ledger);
    assertThat(Takers.read(takers.metadata())).isEqualTo(takers);
    assertThat(takers.metadata()).isEqualTo("a@12,b@7,a@0");
  }

  @Test
  void whatWasBeforeTheFirstThatIsRememberedIsNobodys() {
    assertThat(Takers.NOBODY.of(0)).isEmpty();
    assertThat(Takers.NOBODY.then("a", 5).of(4)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "@", "a@", "a@b", ",", "{\"other\": 1}"})
  void whatIsNotARunnersSaysNothing(String metadata) {
    assertThat(Takers.read(metadata)).isEqualTo(Takers.NOBODY);
  }

  /** The broker refuses a commit with more than 4,096 bytes. */
  @Test
  void theOldestAreForgottenBeforeItIsTooLongForKafka() {
    Takers takers = Takers.NOBODY;
    long last = Long.MAX_VALUE - 1000;
    for (int i = 0; i < 1000; i++) {
      takers = takers.then(UUID.randomUUID().toString(), last + i);
    }

    assertThat(takers.metadata().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(4096);
    assertThat(takers.of(last + 999)).isPresent();
    assertThat(takers.of(last)).isEmpty();
  }
}
