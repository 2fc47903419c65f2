package dev.gantry.runners;

import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.messaging.DeadLetters;
import dev.gantry.runners.protocol.Heartbeat;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Writes the heartbeats of one poll into the database, and lets Kafka move on once they are kept or
 * dead-lettered. Of several of one instance only the newest counts. Event loop, never blocks.
 */
@ApplicationScoped
class HeartbeatConsumer {
  private static final Logger LOG = Logger.getLogger(HeartbeatConsumer.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  private final RunnerInstances instances;
  private final DeadLetters deadLetters;

  HeartbeatConsumer(RunnerInstances instances, DeadLetters deadLetters) {
    this.instances = instances;
    this.deadLetters = deadLetters;
  }

  @Incoming("heartbeats")
  Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
    Map<String, Heartbeat> newest = new HashMap<>();
    List<Uni<Void>> refused = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : records) {
      if (record.value() == null) {
        continue; // What the topic has forgotten.
      }
      try {
        Heartbeat heartbeat = read(record);
        newest.merge(heartbeat.key(), heartbeat, BinaryOperator.maxBy(RunnerInstances.BY_SEQUENCE));
      } catch (IOException e) {
        refused.add(deadLetters.send(record, "not a heartbeat: " + firstLine(e)));
      }
    }
    Uni<Void> kept = persistently(List.copyOf(newest.values()));
    return refused.isEmpty() ? kept : Uni.join().all(refused).andFailFast().chain(() -> kept);
  }

  private static Heartbeat read(ConsumerRecord<String, byte[]> record) throws IOException {
    Heartbeat heartbeat = ProtocolJson.read(record.value(), Heartbeat.class);
    String fault = heartbeat == null ? "it is null" : heartbeat.fault();
    if (fault != null) {
      throw new IOException(fault);
    }
    return heartbeat;
  }

  private Uni<Void> persistently(List<Heartbeat> heartbeats) {
    return Uni.createFrom()
        .deferred(() -> instances.keep(heartbeats))
        .onFailure()
        .invoke(failure -> LOG.warnf("heartbeats not stored, trying again: %s", failure))
        .onFailure()
        .retry()
        .withBackOff(FIRST_RETRY, LAST_RETRY)
        .indefinitely();
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
  }
}
