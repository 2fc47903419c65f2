package dev.gantry.broker;

import dev.gantry.http.ApiException;
import dev.gantry.messaging.ChannelProducers;
import dev.gantry.messaging.Topics;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What no consumer could handle, as Kafka keeps it. Reads with a client of no group for each call,
 * which nobody makes often. Blocks, for seconds at the most while the broker does not answer.
 */
@ApplicationScoped
class DeadLetterBox {
  static final String HEADER = "dead-letter-";
  static final List<String> HEADERS = List.of("reason", "topic", "partition", "offset");
  private static final String REPLAY_OF = HEADER + "replay-of";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Map<String, Object> settings;
  private final Topics topics;
  private final ChannelProducers producers;

  DeadLetterBox(
      @Identifier("default-kafka-broker") Map<String, Object> broker,
      Topics topics,
      ChannelProducers producers) {
    this.settings = new HashMap<>(broker);
    settings.keySet().retainAll(ConsumerConfig.configNames());
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    this.topics = topics;
    this.producers = producers;
  }

  /** Text of one of the headers that say why. */
  static String header(ConsumerRecord<String, byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(HEADER + name).value(), StandardCharsets.UTF_8);
  }

  /**
   * The letters behind one, by topic and offset.
   *
   * @param topic only those of this topic, where they could not be handled; null = all
   * @param after null = from the first on
   */
  List<DeadLetterView> list(String topic, LetterId after, int most) {
    try (KafkaConsumer<String, byte[]> consumer = consumer()) {
      List<DeadLetterView> found = new ArrayList<>();
      for (TopicPartition partition : partitions(consumer, topic)) {
        if (found.size() < most) {
          read(consumer, partition, after, most, found);
        }
      }
      return found;
    }
  }

  private KafkaConsumer<String, byte[]> consumer() {
    return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
  }

  private List<TopicPartition> partitions(KafkaConsumer<String, byte[]> consumer, String topic) {
    String end = Topics.deadLetters("");
    Map<String, TopicPartition> all = new TreeMap<>();
    consumer
        .listTopics()
        .forEach(
            (name, partitions) -> {
              boolean wanted =
                  topic == null
                      ? name.startsWith(topics.prefix() + ".") && name.endsWith(end)
                      : name.equals(Topics.deadLetters(topic))
                          && name.startsWith(topics.prefix() + ".");
              if (wanted) {
                partitions.forEach(
                    p ->
                        all.put(
                            "%s/%06d".formatted(name, p.partition()),
                            new TopicPartition(name, p.partition())));
              }
            });
    return List.copyOf(all.values());
  }

  private static void read(
      KafkaConsumer<String, byte[]> consumer,
      TopicPartition partition,
      LetterId after,
      int most,
      List<DeadLetterView> found) {
    long first = first(partition, after);
    consumer.assign(List.of(partition));
    if (first > 0) {
      consumer.seek(partition, first);
    } else if (first == 0) {
      consumer.seekToBeginning(List.of(partition));
    } else {
      return;
    }
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (found.size() < most
        && consumer.position(partition) < end
        && System.nanoTime() < deadline) {
      for (ConsumerRecord<String, byte[]> letter : consumer.poll(POLL)) {
        if (found.size() < most && DeadLetterView.isWhole(letter)) {
          found.add(DeadLetterView.of(letter));
        }
      }
    }
  }

  /** The first offset to read; 0 = from the beginning, -1 = nothing. */
  private static long first(TopicPartition partition, LetterId after) {
    if (after == null) {
      return 0;
    }
    int order = partition.topic().compareTo(after.topic());
    if (order == 0) {
      order = Integer.compare(partition.partition(), after.partition());
    }
    return order < 0 ? -1 : order > 0 ? 0 : after.offset() + 1;
  }

  /**
   * Sends letters to where they could not be handled, in the order given.
   *
   * @throws ApiException when one is not there, and before any is sent
   */
  void replay(List<LetterId> ids) {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer = consumer()) {
      for (LetterId id : ids) {
        records.add(again(id, find(consumer, id)));
      }
    }
    for (ProducerRecord<String, byte[]> record : records) {
      send(record);
    }
  }

  private ConsumerRecord<String, byte[]> find(KafkaConsumer<String, byte[]> consumer, LetterId id) {
    TopicPartition place = new TopicPartition(id.topic(), id.partition());
    boolean ours =
        id.topic().startsWith(topics.prefix() + ".") && id.topic().endsWith(Topics.deadLetters(""));
    if (ours && partitions(consumer, null).contains(place)) {
      consumer.assign(List.of(place));
      long first = consumer.beginningOffsets(List.of(place)).get(place);
      long end = consumer.endOffsets(List.of(place)).get(place);
      if (id.offset() >= first && id.offset() < end) {
        consumer.seek(place, id.offset());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
          for (ConsumerRecord<String, byte[]> letter : consumer.poll(POLL)) {
            if (letter.offset() == id.offset() && DeadLetterView.isWhole(letter)) {
              return letter;
            }
          }
        }
      }
    }
    throw ApiException.invalid(
        "ids", "there is no dead letter " + id + "; see GET /admin/dead-letters");
  }

  private static ProducerRecord<String, byte[]> again(
      LetterId id, ConsumerRecord<String, byte[]> letter) {
    RecordHeaders headers = new RecordHeaders();
    for (Header header : letter.headers()) {
      if (!header.key().startsWith(HEADER)) {
        headers.add(header);
      }
    }
    headers.add(REPLAY_OF, id.toString().getBytes(StandardCharsets.UTF_8));
    return new ProducerRecord<>(
        header(letter, "topic"),
        Integer.parseInt(header(letter, "partition")),
        letter.key(),
        letter.value(),
        headers);
  }

  private void send(ProducerRecord<String, byte[]> record) {
    CompletableFuture<Long> sent = producers.send("dead-letters", record).toCompletableFuture();
    try {
      sent.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Kafka does not take the letter: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sending dead letters", e);
    }
  }
}
