package dev.gantry.runner;

import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.runners.protocol.Heartbeat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What a topic of heartbeats has now. Blocks. */
final class ToldHeartbeats {
  private ToldHeartbeats() {}

  /** All of them, in order. */
  static List<Heartbeat> in(String topic) {
    List<Heartbeat> told = new ArrayList<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", TestBroker.address()),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          told.add(ProtocolJson.read(record.value(), Heartbeat.class));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return told;
  }
}
