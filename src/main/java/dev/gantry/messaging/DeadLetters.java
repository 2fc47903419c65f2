package dev.gantry.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/**
 * Where records go that cannot be handled, so that their partition goes on: the topic's own name
 * with {@code .dlq}, same key and value, the headers it had and {@code dead-letter-reason}, {@code
 * -topic}, {@code -partition}, {@code -offset}. Any thread, never blocks.
 */
@ApplicationScoped
public class DeadLetters {
  private static final Logger LOG = Logger.getLogger(DeadLetters.class);
  private final MutinyEmitter<byte[]> emitter;
  private final MeterRegistry metrics;

  DeadLetters(
      @Channel("dead-letters") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER)
          MutinyEmitter<byte[]> emitter,
      MeterRegistry metrics) {
    this.emitter = emitter;
    this.metrics = metrics;
  }

  /** Completes once Kafka has acknowledged the dead letter; only then may the record be passed. */
  public Uni<Void> send(ConsumerRecord<String, byte[]> record, String reason) {
    LOG.warnf(
        "dead letter from %s-%d at %d: %s",
        record.topic(), record.partition(), record.offset(), reason);
    metrics.counter("gantry.dead.letters", "topic", record.topic()).increment();
    RecordHeaders headers = new RecordHeaders(record.headers());
    add(headers, "reason", reason);
    add(headers, "topic", record.topic());
    add(headers, "partition", Integer.toString(record.partition()));
    add(headers, "offset", Long.toString(record.offset()));
    return emitter.sendMessage(
        Message.of(record.value() == null ? new byte[0] : record.value())
            .addMetadata(
                OutgoingKafkaRecordMetadata.<String>builder()
                    .withTopic(Topics.deadLetters(record.topic()))
                    .withKey(record.key())
                    .withHeaders(headers)
                    .build()));
  }

  private static void add(RecordHeaders headers, String name, String value) {
    headers.add("dead-letter-" + name, value.getBytes(StandardCharsets.UTF_8));
  }
}
