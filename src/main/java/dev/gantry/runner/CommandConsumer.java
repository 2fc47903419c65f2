package dev.gantry.runner;

import dev.gantry.executions.protocol.RunnerCommand;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.messaging.DeadLetters;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Hands the commands of one poll to the runner, and lets Kafka move on once all of them are kept or
 * dead-lettered. Never waits for a step; called on the event loop, works on a thread that may
 * block.
 */
@ApplicationScoped
class CommandConsumer {
  private static final Logger LOG = Logger.getLogger(CommandConsumer.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  private final RunnerRole role;
  private final DeadLetters deadLetters;

  CommandConsumer(RunnerRole role, DeadLetters deadLetters) {
    this.role = role;
    this.deadLetters = deadLetters;
  }

  @Incoming("commands")
  Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
    List<ConsumerRecord<String, byte[]>> commands = new ArrayList<>(records.count());
    records.forEach(commands::add);
    return Uni.createFrom()
        .voidItem()
        .emitOn(role.workers())
        .chain(() -> handOver(commands))
        .onFailure()
        .invoke(failure -> LOG.errorf("commands could not be kept, trying again: %s", failure))
        .onFailure()
        .retry()
        .withBackOff(FIRST_RETRY, LAST_RETRY)
        .indefinitely();
  }

  /**
   * In order, but for cancellations, which come first: a runner that was away starts nothing that
   * has been cancelled meanwhile. Handing over again what was already is harmless.
   */
  private Uni<Void> handOver(List<ConsumerRecord<String, byte[]>> records) {
    List<CompletableFuture<Void>> kept = new ArrayList<>(records.size());
    List<RunnerCommand> others = new ArrayList<>(records.size());
    for (ConsumerRecord<String, byte[]> record : records) {
      try {
        RunnerCommand command = CommandReader.read(record.value());
        if (command instanceof CancelSteps) {
          kept.add(handOver(command));
        } else {
          others.add(command);
        }
      } catch (IOException e) {
        kept.add(deadLetters.send(record, firstLine(e)).subscribeAsCompletionStage());
      }
    }
    others.forEach(command -> kept.add(handOver(command)));
    return Uni.createFrom()
        .completionStage(CompletableFuture.allOf(kept.toArray(CompletableFuture[]::new)));
  }

  private CompletableFuture<Void> handOver(RunnerCommand command) {
    return role.runner().accept(command).toCompletableFuture();
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
  }
}
