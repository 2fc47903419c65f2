package dev.gantry.testing;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads a topic from its beginning, as a subscriber that belongs to no group. Blocks. */
public final class TopicReader {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private TopicReader() {}

  /** All records with this key, in order, as soon as {@code enough} of them are there. */
  public static List<ConsumerRecord<String, byte[]>> read(
      String topic, String key, Predicate<List<ConsumerRecord<String, byte[]>>> enough) {
    return read(topic, (ConsumerRecord<String, byte[]> r) -> key.equals(r.key()), enough);
  }

  /** All records that are {@code wanted}, as soon as {@code enough} of them are there. */
  public static List<ConsumerRecord<String, byte[]>> read(
      String topic,
      Predicate<ConsumerRecord<String, byte[]>> wanted,
      Predicate<List<ConsumerRecord<String, byte[]>>> enough) {
    List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
    Map<String, Object> config =
        Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, Servers.get().kafka());
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                for (ConsumerRecord<String, byte[]> r : consumer.poll(Duration.ofMillis(100))) {
                  if (wanted.test(r)) {
                    found.add(r);
                  }
                }
                return enough.test(found);
              });
    }
    return found;
  }

  /** A header's text, or null. */
  public static String header(ConsumerRecord<String, byte[]> message, String name) {
    Header header = message.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }
}
