package dev.gantry.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.runner.TestBroker;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicLeadersTest {
  private final Admin admin = Admin.create(Map.of("bootstrap.servers", TestBroker.address()));

  @AfterEach
  void close() {
    admin.close();
  }

  /** What a fast machine does: the creation is answered before the broker knows the topic. */
  @Test
  void aTopicTheBrokerHasNotHeardOfYetIsWaitedFor() throws Exception {
    String topic = "late-" + UUID.randomUUID();
    var waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return TopicLeaders.await(admin, List.of(topic));
              } catch (ExecutionException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThatThrownBy(() -> admin.describeTopics(List.of(topic)).allTopicNames().get())
        .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);

    admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1))).all().get();

    assertThat(waiting.get(30, TimeUnit.SECONDS).get(topic).partitions())
        .hasSize(3)
        .allSatisfy(partition -> assertThat(partition.leader()).isNotNull());
  }

  @Test
  void waitingIsLeftOffWhereItCannotHelp() {
    assertThatThrownBy(() -> TopicLeaders.await(admin, List.of("not a topic's name")))
        .hasCauseInstanceOf(InvalidTopicException.class);
  }
}
