package dev.gantry.messaging;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The Kafka clients behind the outgoing channels, for records that a step waits for: they are set
 * up, watched and closed as channels, and spared the stream in front of the client, which costs
 * more than the sending.
 */
@ApplicationScoped
public class ChannelProducers {
  private final KafkaClientService clients;

  ChannelProducers(KafkaClientService clients) {
    this.clients = clients;
  }

  /**
   * Sends over a channel; records of one partition are kept in the order of the calls. May block,
   * until the broker has once been heard of the topic and while the client's memory is full.
   *
   * @return completes, on the client's thread, with the record's offset when it is acknowledged
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback tells the same
  public CompletionStage<Long> send(String channel, ProducerRecord<String, byte[]> message) {
    CompletableFuture<Long> sent = new CompletableFuture<>();
    client(channel)
        .send(
            message,
            (place, failure) -> {
              if (failure == null) {
                sent.complete(place.offset());
              } else {
                sent.completeExceptionally(failure);
              }
            });
    return sent;
  }

  /**
   * How many partitions a topic has, as was known some minutes ago. May block, until the broker has
   * once been heard of the topic; fails when that takes too long, or the topic's name is none.
   */
  int partitions(String channel, String topic) {
    return client(channel).partitionsFor(topic).size();
  }

  private Producer<String, byte[]> client(String channel) {
    return clients.<String, byte[]>getProducer(channel).unwrap();
  }
}
