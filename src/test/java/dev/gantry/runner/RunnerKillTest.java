package dev.gantry.runner;

import static dev.gantry.runner.RunnerFixture.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.runner.RunnerTopics.StoredLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runner's process is killed while tools run (promise A3) and before it remembers them (A4). */
class RunnerKillTest {
  @TempDir private Path directory;
  private final UUID execution = UUID.randomUUID();
  private final RunnerTopics topics = new RunnerTopics();
  private Process runner;

  @BeforeEach
  void start() {
    try {
      runner =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx128m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  RunnerMain.class.getName(),
                  TestBroker.address(),
                  topics.topics.prefix(),
                  directory.resolve("runner").toString())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("runner.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void kill() {
    runner.destroyForcibly().onExit().join();
  }

  @AfterEach
  void stop() {
    kill();
    topics.close();
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private StoredLog log(int step) {
    return topics.log(execution, step, 1);
  }

  private StepFinished finished(int step) {
    await().until(() -> topics.finished(execution).stream().anyMatch(f -> f.step() == step));
    List<StepFinished> reports =
        topics.finished(execution).stream().filter(f -> f.step() == step).distinct().toList();
    assertThat(reports).hasSize(1);
    return reports.get(0);
  }

  @Test
  void aRunningToolIsAdoptedAndItsSegmentGoesOn() throws IOException {
    String text =
        "echo start >> %s; i=0; while [ ! -e %s ]; do i=$((i+1)); echo line $i; sleep 0.01; done;"
            + " echo $i > %s; echo last";
    topics.send(
        RunnerFixture.command(
            execution,
            Map.of(),
            RunnerFixture.step(
                0, null, text.formatted(file("starts"), file("go"), file("count")), "OUT", 0),
            script(1, "echo second; echo start >> " + file("starts"))));
    await().until(() -> log(0).lines.size() > 50);

    for (int round = 0; round < 2; round++) {
      kill();
      long before = log(0).lines.size();
      start();
      await().until(() -> log(0).lines.size() > before + 50);
    }
    Files.createFile(file("go"));

    assertThat(finished(0).outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(finished(1).outcome()).isEqualTo(Outcome.COMPLETED);
    int count = Integer.parseInt(Files.readString(file("count")).strip());
    List<String> wanted =
        new ArrayList<>(IntStream.rangeClosed(1, count).mapToObj(i -> "line " + i).toList());
    wanted.add("last");
    await().until(() -> log(0).end != null && log(1).end != null);
    assertThat(log(0).texts()).isEqualTo(wanted);
    assertThat(log(0).conflicts).isEmpty();
    assertThat(log(0).digest).isEqualTo(finished(0).digest()).isEqualTo(log(0).end.digest());
    assertThat(log(1).texts()).containsExactly("second");
    assertThat(Files.readAllLines(file("starts"))).hasSize(2);
  }

  @Test
  void aToolThatEndedWhileNobodyLookedIsReportedWithItsExitCode() throws IOException {
    topics.send(
        RunnerFixture.command(
            execution,
            Map.of(),
            script(0, "echo a; touch %s; sleep 1; echo b; exit 9".formatted(file("began")))));
    await().until(() -> Files.exists(file("began")));
    kill();
    Path exit = directory.resolve("runner/" + execution + "/0-1/exit");
    await().until(() -> Files.exists(exit));

    start();

    assertThat(finished(0).exitCode()).isEqualTo(9);
    await().until(() -> log(0).end != null);
    assertThat(log(0).texts()).containsExactly("a", "b");
  }

  @Test
  void aFloodSurvivesTheKillWithoutGapOrDuplicate() {
    int lines = 400_000;
    topics.send(
        RunnerFixture.command(
            execution, Map.of(), script(0, "seq 1 " + lines + "; seq 1 1000 >&2")));
    await().until(() -> !log(0).lines.isEmpty());
    kill();
    start();

    assertThat(finished(0).lines()).isEqualTo(lines + 1000);
    await().until(() -> log(0).lines.size() == lines + 1000);
    assertThat(log(0).conflicts).isEmpty();
    assertThat(log(0).digest).isEqualTo(finished(0).digest());
  }

  @Test
  void theTimeoutCountsFromTheStartAndNotFromTheAdoption() {
    topics.send(
        RunnerFixture.command(
            execution, Map.of(), RunnerFixture.step(0, List.of("sleep", "300"), null, null, 4000)));
    await().until(() -> !topics.events(execution).isEmpty());
    kill();
    start();

    StepFinished finished = finished(0);

    assertThat(finished.outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(Duration.between(finished.startedAt(), finished.finishedAt()))
        .isBetween(Duration.ofMillis(3900), Duration.ofSeconds(20));
  }

  @Test
  void aCancellationIsNotForgotten() {
    topics.send(
        RunnerFixture.command(
            execution,
            Map.of(),
            script(
                0, "trap '' TERM; touch %s; while :; do sleep 1; done".formatted(file("began")))));
    await().until(() -> Files.exists(file("began")));
    topics.send(
        new CancelSteps(execution, List.of(new AttemptRef(0, 1)), 3000, "cancelled by a test"));
    await().until(() -> Files.exists(directory.resolve("runner/" + execution + "/0-1/stop")));
    kill();
    start();

    assertThat(finished(0).outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(finished(0).error()).isEqualTo("cancelled by a test");
  }

  @Test
  void whatWasKeptButNotStartedIsStartedOnce() throws IOException {
    kill();
    Path root = directory.resolve("runner");
    Files.createDirectories(root.resolve(execution + "/0-1"));
    Files.createDirectories(root.resolve("segments"));
    var command =
        RunnerFixture.command(execution, Map.of(), script(0, "echo start >> " + file("starts")));
    Files.write(
        root.resolve("segments/" + execution + "-0-1.json"),
        dev.gantry.executions.protocol.ProtocolJson.write(command));
    topics.send(command);

    start();

    assertThat(finished(0).outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(Files.readAllLines(file("starts"))).hasSize(1);
  }
}
