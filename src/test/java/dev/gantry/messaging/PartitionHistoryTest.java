package dev.gantry.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.platform.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class PartitionHistoryTest {
  private static final String TOPIC = "t.events";
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final PartitionHistory history = new PartitionHistory(() -> now);

  private List<String> keys() {
    return Stream.generate(() -> "exec-" + Ids.next(now)).limit(50).toList();
  }

  private List<Integer> places(List<String> keys, int partitions) {
    return keys.stream().map(key -> history.of(TOPIC, key, partitions)).toList();
  }

  private static List<Integer> kafkas(List<String> keys, int partitions) {
    return keys.stream()
        .map(
            key ->
                BuiltInPartitioner.partitionForKey(
                    key.getBytes(StandardCharsets.UTF_8), partitions))
        .toList();
  }

  @Test
  void isWhereKafkaWouldPutIt() {
    List<String> keys = keys();
    assertThat(places(keys, 8)).isEqualTo(kafkas(keys, 8));
  }

  @Test
  void whatBeganBeforeATopicGrewStaysAndWhatBeginsLaterSpreads() {
    List<String> old = keys();
    List<Integer> before = places(old, 8);

    assertThat(places(old, 12)).isEqualTo(before);
    now = now.plus(PartitionHistory.MARGIN).minus(MINUTE);
    List<String> between = keys();
    assertThat(places(between, 12)).isEqualTo(kafkas(between, 8));

    now = now.plus(MINUTE);
    List<String> young = keys();
    assertThat(places(young, 12)).isEqualTo(kafkas(young, 12)).anyMatch(place -> place >= 8);
    assertThat(places(old, 12)).isEqualTo(before);
    assertThat(places(between, 12)).isEqualTo(kafkas(between, 8));
  }

  @Test
  void oldNewsOfATopicChangeNothing() {
    places(keys(), 8);
    places(keys(), 12);
    List<String> young = IntStream.range(0, 50).mapToObj(i -> "exec-" + later()).toList();
    assertThat(places(young, 8)).isEqualTo(kafkas(young, 12));
  }

  private UUID later() {
    return Ids.next(now.plus(PartitionHistory.MARGIN));
  }

  @Test
  void aTopicThatWasMadeAnewWithFewerIsFilledAnew() {
    places(keys(), 8);
    List<String> keys = keys();
    assertThat(places(keys, 3)).isEqualTo(kafkas(keys, 3));
  }

  @Test
  void aKeyThatIsNoIdStaysForEver() {
    List<String> names = IntStream.range(0, 50).mapToObj(i -> "runner-" + i).toList();
    List<Integer> before = places(names, 8);
    now = now.plus(Duration.ofDays(1));
    assertThat(places(names, 12)).isEqualTo(before);
    now = now.plus(Duration.ofDays(1));
    assertThat(places(names, 12)).isEqualTo(before);
  }
}
