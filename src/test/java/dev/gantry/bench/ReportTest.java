package dev.gantry.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a reader of the report relies on. */
class ReportTest {
  private static final Measure RATE = Measure.atLeast("lines", 100_000, "/s");
  private static final Measure TIME = Measure.atMost("median", 0.16, "s");

  private record Named(String id, List<Measure> measures) implements Figure {
    @Override
    public String what() {
      return "what";
    }

    @Override
    public void warmUp(Gantry gantry) {}

    @Override
    public Map<Measure, Double> run(Gantry gantry) {
      return Map.of();
    }
  }

  @Test
  void showsTheMedianAndWhetherItIsReached() {
    Figure figure = new Named("P0", List.of(RATE, TIME));
    Result result =
        new Result(
            figure,
            List.of(
                Map.of(RATE, 90_000.0, TIME, 0.2),
                Map.of(RATE, 120_000.4, TIME, 0.1),
                Map.of(RATE, 110_000.0, TIME, 0.17)),
            null);

    String table = new Report(List.of(result)).markdown(Map.of("machine", Map.of("cores", 2)));

    assertThat(table)
        .contains(
            "- cores: 2\n",
            "| P0 | what | lines | 110,000 /s | 90,000; 120,000; 110,000 | ≥ 100,000 /s | yes |\n",
            "| P0 | what | median | 0.17 s | 0.20; 0.10; 0.17 | ≤ 0.16 s | no |\n");
  }

  @Test
  void showsNoValueOfWhatWasWrong() {
    Figure figure = new Named("P0", List.of(RATE));
    Result result = new Result(figure, List.of(Map.of(RATE, 120_000.0)), "a gap");

    String table = new Report(List.of(result)).markdown(Map.of());

    assertThat(table).contains("| P0 | what | **wrong: a gap** |").doesNotContain("120,000");
  }

  @Test
  void printsDistinctLinesOfAHundredBytes() {
    byte[] first = new byte[Chatter.LENGTH];
    byte[] second = new byte[Chatter.LENGTH];

    Chatter.write(0, first);
    Chatter.write(1_999_999, second);

    assertThat(new String(first, StandardCharsets.US_ASCII)).matches("0{10}( [a-z]{8}){10}");
    assertThat(new String(second, StandardCharsets.US_ASCII))
        .matches("0001999999( [a-z]{8}){10}")
        .doesNotEndWith(new String(first, 10, 90, StandardCharsets.US_ASCII));
  }
}
