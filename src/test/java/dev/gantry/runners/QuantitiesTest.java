package dev.gantry.runners;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantitiesTest {
  @ParameterizedTest
  @CsvSource({"4000, 4", "500, 500m", "1250, 1250m", "0, 0"})
  void writesProcessors(long millis, String text) {
    assertThat(Quantities.cpu(millis)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1000, 1000",
    "1024, 1Ki",
    "8589934592, 8Gi",
    "8589934591, 8191Mi",
    "25149079552, 23Gi",
    "8321499136, 7936Mi",
    "1125899906842624, 1024Ti"
  })
  void writesMemory(long bytes, String text) {
    assertThat(Quantities.memory(bytes)).isEqualTo(text);
  }
}
