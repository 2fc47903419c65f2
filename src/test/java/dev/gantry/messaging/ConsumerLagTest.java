package dev.gantry.messaging;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.Servers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class ConsumerLagTest {
  private static final String TOPIC = "lag-" + UUID.randomUUID();

  @Test
  void healthTellsIt() {
    String check = "checks.find { it.name == 'Kafka consumer lag' }.";
    given()
        .get("/q/health/well")
        .then()
        .statusCode(200)
        .body(check + "status", equalTo("UP"))
        .body(check + "data.'engine-steps'", greaterThanOrEqualTo(0))
        .body(check + "data.commands", greaterThanOrEqualTo(0));
  }

  @Test
  void itIsWhatIsLeftToRead() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", Servers.get().kafka()))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
    }
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", Servers.get().kafka()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < 10; i++) {
        producer.send(new ProducerRecord<>(TOPIC, 0, null, new byte[1])).get();
      }
    }
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", Servers.get().kafka(), "max.poll.records", 3),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(TOPIC, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));

      assertThat(consumer.poll(Duration.ofSeconds(20)).count()).isEqualTo(3);
      assertThat(ConsumerLag.of(consumer.metrics())).isEqualTo(7);
    }
  }
}
