package dev.gantry.logs;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Hands log lines to those who listen in this process, as they come. Knows for each partition which
 * offset it will hand out next, so that a listener knows up to where it must read the store. Safe
 * from any thread, never blocks.
 */
@ApplicationScoped
@Identifier("log-live")
public class LiveLogs implements KafkaConsumerRebalanceListener {
  private static final Logger LOG = Logger.getLogger(LiveLogs.class);

  private final Map<Integer, Long> next = new ConcurrentHashMap<>();
  private final Map<UUID, List<LiveSubscription>> subscriptions = new ConcurrentHashMap<>();

  /** The listener gets every record from {@link #nextOffset}, asked for after this, on. */
  void subscribe(UUID executionId, LiveSubscription subscription) {
    subscriptions.compute(
        executionId,
        (id, others) -> {
          List<LiveSubscription> all = others == null ? new CopyOnWriteArrayList<>() : others;
          all.add(subscription);
          return all;
        });
  }

  void unsubscribe(UUID executionId, LiveSubscription subscription) {
    subscriptions.computeIfPresent(
        executionId,
        (id, all) -> {
          all.remove(subscription);
          return all.isEmpty() ? null : all;
        });
  }

  /** Empty until the topic's reader has its partitions. */
  OptionalLong nextOffset(int partition) {
    Long offset = next.get(partition);
    return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  @Incoming("log-live")
  void dispatch(ConsumerRecords<String, byte[]> records) {
    for (ConsumerRecord<String, byte[]> record : records) {
      // Before the listeners are looked up: one that comes in between and sees the old offset is
      // found by the look-up.
      Long expected = next.put(record.partition(), record.offset() + 1);
      if (expected != null && expected < record.offset()) {
        missed(record.partition());
      }
      if (!subscriptions.isEmpty()) {
        dispatch(record);
      }
    }
  }

  private void dispatch(ConsumerRecord<String, byte[]> record) {
    List<LiveSubscription> listeners = listeners(record.key());
    if (listeners.isEmpty()) {
      return;
    }
    try {
      LogRecord decoded = LogRecord.of(record);
      listeners.forEach(listener -> listener.offer(decoded));
    } catch (IllegalArgumentException notALog) {
      LOG.debugf("passed over log record at %d: %s", record.offset(), notALog.getMessage());
    }
  }

  private List<LiveSubscription> listeners(String key) {
    try {
      return key == null ? List.of() : subscriptions.getOrDefault(UUID.fromString(key), List.of());
    } catch (IllegalArgumentException notAnId) {
      return List.of();
    }
  }

  /** Records were passed over that the store may have: the listeners must look there. */
  private void missed(int partition) {
    for (List<LiveSubscription> listeners : subscriptions.values()) {
      for (LiveSubscription listener : listeners) {
        if (listener.partition() == partition) {
          listener.overflow();
        }
      }
    }
  }

  /** Goes on where it was, or at the end when it was nowhere. On the polling thread; may block. */
  @Override
  public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
    for (TopicPartition partition : assigned) {
      Long known = next.get(partition.partition());
      if (known != null) {
        consumer.seek(partition, known);
      } else {
        next.put(partition.partition(), consumer.position(partition));
      }
    }
  }
}
