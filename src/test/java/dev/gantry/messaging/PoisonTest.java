package dev.gantry.messaging;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.Servers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise A10: a poison message goes to its dead-letter topic and the partition goes on. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class PoisonTest {
  private static final Map<String, Object> CONFIG =
      Map.of("bootstrap.servers", Servers.get().kafka());

  @ParameterizedTest
  @ValueSource(strings = {"steps", "commands.default", "logs"})
  void deadLettersWhatCannotBeRead(String name) throws Exception {
    String topic = GantryServers.TOPIC_PREFIX + "." + name;
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(CONFIG, new StringSerializer(), new ByteArraySerializer())) {
      for (int partition = 0; partition < 2; partition++) {
        byte[] poison = "{\"type\": \"nonsense\"".getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic, partition, "key", poison)).get();
      }
    }

    List<ConsumerRecord<String, byte[]>> letters = deadLetters(Topics.deadLetters(topic));
    assertThat(letters).hasSize(2);
    assertThat(letters)
        .allSatisfy(
            letter ->
                assertThat(letter.headers().lastHeader("dead-letter-reason").value()).isNotEmpty());
    requireThatToolsRun();
  }

  @Inject Outbox outbox;
  @Inject Pool pool;

  @Test
  void setsAsideWhatKafkaRefuses() {
    String key = "refused-" + UUID.randomUUID();
    OutboxMessage tooLarge =
        new OutboxMessage(GantryServers.TOPIC_PREFIX + ".events", key, Map.of(), new byte[5 << 20]);

    outbox.publish(List.of(tooLarge)).await().indefinitely();

    requireThatToolsRun();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                pool.preparedQuery("select reason from outbox_refused where key = $1")
                        .execute(Tuple.of(key))
                        .await()
                        .indefinitely()
                        .size()
                    == 1);
  }

  private static void requireThatToolsRun() {
    given()
        .header("Authorization", "Bearer " + GantryServers.KEY)
        .contentType("application/json")
        .body(Map.of("name", "after", "content", "echo after"))
        .post("/api/v1/tools/execute?wait=20s")
        .then()
        .body("status", equalTo("completed"));
  }

  private static List<ConsumerRecord<String, byte[]>> deadLetters(String topic) {
    List<ConsumerRecord<String, byte[]>> letters = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(CONFIG, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
      consumer.assign(partition);
      consumer.seekToBeginning(partition);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(letters::add);
                return letters.size() >= 2;
              });
    }
    return letters;
  }
}
