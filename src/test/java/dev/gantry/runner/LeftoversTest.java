package dev.gantry.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.runner.Runner.Whose;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeftoversTest {
  @ParameterizedTest
  @CsvSource({"1, UNKNOWN", "2, OURS", "4, OURS", "5, ANOTHERS", "7, ANOTHERS", "8, OURS"})
  void kafkaSaysWhoseACommandIsThatItWasToldOf(long offset, Whose whose) {
    Takers takers = Takers.NOBODY.then("ours", 2).then("another", 5).then("ours", 8);

    OffsetAndMetadata told = new OffsetAndMetadata(10, takers.metadata());

    assertThat(Leftovers.whose(told, offset, "ours")).isEqualTo(whose);
  }

  /** Whose it will be is not known, but it is given to somebody in any case. */
  @ParameterizedTest
  @CsvSource({"10", "11"})
  void whatItWasNotToldOfIsForWhoeverIsNext(long offset) {
    OffsetAndMetadata told = new OffsetAndMetadata(10, Takers.NOBODY.then("ours", 0).metadata());

    assertThat(Leftovers.whose(told, offset, "ours")).isEqualTo(Whose.ANOTHERS);
    assertThat(Leftovers.whose(null, offset, "ours")).isEqualTo(Whose.ANOTHERS);
  }

  @Test
  void anOffsetToldByAnOlderVersionLeavesItOpen() {
    assertThat(Leftovers.whose(new OffsetAndMetadata(10), 3, "ours")).isEqualTo(Whose.UNKNOWN);
  }
}
