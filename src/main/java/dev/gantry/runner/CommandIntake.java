package dev.gantry.runner;

import dev.gantry.executions.protocol.RunnerCommand;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.runner.Ledger.Place;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * How a runner takes the commands of a poll: in order and in slices, each of which is kept, taken
 * and begun before the next one is looked at, so that the first steps of many do not wait until the
 * last is kept. Only cancellations come before all else: a runner that was away starts nothing that
 * has been cancelled meanwhile. Never waits for a step.
 */
final class CommandIntake {
  /** Some times as many as are kept side by side, and kept in a moment. */
  static final int SLICE = 64;

  private static final Logger LOG = Logger.getLogger(CommandIntake.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  private final Runner runner;
  private final Executor workers;
  private final BiFunction<ConsumerRecord<String, byte[]>, String, Uni<Void>> deadLetters;

  /**
   * @param deadLetters takes what cannot be read, and why
   */
  CommandIntake(
      Runner runner,
      Executor workers,
      BiFunction<ConsumerRecord<String, byte[]>, String, Uni<Void>> deadLetters) {
    this.runner = runner;
    this.workers = workers;
    this.deadLetters = deadLetters;
  }

  /**
   * @param command null where it could not be read
   */
  private record Read(ConsumerRecord<String, byte[]> from, RunnerCommand command, String fault) {
    static Read of(ConsumerRecord<String, byte[]> record) {
      try {
        return new Read(record, CommandReader.read(record.value()), null);
      } catch (IOException e) {
        return new Read(record, null, firstLine(e));
      }
    }

    boolean isCancellation() {
      return command instanceof CancelSteps;
    }

    private static String firstLine(Exception e) {
      String message = String.valueOf(e.getMessage());
      return message.lines().findFirst().orElse(e.getClass().getSimpleName());
    }
  }

  /**
   * @param records in the order in which they came
   * @param taker says of which partitions records that are kept are this process's to begin
   * @return completes when all is begun, or another's to begin; never fails. May be subscribed to
   *     on the event loop, where nothing of it is done
   */
  Uni<Void> take(
      Iterable<ConsumerRecord<String, byte[]>> records,
      Function<List<ConsumerRecord<String, byte[]>>, Uni<Set<TopicPartition>>> taker) {
    return Uni.createFrom()
        .item(records)
        .emitOn(workers)
        .map(CommandIntake::read)
        .call(all -> keep(all.stream().filter(Read::isCancellation).toList()))
        .onItem()
        .transformToMulti(all -> Multi.createFrom().iterable(slices(all)))
        .onItem()
        .transformToUniAndConcatenate(slice -> take(slice, taker))
        .collect()
        .last();
  }

  private static List<Read> read(Iterable<ConsumerRecord<String, byte[]>> records) {
    List<Read> all = new ArrayList<>();
    records.forEach(record -> all.add(Read.of(record)));
    return all;
  }

  private static List<List<Read>> slices(List<Read> all) {
    List<List<Read>> slices = new ArrayList<>();
    for (int from = 0; from < all.size(); from += SLICE) {
      slices.add(all.subList(from, Math.min(all.size(), from + SLICE)));
    }
    return slices;
  }

  private Uni<Void> take(
      List<Read> slice,
      Function<List<ConsumerRecord<String, byte[]>>, Uni<Set<TopicPartition>>> taker) {
    return keep(slice.stream().filter(read -> !read.isCancellation()).toList())
        .chain(() -> taker.apply(slice.stream().map(Read::from).toList()))
        .emitOn(workers)
        .invoke(own -> begin(slice, own))
        .replaceWithVoid();
  }

  /** Until all of it is; handing over again what already was changes nothing. */
  private Uni<Void> keep(List<Read> slice) {
    return Uni.createFrom()
        .voidItem()
        .emitOn(workers)
        .chain(() -> handOver(slice))
        .onFailure()
        .invoke(failure -> LOG.errorf("commands could not be kept, trying again: %s", failure))
        .onFailure()
        .retry()
        .withBackOff(FIRST_RETRY, LAST_RETRY)
        .indefinitely();
  }

  private Uni<Void> handOver(List<Read> slice) {
    if (runner.isClosing()) {
      // Left to Kafka: what is kept now could be given to another process as well.
      return Uni.createFrom().nothing();
    }
    CompletableFuture<?>[] kept =
        slice.stream()
            .map(read -> handOver(read).toCompletableFuture())
            .toArray(CompletableFuture[]::new);
    return Uni.createFrom().completionStage(CompletableFuture.allOf(kept));
  }

  private CompletionStage<Void> handOver(Read read) {
    if (read.command == null) {
      return deadLetters.apply(read.from, read.fault).subscribeAsCompletionStage();
    }
    return runner.accept(read.command, new Place(read.from.partition(), read.from.offset()));
  }

  private void begin(List<Read> slice, Set<TopicPartition> own) {
    for (Read read : slice) {
      if (read.command instanceof RunSteps run) {
        if (own.contains(new TopicPartition(read.from.topic(), read.from.partition()))) {
          runner.begin(run);
        } else {
          runner.forget(run);
        }
      }
    }
  }
}
