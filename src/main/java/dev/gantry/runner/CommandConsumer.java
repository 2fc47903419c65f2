package dev.gantry.runner;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Gives the commands of one poll to the name they are written for, once it is settled what it has
 * of the process before this one. Called on the event loop, never blocks it.
 */
@ApplicationScoped
class CommandConsumer {
  /**
   * When the process serves several names, each has a copy of it: {@link
   * dev.gantry.messaging.CommandChannels#channel}.
   */
  static final String CHANNEL = "commands";

  private final RunnerRole role;

  CommandConsumer(RunnerRole role) {
    this.role = role;
  }

  @Incoming(CHANNEL)
  Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
    ServedRunner served = role.served(records.partitions().iterator().next().topic());
    int revocations = served.offsets().revocations();
    return served
        .leftovers()
        .settled()
        .chain(
            () -> served.intake().take(records, kept -> served.offsets().take(kept, revocations)));
  }
}
