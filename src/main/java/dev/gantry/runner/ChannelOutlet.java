package dev.gantry.runner;

import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.StepEvent;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** Sends over the channels {@code step-events} and {@code step-logs}. */
@ApplicationScoped
class ChannelOutlet implements Outlet {
  private final MutinyEmitter<byte[]> events;
  private final MutinyEmitter<byte[]> logs;

  ChannelOutlet(
      @Channel("step-events") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER)
          MutinyEmitter<byte[]> events,
      @Channel("step-logs") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER)
          MutinyEmitter<byte[]> logs) {
    this.events = events;
    this.logs = logs;
  }

  @Override
  public CompletionStage<Void> event(StepEvent event) {
    return send(
        events,
        ProtocolJson.write(event),
        OutgoingKafkaRecordMetadata.<String>builder().withKey(event.executionId().toString()));
  }

  @Override
  public CompletionStage<Void> log(UUID executionId, int partition, byte[] batch) {
    return send(
        logs,
        batch,
        OutgoingKafkaRecordMetadata.<String>builder()
            .withKey(executionId.toString())
            .withPartition(partition));
  }

  /** The buffers before the channels are bounded by the log shipper and the runner's capacity. */
  private static CompletionStage<Void> send(
      MutinyEmitter<byte[]> channel,
      byte[] payload,
      OutgoingKafkaRecordMetadata.OutgoingKafkaRecordMetadataBuilder<String> metadata) {
    return channel
        .sendMessage(Message.of(payload).addMetadata(metadata.build()))
        .subscribeAsCompletionStage();
  }
}
