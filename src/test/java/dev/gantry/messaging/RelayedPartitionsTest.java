package dev.gantry.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.database.DatabaseClock;
import dev.gantry.platform.Ids;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.Servers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TopicReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** That the order of each key outlives more partitions. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class RelayedPartitionsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  @Inject Outbox outbox;
  @Inject TopicCatalog catalog;
  @Inject Topics topics;
  @Inject Pool pool;
  @Inject DatabaseClock clock;

  private Integer known(String topic) {
    return pool.preparedQuery("select max(partitions) from topic_partitions where topic = $1")
        .execute(Tuple.of(topic))
        .await()
        .atMost(PATIENCE)
        .iterator()
        .next()
        .getInteger(0);
  }

  private void publish(String topic, List<String> keys) {
    outbox
        .publish(
            keys.stream().map(key -> new OutboxMessage(topic, key, Map.of(), new byte[0])).toList())
        .await()
        .atMost(PATIENCE);
  }

  /** A topic that this test alone writes to, as one for replayed events. */
  private String topic() {
    String topic = topics.replays("grows-" + mine.id());
    String body =
        "{\"topic\": \"grows-%s\", \"since\": \"2026-01-01T00:00:00Z\"}".formatted(mine.id());
    mine.json().body(body).post("/api/v1/events/replay").then().statusCode(202);
    return topic;
  }

  @Test
  void aKeyStaysInItsPartitionWhenTheTopicGrows() throws Exception {
    String topic = topic();
    List<String> keys = IntStream.range(0, 20).mapToObj(i -> "exec-" + Ids.next()).toList();
    publish(topic, keys);
    await().until(() -> known(topic) != null);
    int before = known(topic);

    try (Admin admin = Admin.create(Map.of("bootstrap.servers", Servers.get().kafka()))) {
      admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(before + 5))).all().get();
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              publish(topic, keys);
              return known(topic) == before + 5;
            });
    publish(topic, keys);

    List<ConsumerRecord<String, byte[]>> records =
        TopicReader.read(topic, record -> true, found -> found.size() >= 60);
    for (String key : keys) {
      List<Integer> places =
          records.stream().filter(r -> r.key().equals(key)).map(ConsumerRecord::partition).toList();
      assertThat(places).as(key).hasSizeGreaterThan(2).containsOnly(places.get(0));
    }
  }

  @Test
  void theNextRelayKnowsWhatThisOneHasSeen() {
    String topic = "t." + UUID.randomUUID();
    List<String> keys =
        IntStream.range(0, 20)
            .mapToObj(
                i -> "exec-" + Ids.next(clock.now().plus(PartitionHistory.MARGIN.plus(PATIENCE))))
            .toList();
    PartitionHistory first = new PartitionHistory(clock::now);
    first.of(topic, keys.get(0), 8);
    List<Integer> places = keys.stream().map(key -> first.of(topic, key, 12)).toList();
    first.save(pool).await().atMost(PATIENCE);

    PartitionHistory second = new PartitionHistory(clock::now);
    second.load(pool).await().atMost(PATIENCE);
    assertThat(keys.stream().map(key -> second.of(topic, key, 8)).toList()).isEqualTo(places);
    assertThat(places).anyMatch(place -> place >= 8);
  }
}
