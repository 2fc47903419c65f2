package dev.gantry.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.RunnerCommand;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandIntakeTest {
  private static final TopicPartition PARTITION = new TopicPartition("commands", 0);
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path directory;
  private RunnerFixture fixture;
  private final ExecutorService workers = Workers.start();
  private final Map<Long, String> deadLetters = new HashMap<>();
  private final List<ConsumerRecord<String, byte[]>> poll = new ArrayList<>();

  /** The records of each call that asked whose they are. */
  private final List<List<ConsumerRecord<String, byte[]>>> taken = new ArrayList<>();

  @BeforeEach
  void start() {
    fixture = new RunnerFixture(directory.resolve("runner"), 64);
  }

  @AfterEach
  void stop() {
    fixture.close();
    workers.shutdown();
  }

  private void come(RunnerCommand command) {
    come(ProtocolJson.write(command));
  }

  private void come(byte[] value) {
    poll.add(
        new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), poll.size(), "", value));
  }

  private UUID comes(String script) {
    UUID execution = UUID.randomUUID();
    come(RunnerFixture.command(execution, Map.of(), RunnerFixture.script(0, script)));
    return execution;
  }

  private Set<TopicPartition> take(List<ConsumerRecord<String, byte[]>> records) {
    taken.add(records);
    return Set.of(PARTITION);
  }

  private void intake() {
    intake(this::take);
  }

  private void intake(Function<List<ConsumerRecord<String, byte[]>>, Set<TopicPartition>> taker) {
    new CommandIntake(
            fixture.runner(),
            workers,
            (record, reason) -> {
              deadLetters.put(record.offset(), reason);
              return Uni.createFrom().voidItem();
            })
        .take(poll, records -> Uni.createFrom().item(() -> taker.apply(records)))
        .await()
        .atMost(LONG);
  }

  private Outcome outcome(UUID execution) {
    Awaitility.await().atMost(LONG).until(() -> fixture.topics.finished(execution).size() == 1);
    return fixture.topics.finished(execution).get(0).outcome();
  }

  /** Many commands at once: what is first must not wait for what is last. */
  @Test
  void theFirstRunBeforeTheLastAreTaken() {
    List<UUID> executions =
        IntStream.range(0, CommandIntake.SLICE + 1).mapToObj(i -> comes(":")).toList();
    UUID last = executions.get(CommandIntake.SLICE);
    List<Outcome> before = new ArrayList<>();
    intake(
        records -> {
          if (!taken.isEmpty()) {
            executions.subList(0, CommandIntake.SLICE).forEach(id -> before.add(outcome(id)));
          }
          return take(records);
        });

    assertThat(before).hasSize(CommandIntake.SLICE).containsOnly(Outcome.COMPLETED);
    assertThat(outcome(last)).isEqualTo(Outcome.COMPLETED);
    assertThat(taken.stream().flatMap(List::stream)).containsExactlyElementsOf(poll);
  }

  @Test
  void aCancellationComesBeforeAllElseOfThePoll() {
    UUID cancelled = comes("echo started");
    IntStream.range(0, 2 * CommandIntake.SLICE).forEach(i -> comes(":"));
    come(new CancelSteps(cancelled, List.of(new AttemptRef(0, 1)), 1000, "cancelled by a test"));

    intake();

    assertThat(outcome(cancelled)).isEqualTo(Outcome.CANCELLED);
    assertThat(fixture.topics.finished(cancelled).get(0).startedAt()).as("never began").isNull();
  }

  @Test
  void whatCannotBeReadIsPassedWithItsReasonAndInItsPlace() {
    come("{not json".getBytes(StandardCharsets.UTF_8));
    UUID next = comes(":");

    intake();

    assertThat(deadLetters).containsOnlyKeys(0L);
    assertThat(deadLetters.get(0L)).isNotEmpty().doesNotContain("\n");
    assertThat(outcome(next)).isEqualTo(Outcome.COMPLETED);
  }
}
