package dev.gantry.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.RunnerCommand;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepEvent.StepReturned;
import dev.gantry.messaging.Topics;
import dev.gantry.runners.protocol.Heartbeat;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The role inside the application, over its real channels; without a database. */
@QuarkusTest
@TestProfile(RunnerRoleTest.RunnerOnly.class)
class RunnerRoleTest {
  @ConfigProperty(name = "gantry.kafka.topic-prefix")
  String prefix;

  /** Only the runner's role. */
  public static class RunnerOnly implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "gantry.roles", "runner",
          "gantry.runner.name", "test",
          "gantry.runner.heartbeat", "200ms",
          "gantry.instance-id", "test-1",
          "gantry.kafka.partitions", "4");
    }

    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(Broker.class));
    }
  }

  /** Starts the broker before the application. */
  public static class Broker implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
      try {
        Topics topics = new Topics("t" + UUID.randomUUID());
        Path directory = Files.createTempDirectory("gantry-runner");
        LeftBehind.prepare(topics, directory);
        return Map.of(
            "gantry.kafka.bootstrap-servers", TestBroker.address(),
            "gantry.kafka.topic-prefix", topics.prefix(),
            "gantry.runner.local.directory", directory.toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void stop() {}
  }

  @Test
  void aCommandComesInAndItsReportsAndLinesGoOut() {
    UUID execution = UUID.randomUUID();
    try (RunnerTopics topics = RunnerTopics.existing(new Topics(prefix))) {
      topics.send("poison", "{not json".getBytes(StandardCharsets.UTF_8));
      topics.send(
          RunnerFixture.command(
              execution,
              Map.of(),
              RunnerFixture.script(0, "echo one"),
              RunnerFixture.script(1, "echo two")));

      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> topics.finished(execution).size() == 2);
      Awaitility.await().until(() -> topics.log(execution, 1, 1).end != null);

      assertThat(topics.finished(execution))
          .extracting(StepFinished::outcome)
          .containsOnly(Outcome.COMPLETED);
      assertThat(topics.log(execution, 0, 1).texts()).containsExactly("one");
    }
  }

  @Test
  void whatWasLeftIsRunHereOnlyWhenItIsNobodyElses() throws Exception {
    try (RunnerTopics topics = RunnerTopics.existing(new Topics(prefix))) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                assertThat(topics.finished(LeftBehind.OURS)).hasSize(1);
                assertThat(topics.finished(LeftBehind.UNTOLD)).hasSize(1);
                assertThat(topics.events(LeftBehind.FORGOTTEN))
                    .singleElement()
                    .isInstanceOf(StepReturned.class);
              });
      Awaitility.await().until(() -> told(topics.topics).offset() > 10);

      assertThat(topics.events(LeftBehind.ANOTHERS)).isEmpty();
      assertThat(told(topics.topics).metadata()).matches("(.+)@10,another@8,\\1@2");
    }
  }

  /** What Kafka knows of the partition in which commands were left. */
  private static OffsetAndMetadata told(Topics topics) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestBroker.address()))) {
      return admin
          .listConsumerGroupOffsets(LeftBehind.group(topics))
          .partitionsToOffsetAndMetadata()
          .get()
          .get(LeftBehind.partition(topics));
    }
  }

  @Test
  void whatIsNoCommandIsDeadLetteredWithItsReason() {
    Topics topics = new Topics(prefix);
    String key = UUID.randomUUID().toString();
    try (RunnerTopics runner = RunnerTopics.existing(topics)) {
      runner.send(key, "{not json".getBytes(StandardCharsets.UTF_8));
    }

    ConsumerRecord<String, byte[]> letter =
        deadLetter(Topics.deadLetters(topics.commands("test")), key);

    assertThat(letter.headers().lastHeader("dead-letter-reason").value()).isNotEmpty();
    assertThat(new String(letter.value(), StandardCharsets.UTF_8)).isEqualTo("{not json");
  }

  @Inject CommandConsumer consumer;

  @Inject RunnerRole role;

  private CommandOffsets offsets() {
    return role.served(new Topics(prefix).commands("test")).offsets();
  }

  /** Else each command would wait for its commit. */
  @Test
  void knowsThatItIsAlone() {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> offsets().isAlone());
  }

  /** Kafka gives them again, to another process perhaps, which may have told of them already. */
  @Test
  void whatCameBeforePartitionsWereTakenAwayIsNotItsOwn() {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> offsets().isAlone());
    ConsumerRecords<String, byte[]> poll = poll(LeftBehind.command(UUID.randomUUID()));
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    poll.forEach(records::add);

    assertThat(offsets().take(records, offsets().revocations() - 1).await().indefinitely())
        .isEmpty();
    assertThat(offsets().take(records, offsets().revocations()).await().indefinitely())
        .containsExactlyElementsOf(poll.partitions());
  }

  @Test
  void startsNothingThatWasCancelledWhileItWasAway() {
    UUID execution = UUID.randomUUID();
    try (RunnerTopics topics = RunnerTopics.existing(new Topics(prefix))) {
      RunnerCommand run =
          RunnerFixture.command(execution, Map.of(), RunnerFixture.script(0, "echo started"));
      RunnerCommand cancel =
          new CancelSteps(execution, List.of(new AttemptRef(0, 1)), 1000, "cancelled by a test");

      consumer.consume(poll(run, cancel)).await().atMost(Duration.ofSeconds(10));
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> topics.finished(execution).size() == 1);

      StepFinished end = topics.finished(execution).get(0);
      assertThat(end.outcome()).isEqualTo(Outcome.CANCELLED);
      assertThat(end.startedAt()).as("it never began").isNull();
    }
  }

  private ConsumerRecords<String, byte[]> poll(RunnerCommand... commands) {
    String topic = new Topics(prefix).commands("test");
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    for (RunnerCommand command : commands) {
      records.add(
          new ConsumerRecord<>(topic, 3, records.size(), "key", ProtocolJson.write(command)));
    }
    return new ConsumerRecords<>(Map.of(new TopicPartition(topic, 3), records), Map.of());
  }

  @Inject HeartbeatSender heartbeats;

  @Test
  void heartbeatsGoOutAndALastOneWhenTheRunnerStops() {
    String topic = new Topics(prefix).heartbeats();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                ToldHeartbeats.in(topic).stream().anyMatch(heartbeat -> heartbeat.sequence() >= 3));

    heartbeats.stop(new ShutdownEvent());

    List<Heartbeat> told = ToldHeartbeats.in(topic);
    Heartbeat last = told.get(told.size() - 1);
    assertThat(told).allMatch(heartbeat -> heartbeat.fault() == null);
    assertThat(told).extracting(Heartbeat::sequence).isSorted().doesNotHaveDuplicates();
    assertThat(told.subList(0, told.size() - 1)).noneMatch(Heartbeat::stopping);
    assertThat(last.stopping()).isTrue();
    assertThat(last.runner()).isEqualTo("test");
    assertThat(last.backend()).isEqualTo("local");
    assertThat(last.intervalMillis()).isEqualTo(200);
    assertThat(last.capacity().memoryBytes()).isPositive();
    assertThat(last.slots().total()).isGreaterThanOrEqualTo(64);
  }

  private static ConsumerRecord<String, byte[]> deadLetter(String topic, String key) {
    AtomicReference<ConsumerRecord<String, byte[]>> found = new AtomicReference<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", TestBroker.address(),
                "group.id", "dead-letters",
                "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(topic));
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .pollInSameThread()
          .until(
              () -> {
                for (ConsumerRecord<String, byte[]> record :
                    consumer.poll(Duration.ofMillis(100))) {
                  if (key.equals(record.key())) {
                    found.set(record);
                  }
                }
                return found.get() != null;
              });
    }
    return found.get();
  }
}
