package dev.gantry.runner;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jboss.logging.Logger;

/**
 * Sees to it that a command of one name is begun by one process of that runner alone, whichever of
 * them are killed or join: what another could be given is begun only once Kafka knows that it was
 * taken, and by whom. Who is alone need not wait for that, since nobody else would be given it. Any
 * thread; never blocks one that is not the consumer's own.
 */
final class CommandOffsets {
  private static final Logger LOG = Logger.getLogger(CommandOffsets.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  private final KafkaClientService clients;
  private final String channel;
  private final String ledger;
  private final Map<TopicPartition, Long> taken = new HashMap<>();
  private boolean alone;
  private int revocations;

  /** Of the partitions that are this process's; on the consumer's thread alone. */
  private final Map<TopicPartition, Takers> takers = new HashMap<>();

  /**
   * @param channel that the commands come from
   * @param ledger what they are kept in
   */
  CommandOffsets(KafkaClientService clients, String channel, String ledger) {
    this.clients = clients;
    this.channel = channel;
    this.ledger = ledger;
  }

  /** How often partitions were taken away from this process. */
  synchronized int revocations() {
    return revocations;
  }

  /**
   * The records are kept: says of which partitions they are this process's to begin. The others are
   * given to somebody once more, another process perhaps.
   *
   * @param records those of a partition in the order in which they came
   * @param before the {@link #revocations} when the records came
   */
  Uni<Set<TopicPartition>> take(List<ConsumerRecord<String, byte[]>> records, int before) {
    Map<TopicPartition, Long> ends = ends(records);
    if (isAlone(ends, before)) {
      tell();
      return Uni.createFrom().item(Set.copyOf(ends.keySet()));
    }
    return clients
        .<String, byte[]>getConsumer(channel)
        .runOnPollingThread((Consumer<String, byte[]> consumer) -> commit(consumer, ends, before))
        .onFailure(CommandOffsets::isAnothers)
        .recoverWithItem(Set.of())
        .onFailure()
        .invoke(failure -> LOG.warnf("commands wait for Kafka to know of them: %s", failure))
        .onFailure()
        .retry()
        .withBackOff(FIRST_RETRY, LAST_RETRY)
        .indefinitely();
  }

  /** Whether nobody else could be given a command. */
  synchronized boolean isAlone() {
    return alone;
  }

  private synchronized boolean isAlone(Map<TopicPartition, Long> ends, int before) {
    if (alone && revocations == before) {
      taken.putAll(ends);
      return true;
    }
    return false;
  }

  private static Map<TopicPartition, Long> ends(List<ConsumerRecord<String, byte[]>> records) {
    Map<TopicPartition, Long> ends = new HashMap<>();
    records.forEach(
        record ->
            ends.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1));
    return ends;
  }

  /** Nothing once a partition was away: another process may have had it, and be further. */
  private Set<TopicPartition> commit(
      Consumer<?, ?> consumer, Map<TopicPartition, Long> ends, int before) {
    if (revocations() != before) {
      return Set.of();
    }
    Map<TopicPartition, Long> own = new HashMap<>(ends);
    own.keySet().retainAll(consumer.assignment());
    if (!own.isEmpty()) {
      consumer.commitSync(signed(consumer, own));
    }
    return Set.copyOf(own.keySet());
  }

  /** With whose they are now, beside whose the ones before were. */
  private Map<TopicPartition, OffsetAndMetadata> signed(
      Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, OffsetAndMetadata> signed = new HashMap<>();
    ends.forEach(
        (partition, end) -> {
          Takers all = takers.computeIfAbsent(partition, unknown -> takers(consumer, unknown));
          signed.put(partition, new OffsetAndMetadata(end, all.metadata()));
        });
    return signed;
  }

  /** This process took nothing of the partition yet. */
  private Takers takers(Consumer<?, ?> consumer, TopicPartition partition) {
    OffsetAndMetadata before = consumer.committed(Set.of(partition)).get(partition);
    return before == null
        ? Takers.NOBODY.then(ledger, 0)
        : Takers.read(before.metadata()).then(ledger, before.offset());
  }

  /** The partition is given to somebody just now, with what was not committed. */
  private static boolean isAnothers(Throwable failure) {
    return failure instanceof CommitFailedException
        || failure instanceof RebalanceInProgressException
        || failure instanceof FencedInstanceIdException;
  }

  /** Soon, for a process that comes after this one. */
  private void tell() {
    clients
        .<String, byte[]>getConsumer(channel)
        .runOnPollingThread(
            (Consumer<String, byte[]> consumer) -> {
              consumer.commitAsync(
                  signed(consumer, own(consumer.assignment())),
                  (offsets, failure) -> {
                    if (failure != null) {
                      LOG.debugf("Kafka is told later of the commands taken: %s", failure);
                    }
                  });
              return null;
            })
        .subscribe()
        .with(done -> {}, failure -> LOG.debugf("Kafka is told later: %s", failure));
  }

  private synchronized Map<TopicPartition, Long> own(Collection<TopicPartition> of) {
    Map<TopicPartition, Long> own = new HashMap<>(taken);
    own.keySet().retainAll(of);
    return own;
  }

  /** On the consumer's thread. */
  void assigned(Consumer<?, ?> consumer, Set<TopicPartition> all) {
    Set<String> topics = new HashSet<>();
    all.forEach(partition -> topics.add(partition.topic()));
    int there = topics.stream().mapToInt(topic -> consumer.partitionsFor(topic).size()).sum();
    synchronized (this) {
      alone = !all.isEmpty() && all.size() == there;
    }
  }

  /**
   * What was begun without Kafka's knowing must not be given to another. Who was away for so long
   * that it is given already can tell nothing any more, and must not fail the channel by that. On
   * the consumer's thread.
   */
  void revoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> begun;
    synchronized (this) {
      alone = false;
      revocations++;
      begun = own(partitions);
      taken.keySet().removeAll(partitions);
    }
    try {
      if (!begun.isEmpty()) {
        consumer.commitSync(signed(consumer, begun));
      }
    } catch (KafkaException e) {
      LOG.warnf("Kafka could not be told which commands were begun here: %s", e);
    } finally {
      takers.keySet().removeAll(partitions);
    }
  }
}
