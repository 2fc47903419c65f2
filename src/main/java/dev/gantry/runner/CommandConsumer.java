package dev.gantry.runner;

import dev.gantry.executions.protocol.RunnerCommand;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.messaging.DeadLetters;
import dev.gantry.runner.Ledger.Place;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Hands the commands of one poll to the runner, which begins them when they are kept and this
 * process's alone. Never waits for a step; called on the event loop, works on a thread that may
 * block.
 */
@ApplicationScoped
class CommandConsumer {
  /**
   * When the process serves several names, each has a copy of it: {@link
   * dev.gantry.messaging.CommandChannels#channel}.
   */
  static final String CHANNEL = "commands";

  private static final Logger LOG = Logger.getLogger(CommandConsumer.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  private final RunnerRole role;
  private final DeadLetters deadLetters;

  CommandConsumer(RunnerRole role, DeadLetters deadLetters) {
    this.role = role;
    this.deadLetters = deadLetters;
  }

  @Incoming(CHANNEL)
  Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
    ServedRunner served = role.served(records.partitions().iterator().next().topic());
    int revocations = served.offsets().revocations();
    return Uni.createFrom()
        .voidItem()
        .chain(served.leftovers()::settled)
        .emitOn(role.workers())
        .chain(() -> handOver(served.runner(), records))
        .onFailure()
        .invoke(failure -> LOG.errorf("commands could not be kept, trying again: %s", failure))
        .onFailure()
        .retry()
        .withBackOff(FIRST_RETRY, LAST_RETRY)
        .indefinitely()
        .chain(
            kept ->
                served
                    .offsets()
                    .take(records, revocations)
                    .emitOn(role.workers())
                    .invoke(own -> go(served.runner(), kept, own)))
        .replaceWithVoid();
  }

  /** A command to run, and where it came from. */
  private record Kept(RunSteps command, TopicPartition partition) {}

  private static void go(Runner runner, List<Kept> kept, Set<TopicPartition> own) {
    for (Kept each : kept) {
      if (own.contains(each.partition)) {
        runner.begin(each.command);
      } else {
        runner.forget(each.command);
      }
    }
  }

  /**
   * In order, but for cancellations, which come first: a runner that was away starts nothing that
   * has been cancelled meanwhile. Handing over again what was already is harmless.
   */
  private Uni<List<Kept>> handOver(Runner runner, ConsumerRecords<String, byte[]> records) {
    if (runner.isClosing()) {
      // Left to Kafka: what is kept now could be given to another process as well.
      return Uni.createFrom().nothing();
    }
    List<CompletableFuture<Void>> kept = new ArrayList<>(records.count());
    List<Supplier<CompletableFuture<Void>>> others = new ArrayList<>(records.count());
    List<Kept> runs = new ArrayList<>(records.count());
    for (ConsumerRecord<String, byte[]> record : records) {
      try {
        RunnerCommand command = CommandReader.read(record.value());
        if (command instanceof CancelSteps) {
          kept.add(handOver(runner, command, record));
        } else {
          others.add(() -> handOver(runner, command, record));
          if (command instanceof RunSteps run) {
            runs.add(new Kept(run, new TopicPartition(record.topic(), record.partition())));
          }
        }
      } catch (IOException e) {
        kept.add(deadLetters.send(record, firstLine(e)).subscribeAsCompletionStage());
      }
    }
    others.forEach(other -> kept.add(other.get()));
    return Uni.createFrom()
        .completionStage(CompletableFuture.allOf(kept.toArray(CompletableFuture[]::new)))
        .replaceWith(runs);
  }

  private static CompletableFuture<Void> handOver(
      Runner runner, RunnerCommand command, ConsumerRecord<?, ?> record) {
    Place place = new Place(record.partition(), record.offset());
    return runner.accept(command, place).toCompletableFuture();
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
  }
}
