package dev.gantry.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** One process that is several runners, over its real channels; without a database. */
@QuarkusTest
@TestProfile(SeveralNamesTest.TwoNames.class)
class SeveralNamesTest {
  private static final int SLOTS = 2;
  private static final Duration SOON = Duration.ofSeconds(30);

  @ConfigProperty(name = "gantry.kafka.topic-prefix")
  String prefix;

  @ConfigProperty(name = "gantry.runner.local.directory")
  Path directory;

  @Inject HeartbeatSender heartbeats;
  @Inject RunnerRole role;

  /** Only the runner's role. */
  public static class TwoNames implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "gantry.roles", "runner",
          "gantry.runner.name", "north,south",
          "gantry.runner.token", "gtr_of-north-not-secret,gtr_of-south-not-secret",
          "gantry.runner.capacity", "" + SLOTS,
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
        return Map.of(
            "gantry.kafka.bootstrap-servers", TestBroker.address(),
            "gantry.kafka.topic-prefix", "t" + UUID.randomUUID(),
            "gantry.runner.local.directory", Files.createTempDirectory("gantry-runner").toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void stop() {}
  }

  @Test
  void runsTheCommandsOfEachName() throws IOException {
    UUID north = UUID.randomUUID();
    UUID south = UUID.randomUUID();
    try (RunnerTopics topics = RunnerTopics.existing(new Topics(prefix))) {
      topics.sendTo(
          "north", RunnerFixture.command(north, Map.of(), RunnerFixture.script(0, "echo from n")));
      topics.sendTo(
          "south", RunnerFixture.command(south, Map.of(), RunnerFixture.script(0, "echo from s")));

      for (UUID each : List.of(north, south)) {
        Awaitility.await().atMost(SOON).until(() -> topics.finished(each).size() == 1);
        assertThat(topics.finished(each))
            .extracting(StepFinished::outcome)
            .containsOnly(Outcome.COMPLETED);
      }
    }
    assertThat(directory.resolve("north").resolve(north.toString())).isDirectory();
    assertThat(directory.resolve("south").resolve(south.toString())).isDirectory();
    try (Stream<Path> all = Files.list(directory)) {
      assertThat(all.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("north", "south");
    }
  }

  /** Else one name's process would be given more than it was said to bear. */
  @Test
  void theNamesShareTheSlots() throws IOException {
    Path go = Files.createTempDirectory("gantry-test").resolve("go");
    String waits = "while [ ! -e %s ]; do sleep 0.05; done".formatted(go);
    UUID waiting = UUID.randomUUID();
    try (RunnerTopics topics = RunnerTopics.existing(new Topics(prefix))) {
      List<UUID> holders = List.of(UUID.randomUUID(), UUID.randomUUID());
      for (UUID holder : holders) {
        topics.sendTo(
            "north", RunnerFixture.command(holder, Map.of(), RunnerFixture.script(0, waits)));
      }
      Awaitility.await()
          .atMost(SOON)
          .until(
              () -> role.served().stream().allMatch(each -> each.runner().slots().used() == SLOTS));
      topics.sendTo(
          "south", RunnerFixture.command(waiting, Map.of(), RunnerFixture.script(0, "echo on")));
      Awaitility.await()
          .atMost(SOON)
          .until(() -> role.served(topics.topics.commands("south")).runner().active() == 1);
      assertThat(topics.events(waiting)).isEmpty();

      Files.createFile(go);

      Awaitility.await().atMost(SOON).until(() -> topics.finished(waiting).size() == 1);
      for (UUID holder : holders) {
        Awaitility.await().atMost(SOON).until(() -> topics.finished(holder).size() == 1);
      }
    }
  }

  @Test
  void eachNameIsToldOfAndSaysWhenItStops() {
    String topic = new Topics(prefix).heartbeats();
    for (String name : List.of("north", "south")) {
      Awaitility.await().atMost(SOON).until(() -> of(name, ToldHeartbeats.in(topic)).size() >= 2);
    }

    heartbeats.stop(new ShutdownEvent());

    for (String name : List.of("north", "south")) {
      List<Heartbeat> told = of(name, ToldHeartbeats.in(topic));
      assertThat(told.get(told.size() - 1).stopping()).isTrue();
      assertThat(told.get(0).stopping()).isFalse();
      assertThat(told).allMatch(heartbeat -> heartbeat.slots().total() == SLOTS);
    }
  }

  private static List<Heartbeat> of(String name, List<Heartbeat> told) {
    return told.stream().filter(heartbeat -> heartbeat.runner().equals(name)).toList();
  }
}
