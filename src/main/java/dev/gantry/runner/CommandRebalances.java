package dev.gantry.runner;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Tells the name whose commands a consumer reads which partitions of them are this process's. */
@ApplicationScoped
@Identifier(CommandConsumer.CHANNEL)
class CommandRebalances implements KafkaConsumerRebalanceListener {
  private final RunnerRole role;

  CommandRebalances(RunnerRole role) {
    this.role = role;
  }

  @Override
  public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    ServedRunner served = served(consumer);
    Set<TopicPartition> all = new HashSet<>(consumer.assignment());
    all.addAll(partitions);
    served.offsets().assigned(consumer, all);
    served.leftovers().settle();
    served
        .adoption()
        .serve(all.stream().map(TopicPartition::partition).collect(Collectors.toSet()));
  }

  @Override
  public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    served(consumer).offsets().revoked(consumer, partitions);
  }

  /** Each name has a consumer of its own, which reads its one topic. */
  private ServedRunner served(Consumer<?, ?> consumer) {
    return role.served(consumer.subscription().iterator().next());
  }
}
