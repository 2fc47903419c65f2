package dev.gantry.runner;

import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.messaging.Topics;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends with plain producers, set up as the channels are. */
public final class ProducerOutlet implements Outlet, AutoCloseable {
  private final Topics topics;
  private final KafkaProducer<String, byte[]> events;
  private final KafkaProducer<String, byte[]> logs;

  public ProducerOutlet(String bootstrap, Topics topics) {
    this.topics = topics;
    this.events = producer(bootstrap, "none");
    this.logs = producer(bootstrap, "lz4");
  }

  private static KafkaProducer<String, byte[]> producer(String bootstrap, String compression) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers", bootstrap,
            "acks", "all",
            "max.in.flight.requests.per.connection", "1",
            "linger.ms", "0",
            "batch.size", "262144",
            "max.request.size", "4194304",
            "compression.type", compression),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  @Override
  public CompletionStage<Long> event(StepEvent event) {
    return send(
        events,
        new ProducerRecord<>(
            topics.steps(), event.executionId().toString(), ProtocolJson.write(event)));
  }

  @Override
  public CompletionStage<Long> log(UUID executionId, int partition, byte[] batch) {
    return send(
        logs, new ProducerRecord<>(topics.logs(), partition, executionId.toString(), batch));
  }

  private static CompletionStage<Long> send(
      KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]> record) {
    CompletableFuture<Long> acknowledged = new CompletableFuture<>();
    var unused =
        producer.send(
            record,
            (metadata, failure) -> {
              if (failure == null) {
                acknowledged.complete(metadata.offset());
              } else {
                acknowledged.completeExceptionally(failure);
              }
            });
    return acknowledged;
  }

  @Override
  public void close() {
    events.close();
    logs.close();
  }
}
