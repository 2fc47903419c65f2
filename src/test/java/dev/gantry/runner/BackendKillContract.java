package dev.gantry.runner;

import static dev.gantry.runner.RunnerFixture.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.LogBatch.Level;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepSpec;
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
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runner's process is killed while tools run (promise A3), and told to end them (A12). */
abstract class BackendKillContract {
  @TempDir Path directory;
  final UUID execution = UUID.randomUUID();
  final RunnerTopics topics = new RunnerTopics();
  private Process runner;

  /** What the tests run on. */
  abstract BackendHost host();

  @BeforeEach
  void start() {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                RunnerMain.class.getName(),
                TestBroker.address(),
                topics.topics.prefix(),
                directory.resolve("runner").toString(),
                host().getClass().getName()));
    words.addAll(host().arguments());
    try {
      runner =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("runner.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void kill() {
    runner.destroyForcibly().onExit().join();
  }

  @AfterEach
  void stop() {
    kill();
    topics.close();
  }

  static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
  }

  /** A file that this test sees, too: in a script, from the directory in which a step begins. */
  String mark(String name) {
    return host().mark(execution, name);
  }

  /** What a program names {@link #mark}. */
  Path file(String name) {
    return host().marks(directory.resolve("runner"), execution).resolve(name);
  }

  void run(StepSpec... steps) {
    StepSpec[] finding = Stream.of(steps).map(host()::finding).toArray(StepSpec[]::new);
    topics.send(RunnerFixture.command(execution, Map.of(), finding));
  }

  StoredLog log(int step) {
    return topics.log(execution, step, 1);
  }

  /** What the program has printed so far, without what the runner says in the log. */
  List<String> printed(int step) {
    return log(step).lines.values().stream()
        .filter(line -> line.level() != Level.SYSTEM)
        .map(RunnerTopics.Line::text)
        .toList();
  }

  StepFinished finished(int step) {
    await().until(() -> topics.finished(execution).stream().anyMatch(f -> f.step() == step));
    List<StepFinished> reports =
        topics.finished(execution).stream().filter(f -> f.step() == step).distinct().toList();
    assertThat(reports).hasSize(1);
    return reports.get(0);
  }

  @Test
  void aRunningToolIsAdoptedAndItsSegmentGoesOn() throws IOException {
    String text =
        "echo start >> %s; i=0; while [ ! -e %s ]; do i=$((i+1)); echo line $i; sleep 0.01; done; echo $i > %s; echo last"
            .formatted(mark("starts"), mark("go"), mark("count"));
    run(
        RunnerFixture.step(0, null, text, "OUT", 0),
        script(1, "echo second; echo start >> " + mark("starts")));
    await().until(() -> printed(0).size() > 50);

    for (int round = 0; round < 2; round++) {
      kill();
      long before = printed(0).size();
      start();
      await().until(() -> printed(0).size() > before + 50);
    }
    Files.createFile(file("go"));

    assertThat(finished(0).outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(finished(1).outcome()).isEqualTo(Outcome.COMPLETED);
    int count = Integer.parseInt(Files.readString(file("count")).strip());
    List<String> wanted =
        new ArrayList<>(IntStream.rangeClosed(1, count).mapToObj(i -> "line " + i).toList());
    wanted.add("last");
    await().until(() -> log(0).end != null && log(1).end != null);
    assertThat(printed(0)).isEqualTo(wanted);
    assertThat(log(0).conflicts).isEmpty();
    assertThat(log(0).digest).isEqualTo(finished(0).digest()).isEqualTo(log(0).end.digest());
    assertThat(printed(1)).containsExactly("second");
    assertThat(Files.readAllLines(file("starts"))).hasSize(2);
  }

  @Test
  void aToolThatEndedWhileNobodyLookedIsReportedWithItsExitCode() {
    run(
        script(
            0,
            "echo a; touch %s; sleep 1; echo b; touch %s; exit 9"
                .formatted(mark("began"), mark("over"))));
    await().until(() -> Files.exists(file("began")));
    kill();
    await().until(() -> Files.exists(file("over")));

    start();

    assertThat(finished(0).exitCode()).isEqualTo(9);
    await().until(() -> log(0).end != null);
    assertThat(printed(0)).containsExactly("a", "b");
  }

  @Test
  void aFloodSurvivesTheKillWithoutGapOrDuplicate() {
    int lines = 200_000;
    run(script(0, "seq 1 " + lines + "; seq 1 1000 >&2"));
    await().until(() -> !printed(0).isEmpty());
    kill();
    start();

    StepFinished finished = finished(0);
    await().until(() -> log(0).lines.size() == finished.lines());
    assertThat(printed(0)).hasSize(lines + 1000);
    assertThat(log(0).conflicts).isEmpty();
    assertThat(log(0).digest).isEqualTo(finished.digest());
  }

  @Test
  void theTimeoutCountsFromTheStartAndNotFromTheAdoption() {
    run(RunnerFixture.step(0, List.of("sleep", "300"), null, null, 4000));
    await().until(() -> !topics.events(execution).isEmpty());
    kill();
    start();

    StepFinished finished = finished(0);

    assertThat(finished.outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(Duration.between(finished.startedAt(), finished.finishedAt()))
        .isBetween(Duration.ofMillis(3900), Duration.ofSeconds(40));
  }

  @Test
  void aCancellationIsNotForgotten() {
    run(
        script(
            0, "trap 'echo asked' TERM; touch " + mark("began") + "; while :; do sleep 0.1; done"));
    await().until(() -> Files.exists(file("began")));
    topics.send(
        new CancelSteps(execution, List.of(new AttemptRef(0, 1)), 3000, "cancelled by a test"));
    await().until(() -> printed(0).contains("asked"));
    kill();
    start();

    assertThat(finished(0).outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(finished(0).error()).isEqualTo("cancelled by a test");
  }

  /** A12: told while nobody listens, and once more. */
  @Test
  void aCancelThatComesWhileTheRunnerIsAwayIsCarriedOut() {
    run(script(0, "trap '' TERM; touch " + mark("began") + "; while :; do sleep 0.1; done"));
    await().until(() -> Files.exists(file("began")));
    kill();
    CancelSteps cancel =
        new CancelSteps(execution, List.of(new AttemptRef(0, 1)), 500, "cancelled by a test");
    topics.send(cancel);
    topics.send(cancel);
    start();

    assertThat(finished(0).outcome()).isEqualTo(Outcome.CANCELLED);
  }
}
