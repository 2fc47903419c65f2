package dev.gantry.runner;

import dev.gantry.runner.Runner.Whose;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Commands that a process before this one kept, and was killed before it knew whether they are its
 * own: Kafka was told of them together with whose they are, or gives them to somebody. Any thread;
 * never blocks one that is not the consumer's own.
 */
final class Leftovers {
  private static final Logger LOG = Logger.getLogger(Leftovers.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  private final KafkaClientService clients;
  private final String channel;
  private final Runner runner;
  private final Executor workers;
  private final Uni<Void> settled =
      Uni.createFrom().deferred(this::settleAll).memoize().indefinitely();

  /**
   * @param channel that the runner's commands come from
   */
  Leftovers(KafkaClientService clients, String channel, Runner runner, Executor workers) {
    this.clients = clients;
    this.channel = channel;
    this.runner = runner;
    this.workers = workers;
  }

  /** Completes when it is known what to do with all that a process before this one left. */
  Uni<Void> settled() {
    return settled;
  }

  /** Begins with it at once, also when no command comes. */
  void settle() {
    settled.subscribe().with(done -> {}, failure -> LOG.error("no command is taken over", failure));
  }

  private Uni<Void> settleAll() {
    if (runner.unsettled().isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return clients
        .<String, byte[]>getConsumer(channel)
        .runOnPollingThread(Leftovers::committed)
        .emitOn(workers)
        .invoke(this::settleBy)
        .onFailure()
        .invoke(
            failure -> LOG.warnf("what was left waits for Kafka to say whose it is: %s", failure))
        .onFailure()
        .retry()
        .withBackOff(FIRST_RETRY, LAST_RETRY)
        .indefinitely()
        .replaceWithVoid();
  }

  /** What Kafka was told last of each partition, this process's or not. */
  private static Map<Integer, OffsetAndMetadata> committed(Consumer<String, byte[]> consumer) {
    Set<TopicPartition> all = new HashSet<>();
    for (String topic : consumer.subscription()) {
      consumer
          .partitionsFor(topic)
          .forEach(each -> all.add(new TopicPartition(topic, each.partition())));
    }
    Map<Integer, OffsetAndMetadata> committed = new HashMap<>();
    consumer.committed(all).forEach((partition, at) -> committed.put(partition.partition(), at));
    return committed;
  }

  private void settleBy(Map<Integer, OffsetAndMetadata> committed) {
    runner.settle(
        place -> whose(committed.get(place.partition()), place.offset(), runner.ledger()));
  }

  /**
   * @param told what Kafka was told last of the partition, or null when it was told nothing
   */
  static Whose whose(OffsetAndMetadata told, long offset, String ledger) {
    if (told == null || told.offset() <= offset) {
      // Nobody told of this one: Kafka gives it to somebody.
      return Whose.ANOTHERS;
    }
    return Takers.read(told.metadata())
        .of(offset)
        .map(taker -> taker.equals(ledger) ? Whose.OURS : Whose.ANOTHERS)
        .orElse(Whose.UNKNOWN);
  }
}
