package dev.gantry.runner;

import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.messaging.ChannelProducers;
import dev.gantry.messaging.Topics;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends over the channels {@code step-events} and {@code step-logs}. */
@ApplicationScoped
class ChannelOutlet implements Outlet {
  private final ChannelProducers producers;
  private final Topics topics;

  ChannelOutlet(ChannelProducers producers, Topics topics) {
    this.producers = producers;
    this.topics = topics;
  }

  @Override
  public CompletionStage<Long> event(StepEvent event) {
    byte[] message = ProtocolJson.write(event);
    return producers.send(
        "step-events",
        new ProducerRecord<>(topics.steps(), event.executionId().toString(), message));
  }

  @Override
  public CompletionStage<Long> log(UUID executionId, int partition, byte[] batch) {
    return producers.send(
        "step-logs", new ProducerRecord<>(topics.logs(), partition, executionId.toString(), batch));
  }
}
