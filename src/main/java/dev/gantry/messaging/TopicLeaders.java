package dev.gantry.messaging;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Waits until just created topics can be used. The controller answers a creation before the brokers
 * have heard of it: for a moment a broker does not know the topic, and then its partitions have no
 * leader. What is written in that moment is refused.
 */
public final class TopicLeaders {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private TopicLeaders() {}

  /**
   * Blocks until every partition of the topics has a leader, for at most a minute.
   *
   * @return the topics as the broker describes them
   * @throws ExecutionException with what the broker said last, when the minute is over or at once
   *     when waiting would not help
   */
  public static Map<String, TopicDescription> await(Admin admin, Collection<String> topics)
      throws ExecutionException, InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try {
        return describedWithLeaders(admin, topics);
      } catch (ExecutionException e) {
        boolean mayPass = e.getCause() instanceof RetriableException;
        if (!mayPass || System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(PAUSE.toMillis());
      }
    }
  }

  /** Only a leader answers where its partition ends. */
  private static Map<String, TopicDescription> describedWithLeaders(
      Admin admin, Collection<String> topics) throws ExecutionException, InterruptedException {
    Map<String, TopicDescription> described = admin.describeTopics(topics).allTopicNames().get();
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (TopicDescription topic : described.values()) {
      topic
          .partitions()
          .forEach(
              partition ->
                  ends.put(
                      new TopicPartition(topic.name(), partition.partition()),
                      OffsetSpec.latest()));
    }
    admin.listOffsets(ends).all().get();
    return described;
  }
}
