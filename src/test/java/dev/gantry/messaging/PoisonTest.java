package dev.gantry.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.Servers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TopicReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody can read is set aside with its reason, and every partition goes on. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class PoisonTest {
  private static final List<String> POISON =
      List.of(
          "nonsense", "{}", "[]", "null", "{\"type\": \"step_started\"}", "\"\"", "{\"a\":", "\0");

  private final TestOrganization mine = TestOrganization.create("OPERATOR");

  /** To every partition of the topic. */
  private static void send(String topic, String key, byte[] value, String... headers)
      throws Exception {
    Map<String, Object> config = Map.of("bootstrap.servers", Servers.get().kafka());
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
      for (var partition : producer.partitionsFor(topic)) {
        ProducerRecord<String, byte[]> record =
            new ProducerRecord<>(topic, partition.partition(), key, value);
        for (String header : headers) {
          record.headers().add(new RecordHeader(header, (byte[]) null));
        }
        producer.send(record).get();
      }
    }
  }

  private void everythingGoesOn() {
    mine.json()
        .body(
            Map.of(
                "definition",
                "{name: after, steps: [{name: a, command: echo here}, {name: b, command: 'true'}]}"))
        .post("/api/v1/workflows/execute?wait=30s")
        .then()
        .body("status", equalTo("completed"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"steps", "logs", "commands.default", "heartbeats"})
  void isSetAsideWithItsReason(String name) throws Exception {
    String topic = GantryServers.TOPIC_PREFIX + "." + name;
    List<String> keys = new ArrayList<>();
    for (String poison : POISON) {
      String key = "poison-" + UUID.randomUUID();
      send(topic, key, poison.getBytes(StandardCharsets.UTF_8));
      keys.add(key);
    }
    String empty = "poison-" + UUID.randomUUID();
    send(topic, empty, null);
    if (!name.equals("heartbeats")) { // which is compacted, and takes none without a key
      send(topic, null, "nonsense".getBytes(StandardCharsets.UTF_8));
    }
    for (String key : keys) {
      var letters = TopicReader.read(topic + ".dlq", key, found -> !found.isEmpty());
      assertThat(TopicReader.header(letters.get(0), "dead-letter-reason")).isNotBlank();
    }
    everythingGoesOn();
  }

  @Test
  void isNothingToWhoOnlyListens() throws Exception {
    String topic = GantryServers.TOPIC_PREFIX + ".events";
    send(topic, null, "nonsense".getBytes(StandardCharsets.UTF_8));
    send(topic, "exec-nonsense", null, "ce_type");
    everythingGoesOn();
  }
}
