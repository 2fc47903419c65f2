package dev.gantry.runner;

import static dev.gantry.runner.RunnerFixture.script;
import static dev.gantry.runner.RunnerFixture.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.HoldSteps;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepEvent.StepReturned;
import dev.gantry.executions.protocol.StepEvent.StepStarted;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.Runner.Whose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentTest {
  @TempDir private Path directory;
  private final UUID execution = UUID.randomUUID();
  private RunnerFixture fixture;

  @BeforeEach
  void start() {
    fixture = new RunnerFixture(directory.resolve("runner"), 64);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private Path marks() {
    return directory.resolve("marks");
  }

  private void awaitMarks(int count) {
    Awaitility.await().until(() -> marks().toFile().exists() && read(marks()).size() >= count);
  }

  private static List<String> read(Path file) throws java.io.IOException {
    return Files.readAllLines(file);
  }

  @Test
  void theStartOfWhatIsOverAtOnceIsToldWithItsEndOnly() {
    fixture.run(execution, script(0, "sleep 0.3"), script(1, "true"));

    fixture.awaitFinished(execution, 2);

    List<StepEvent> events = fixture.topics.events(execution);
    assertThat(events.get(0)).isInstanceOf(StepStarted.class);
    assertThat(events.subList(1, events.size()))
        .allSatisfy(
            event -> {
              assertThat(event).isInstanceOf(StepFinished.class);
              assertThat(((StepFinished) event).startedAt()).isNotNull();
            });
  }

  @Test
  void aTerminatedProgramTakesNoOtherWithIt() {
    fixture.run(execution, script(0, "trap 'exit 0' TERM; while :; do sleep 0.05; done"));
    Awaitility.await().until(() -> !fixture.topics.events(execution).isEmpty());
    fixture.cancel(execution, 300, new AttemptRef(0, 1));
    fixture.run(execution, script(1, "sleep 1; echo whole"));

    List<StepFinished> finished = fixture.awaitFinished(execution, 2);

    assertThat(finished.get(0).outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(finished.get(1).output()).isEqualTo("whole");
  }

  @Test
  void oneProgramLeavesTheNextNothingOfItsShell() {
    String leaves = "A=1; export B=2; cd /; umask 0777; trap '' PIPE; f() { :; }; set -e; false";
    String looks = "echo \"[$A$B]\" $(umask) $(pwd | grep -c work); f || yes | head -1";
    fixture.run(execution, step(0, null, leaves, null, 0));
    fixture.awaitFinished(execution, 1);
    fixture.run(execution, step(1, null, looks, null, 0));

    StepFinished second = fixture.awaitFinished(execution, 2).get(1);

    assertThat(second.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(second.output()).startsWith("[] ").endsWith(" 1\ny").doesNotContain("0777");
  }

  @Test
  void noStepEndsBeforeItBegan() {
    StepSpec[] steps = new StepSpec[20];
    Arrays.setAll(steps, index -> script(index, "true"));
    fixture.run(execution, steps);
    assertThat(fixture.awaitFinished(execution, steps.length))
        .allSatisfy(end -> assertThat(end.finishedAt()).isAfterOrEqualTo(end.startedAt()));
  }

  @Test
  void aSilentStepSendsNoBatch() {
    fixture.run(execution, script(0, "true"), script(1, "echo last"));

    fixture.awaitFinished(execution, 2);
    Awaitility.await().until(() -> fixture.topics.log(execution, 1, 1).end != null);

    assertThat(fixture.topics.log(execution, 0, 1).batches).isZero();
    assertThat(fixture.topics.finished(execution).get(0).lines()).isZero();
  }

  @Test
  void programsSeeNothingOfTheRunnersEnvironmentAndNoInput() {
    fixture.run(execution, script(0, "env | grep ADMIN; cat; pwd"));

    StepFinished finished = fixture.awaitFinished(execution, 1).get(0);

    assertThat(finished.output()).endsWith(execution + "/work").doesNotContain("ADMIN");
  }

  @Test
  void outputOpenedByNameIsNotCutOff() {
    String text = "echo 1; echo a >/dev/stderr; echo b >/dev/stderr; echo 2 >/dev/stdout; exit 4";
    fixture.run(execution, script(0, text));

    StepFinished finished = fixture.awaitFinished(execution, 1).get(0);
    Awaitility.await().until(() -> fixture.topics.log(execution, 0, 1).end != null);

    assertThat(finished.exitCode()).isEqualTo(4);
    assertThat(fixture.topics.log(execution, 0, 1).texts())
        .containsExactlyInAnyOrder("1", "2", "a", "b");
  }

  /** What copies the output may not have begun when the program has ended. */
  @Test
  void outputOpenedByNameIsWholeHoweverSoonTheProgramEnds() {
    for (int step = 0; step < 200; step++) {
      fixture.run(execution, script(step, "echo a >/dev/stderr"));
    }

    List<StepFinished> finished = fixture.awaitFinished(execution, 200);

    assertThat(finished).extracting(StepFinished::lines).containsOnly(1L);
  }

  @Test
  void whatAProgramLeavesBehindDoesNotKeepTheStep() {
    fixture.run(execution, script(0, "sleep 300 & echo $!; echo $$ >/dev/stderr"));
    fixture.run(execution, script(1, "sleep 300 & echo $!"));

    for (StepFinished finished : fixture.awaitFinished(execution, 2)) {
      long left = Long.parseLong(finished.output());
      assertThat(finished.outcome()).isEqualTo(Outcome.COMPLETED);
      Awaitility.await()
          .until(() -> ProcessHandle.of(left).filter(ProcessHandle::isAlive).isEmpty());
    }
  }

  @Test
  void cancelEndsTheWholeTreeAndTheSegment() throws Exception {
    String tree =
        "sh -c 'echo $$ >> " + marks() + "; sleep 300' & echo $$ >> " + marks() + "; wait";
    fixture.run(execution, script(0, tree), script(1, "true"));
    awaitMarks(2);

    fixture.cancel(execution, 5000, new AttemptRef(0, 1), new AttemptRef(1, 1));

    StepFinished finished = fixture.awaitFinished(execution, 1).get(0);
    assertThat(finished.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(finished.error()).isEqualTo("cancelled by a test");
    assertThat(finished.continues()).isFalse();
    for (String pid : read(marks())) {
      Awaitility.await()
          .until(
              () -> ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isEmpty());
    }
    assertThat(fixture.topics.finished(execution)).hasSize(1);
  }

  /** Its shell may not have begun the program when it is to be stopped. */
  @Test
  void aCancelIsNotLostHoweverSoonItComes() throws InterruptedException {
    List<UUID> executions = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      UUID id = UUID.randomUUID();
      executions.add(id);
      fixture.run(id, script(0, "sleep 300"));
      Thread.sleep(i / 10, 100_000 * (i % 10));
      fixture.cancel(id, 300, new AttemptRef(0, 1));
    }

    for (UUID id : executions) {
      StepFinished finished = fixture.awaitFinished(id, 1).get(0);
      assertThat(finished.outcome()).isEqualTo(Outcome.CANCELLED);
    }
  }

  @Test
  void aKilledSupervisorIsTheRunnersFault() {
    fixture.run(execution, script(0, "kill -9 $PPID; sleep 300"));

    StepFinished finished = fixture.awaitFinished(execution, 1).get(0);

    assertThat(finished.outcome()).isEqualTo(Outcome.INFRASTRUCTURE);
    assertThat(finished.error()).contains("was killed");
  }

  /** A process that was stopped with these commands as its own, and had not come to them. */
  private RunnerFixture stoppedWith(List<RunSteps> commands) throws IOException {
    RunnerFixture narrow = new RunnerFixture(directory.resolve("narrow"), 1);
    Path go = directory.resolve("go");
    narrow.run(UUID.randomUUID(), script(0, "until test -e %s; do sleep 0.02; done".formatted(go)));
    for (RunSteps command : commands) {
      narrow.accept(command);
      narrow.runner().begin(command);
    }
    narrow.runner().close();
    narrow.start();
    Files.createFile(go);
    return narrow;
  }

  /** Kafka may bring the command again before the new process has gone on with what it holds. */
  @Test
  void whatWasLeftIsRunOnceAlsoWhenItsCommandComesAgainMeanwhile() throws Exception {
    List<RunSteps> commands = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String text = "echo " + i + " >> " + marks();
      commands.add(RunnerFixture.command(UUID.randomUUID(), Map.of(), script(0, text)));
    }
    try (RunnerFixture next = stoppedWith(commands)) {
      for (RunSteps command : commands) {
        next.accept(command);
        next.runner().begin(command);
      }
      next.runner().resume();

      for (RunSteps command : commands) {
        next.awaitFinished(command.executionId(), 1);
      }
      Awaitility.await().until(() -> next.runner().active() == 0);
      assertThat(read(marks())).doesNotHaveDuplicates().hasSize(20);
    }
  }

  /** What it holds was perhaps begun: no other process may run it. */
  @Test
  void whatWasLeftIsGoneOnWithAlsoWhenItsCommandGoesElsewhere() throws Exception {
    RunSteps command = RunnerFixture.command(execution, Map.of(), script(0, "echo x"));
    try (RunnerFixture next = stoppedWith(List.of(command))) {
      next.accept(command);
      next.runner().forget(command);
      next.runner().resume();

      assertThat(next.awaitFinished(execution, 1).get(0).output()).isEqualTo("x");
    }
  }

  /** Killed before Kafka knew of it, so that Kafka gives it to another process. */
  @Test
  void whatWasKeptOnlyIsLeftToOthersAndMayComeAgain() throws Exception {
    RunSteps command =
        RunnerFixture.command(execution, Map.of(), script(0, "echo x >> " + marks()));
    keepOnly(command);
    fixture.runner().settle(place -> Whose.ANOTHERS);
    fixture.resume();
    assertThat(fixture.runner().active()).isZero();

    fixture.accept(command);
    fixture.runner().begin(command);

    fixture.awaitFinished(execution, 1);
    assertThat(read(marks())).containsExactly("x");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatTurnsOutToBeItsOwnIsRun(boolean early) {
    keepOnly(RunnerFixture.command(execution, Map.of(), script(0, "echo x")));
    if (early) {
      fixture.runner().settle(place -> Whose.OURS);
    }
    fixture.resume();
    fixture.runner().settle(place -> Whose.OURS);

    assertThat(fixture.awaitFinished(execution, 1).get(0).output()).isEqualTo("x");
  }

  @Test
  void whatIsNotKnownToBeAnybodysIsGivenBack() {
    keepOnly(RunnerFixture.command(execution, Map.of(), script(0, "true"), script(1, "true")));
    fixture.runner().settle(place -> Whose.UNKNOWN);
    fixture.resume();

    awaitReturned(fixture);
    assertThat(fixture.runner().active()).isZero();
    assertThat(fixture.runner().unsettled()).isEmpty();
  }

  @Test
  void whatIsHeldBackBeforeItIsSettledStaysUnsettled() throws Exception {
    RunSteps command =
        RunnerFixture.command(
            execution, Map.of(), script(0, "echo 0 >> " + marks()), script(1, "echo 1"));
    fixture.accept(command);
    hold(new AttemptRef(1, 1));
    fixture.runner().close();
    fixture.start();
    fixture.resume();
    assertThat(fixture.runner().active()).isZero();

    fixture.runner().settle(place -> Whose.OURS);

    assertThat(fixture.awaitFinished(execution, 1).get(0).continues()).isFalse();
    Awaitility.await().until(() -> fixture.runner().active() == 0);
    assertThat(read(marks())).containsExactly("0");
  }

  /** As a process that is killed before it knows whose the command is. */
  private void keepOnly(RunSteps command) {
    fixture.accept(command);
    fixture.runner().close();
    fixture.start();
    assertThat(fixture.runner().unsettled()).hasSize(1);
  }

  @Test
  void whatIsAnotherProcessesIsNotRunAlsoAfterARestart() throws Exception {
    RunSteps theirs = RunnerFixture.command(execution, Map.of(), script(0, "echo x >> " + marks()));
    fixture.accept(theirs);
    fixture.runner().forget(theirs);
    fixture.runner().begin(theirs);
    fixture.close();
    start();
    UUID after = UUID.randomUUID();
    fixture.run(after, script(0, "true"));

    fixture.awaitFinished(after, 1);
    assertThat(fixture.topics.finished(execution)).isEmpty();
    assertThat(marks()).doesNotExist();
  }

  @Test
  void aCommandOlderThanTheMemoryIsRefused() {
    RunSteps old =
        new RunSteps(
            execution,
            RunnerTopics.LOG_PARTITION,
            Map.of(),
            List.of(script(0, "echo x >> " + marks())),
            Instant.now().minus(Duration.ofHours(25)));

    fixture.accept(old);

    StepFinished finished = fixture.awaitFinished(execution, 1).get(0);
    assertThat(finished.outcome()).isEqualTo(Outcome.INFRASTRUCTURE);
    assertThat(finished.error()).isEqualTo("command expired");
    assertThat(marks()).doesNotExist();
  }

  @Test
  void twoHundredExecutionsAtOnceAllEnd() {
    List<UUID> executions = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      UUID id = UUID.randomUUID();
      executions.add(id);
      fixture.run(id, script(0, "echo " + i), script(1, "true"));
    }

    for (int i = 0; i < 200; i++) {
      List<StepFinished> finished = fixture.awaitFinished(executions.get(i), 2);
      assertThat(finished.get(0).output()).isEqualTo(Integer.toString(i));
    }
  }

  @Test
  void aFloodOfLinesIsNumberedWithoutLoss() {
    int lines = 300_000;
    String line = "x".repeat(92);
    fixture.run(execution, script(0, "yes " + line + " | head -n " + lines + " | cat -n"));

    StepFinished finished = fixture.awaitFinished(execution, 1).get(0);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> fixture.topics.log(execution, 0, 1).lines.size() == lines);

    var log = fixture.topics.log(execution, 0, 1);
    assertThat(finished.lines()).isEqualTo(lines);
    assertThat(log.digest).isEqualTo(finished.digest());
    assertThat(log.lines.get(lines - 1L).text()).endsWith(lines + "\t" + line);
    assertThat(finished.outputTruncated()).isTrue();
  }

  /** As if the clock had been set forward while it ran: its file seems to be from long before. */
  @Test
  void whatRunsIsAdoptedAlsoWhenTheClockWasSet() {
    String text = "while [ ! -e " + marks() + " ]; do sleep 0.05; done; echo end";
    fixture.run(execution, script(0, text));
    Path supervisor = home(execution).resolve("0-1/pid");
    Awaitility.await().until(() -> supervisor.toFile().length() > 0);
    Instant longAgo = Instant.now().minus(Duration.ofHours(2));
    assertThat(supervisor.toFile().setLastModified(longAgo.toEpochMilli())).isTrue();

    fixture.restart();
    Awaitility.await().until(() -> marks().toFile().createNewFile() || marks().toFile().exists());

    StepFinished finished = fixture.awaitFinished(execution, 1).get(0);
    assertThat(finished.outcome()).as(finished.error()).isEqualTo(Outcome.COMPLETED);
    assertThat(finished.output()).isEqualTo("end");
  }

  /** What is at a dead supervisor's process id by now is not it. */
  @Test
  void anotherProcessOfTheSameIdIsNotAdopted() throws Exception {
    fixture.run(execution, script(0, "sleep 300"));
    Path supervisor = home(execution).resolve("0-1/pid");
    Awaitility.await().until(() -> supervisor.toFile().length() > 0);
    String written = Files.readString(supervisor);
    fixture.close();
    Process other = new ProcessBuilder("sleep", "300").start();
    try {
      Files.writeString(supervisor, written.replaceFirst("\\d+", "" + other.pid()));

      start();

      StepFinished finished = fixture.awaitFinished(execution, 1).get(0);
      assertThat(finished.outcome()).isEqualTo(Outcome.INFRASTRUCTURE);
    } finally {
      other.destroyForcibly();
      ProcessHandle.of(Long.parseLong(written.split(" ", -1)[0]))
          .ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void endedExecutionsAreSweptAndRunningOnesAreNot() {
    UUID running = UUID.randomUUID();
    fixture.run(execution, script(0, "true"));
    fixture.run(running, script(0, "sleep 300"));
    fixture.awaitFinished(execution, 1);
    Awaitility.await().until(() -> fixture.runner().active() == 1);
    Instant old = Instant.now().minus(Duration.ofHours(25));
    for (UUID id : Arrays.asList(execution, running)) {
      assertThat(home(id).toFile().setLastModified(old.toEpochMilli())).isTrue();
    }

    fixture.runner().sweep();

    assertThat(home(execution)).doesNotExist();
    assertThat(home(running)).exists();
    fixture.cancel(running, 0, new AttemptRef(0, 1));
    fixture.awaitFinished(running, 1);
  }

  private Path home(UUID id) {
    return directory.resolve("runner").resolve(id.toString());
  }

  private void hold(AttemptRef... attempts) {
    fixture.accept(new HoldSteps(execution, List.of(attempts)));
  }

  private void awaitReturned(RunnerFixture from) {
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(from.topics.events(execution))
                    .singleElement()
                    .isInstanceOfSatisfying(
                        StepReturned.class,
                        event -> {
                          assertThat(event.step()).isZero();
                          assertThat(event.attempt()).isEqualTo(1);
                          assertThat(event.issuedAt()).isNotNull();
                        }));
  }

  @Test
  void whatWaitsForASlotIsGivenBackAndMayComeAgain() throws Exception {
    try (RunnerFixture narrow = new RunnerFixture(directory.resolve("narrow"), 1)) {
      Path go = directory.resolve("go");
      UUID other = UUID.randomUUID();
      narrow.run(other, script(0, "until test -e %s; do sleep 0.02; done".formatted(go)));
      narrow.run(execution, script(0, "echo ran >> " + marks()), script(1, "true"));
      narrow.accept(new HoldSteps(execution, List.of(new AttemptRef(0, 1))));

      awaitReturned(narrow);
      assertThat(narrow.runner().active()).isEqualTo(1);
      narrow.run(execution, script(0, "echo ran >> " + marks()));
      Files.createFile(go);
      assertThat(narrow.awaitFinished(execution, 1).get(0).outcome()).isEqualTo(Outcome.COMPLETED);
      assertThat(read(marks())).containsExactly("ran");
      Awaitility.await().until(() -> narrow.runner().slots().used() == 0);
    }
  }

  @Test
  void whatIsAskedForItsGrantsIsGivenBack() {
    StepSpec granted =
        new StepSpec(0, "granted", 1, null, null, "echo", null, null, null, 0, null, true);
    fixture.run(execution, granted);
    hold(new AttemptRef(0, 1));

    awaitReturned(fixture);
    assertThat(fixture.runner().active()).isZero();
  }
}
