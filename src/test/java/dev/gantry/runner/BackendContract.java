package dev.gantry.runner;

import static dev.gantry.runner.RunnerFixture.script;
import static dev.gantry.runner.RunnerFixture.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.gantry.executions.protocol.LogBatch.Level;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.HoldSteps;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.RunnerTopics.Line;
import dev.gantry.runner.RunnerTopics.StoredLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every backend does, whatever it runs programs with and wherever: nothing here knows which of
 * the two outputs a line came from, or that steps have a work directory in common. {@link
 * HostBackendContract} does.
 */
abstract class BackendContract {
  @TempDir Path directory;
  final UUID execution = UUID.randomUUID();
  RunnerFixture fixture;

  /** What the tests run on. */
  abstract BackendHost host();

  @BeforeEach
  void open() {
    fixture = new RunnerFixture(host(), directory.resolve("runner"), 64);
  }

  @AfterEach
  void close() {
    fixture.artifacts.gate.countDown();
    fixture.close();
  }

  static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
  }

  /** What a program names {@link #mark}. */
  Path file(String name) {
    return host().marks(directory.resolve("runner"), execution).resolve(name);
  }

  /** A file that this test sees, too: in a script, from the directory in which a step begins. */
  String mark(String name) {
    return host().mark(execution, name);
  }

  void awaitFile(String name) {
    await().until(() -> Files.exists(file(name)));
  }

  List<String> read(String name) {
    try {
      return Files.readAllLines(file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void make(String name) {
    try {
      Files.createFile(file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  StoredLog log(int step) {
    return fixture.topics.log(execution, step, 1);
  }

  /** What the program has printed so far, without what the runner says in the log. */
  List<Line> printed(int step) {
    return log(step).lines.values().stream().filter(line -> line.level() != Level.SYSTEM).toList();
  }

  void awaitPrinted(int lines) {
    await().until(() -> printed(0).size() == lines);
  }

  /** All that the program has printed. */
  List<String> wholeText(int step) {
    wholeLog(step);
    return printed(step).stream().map(Line::text).toList();
  }

  StoredLog wholeLog(int step) {
    await().until(() -> log(step).end != null && log(step).lines.size() == log(step).end.lines());
    return log(step);
  }

  StepFinished end(StepSpec... steps) {
    return end(Map.of(), steps);
  }

  StepFinished end(Map<String, String> variables, StepSpec... steps) {
    fixture.run(execution, variables, steps);
    return finished(steps.length);
  }

  StepFinished finished(int count) {
    await().until(() -> fixture.topics.finished(execution).size() >= count);
    return fixture.topics.finished(execution).get(count - 1);
  }

  @Test
  void stepsRunInOrderAndOutputsAreHandedOn() {
    end(
        Map.of("NAME", "Ada"),
        step(0, null, "echo '  hello ${NAME} '", "GREETING", 0),
        step(1, List.of("echo", "${GREETING}!"), null, null, 0),
        step(2, null, "echo \"$GREETING and $GANTRY_STEP\"", null, 0));

    List<StepFinished> finished = fixture.topics.finished(execution);
    assertThat(finished).extracting(StepFinished::outcome).containsOnly(Outcome.COMPLETED);
    assertThat(finished).extracting(StepFinished::continues).containsExactly(true, true, false);
    assertThat(finished)
        .extracting(StepFinished::output)
        .containsExactly("hello Ada", "hello Ada!", "hello Ada and step-2");
    assertThat(finished)
        .allSatisfy(each -> assertThat(each.finishedAt()).isAfterOrEqualTo(each.startedAt()));
  }

  @Test
  void theLogIsCountedAndToldBeforeTheEnd() {
    StepFinished finished = end(script(0, "echo one; echo two >&2; printf three"));

    StoredLog log = wholeLog(0);
    assertThat(wholeText(0)).containsExactlyInAnyOrder("one", "two", "three");
    assertThat(log.end.lines()).isEqualTo(finished.lines());
    assertThat(log.end.digest()).isEqualTo(log.digest).isEqualTo(finished.digest());
  }

  @Test
  void aFailureEndsTheSegment() {
    StepFinished finished = end(script(0, "exit 3"));
    assertThat(finished.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(finished.exitCode()).isEqualTo(3);
    assertThat(finished.error()).isEqualTo("exit code 3");

    fixture.run(execution, script(1, "exit 4"), script(2, "echo no >> " + mark("marks")));

    assertThat(finished(2).continues()).isFalse();
    await().until(() -> fixture.runner().active() == 0);
    assertThat(file("marks")).doesNotExist();
  }

  @Test
  void programsSeeTheirVariablesAndNothingOfTheRunnersAndNoInput() {
    StepSpec step =
        new StepSpec(
            0,
            "named",
            2,
            null,
            null,
            "env | grep ADMIN; cat; echo \"$A|$B|$GANTRY_EXECUTION_ID|$GANTRY_STEP|$GANTRY_ATTEMPT\"",
            null,
            null,
            Map.of("B", "${A}, a 'b' \"c\" $d\n\u00e4"),
            0,
            null,
            false);

    StepFinished finished = end(Map.of("A", "1"), step);

    assertThat(finished.output())
        .isEqualTo("1|1, a 'b' \"c\" $d\n\u00e4|" + execution + "|named|2");
  }

  @Test
  void aProgramThatCannotBeFoundIsSaid() {
    StepFinished finished = end(step(0, List.of("no-such-program"), null, null, 0));

    assertThat(finished.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(finished.error()).contains("not found");
  }

  @Test
  void argumentsAreNeverTakenForAShellsOwnWords() {
    StepFinished words = end(step(0, List.of("echo", "$(id)", "a  b", ";", ""), null, null, 0));
    assertThat(words.output()).isEqualTo("$(id) a  b ;");

    fixture.run(execution, step(1, List.of("exit", "3"), null, null, 0));
    assertThat(finished(2).outcome()).as(finished(2).error()).isEqualTo(Outcome.FAILED);
    assertThat(finished(2).exitCode()).isNotEqualTo(3);
  }

  @Test
  void aScriptIsRunByTheShellThatItNames() {
    StepFinished shebang = end(script(0, "#!/bin/cat\nread by cat"));
    assertThat(shebang.output()).as(shebang.error()).isEqualTo("#!/bin/cat\nread by cat");

    fixture.run(
        execution,
        new StepSpec(
            1,
            "step-1",
            1,
            null,
            null,
            "false; echo not reached",
            List.of("sh", "-e"),
            null,
            null,
            0,
            null,
            false));
    assertThat(finished(2).exitCode()).isEqualTo(1);
    assertThat(finished(2).output()).isNullOrEmpty();
  }

  @Test
  void aDirectoryIsMadeBelowTheWorkDirectory() {
    StepSpec inside =
        new StepSpec(
            0, "s", 1, null, null, "echo x > made; pwd", null, "sub/${D}", null, 0, null, false);
    StepFinished made = end(Map.of("D", "d"), inside);
    assertThat(made.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(made.output()).endsWith("/sub/d");

    StepSpec outside =
        new StepSpec(1, "s", 1, null, null, "true", null, "../../up", null, 0, null, false);
    fixture.run(execution, outside);
    assertThat(finished(2).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(finished(2).error()).contains("leads out of");
  }

  @Test
  void outputOpenedByNameIsNotCutOff() {
    StepFinished finished =
        end(script(0, "echo 1; echo a >/dev/stderr; echo 2 >/dev/stdout; exit 4"));

    assertThat(finished.exitCode()).as(finished.error()).isEqualTo(4);
    assertThat(wholeText(0)).containsExactlyInAnyOrder("1", "2", "a");
  }

  @Test
  void whatAProgramLeavesBehindDoesNotKeepTheStep() {
    StepFinished finished = end(script(0, "sleep 300 & echo left"));

    assertThat(finished.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(finished.output()).isEqualTo("left");
  }

  @Test
  void cancelEndsTheProgramAndTheSegment() {
    fixture.run(
        execution, script(0, "echo begun > " + mark("begun") + "; sleep 300"), script(1, "true"));
    awaitFile("begun");

    fixture.cancel(execution, 20_000, new AttemptRef(0, 1), new AttemptRef(1, 1));

    StepFinished finished = finished(1);
    assertThat(finished.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(finished.error()).isEqualTo("cancelled by a test");
    assertThat(finished.continues()).isFalse();
    await().until(() -> fixture.runner().active() == 0);
    assertThat(fixture.topics.finished(execution)).hasSize(1);
  }

  @Test
  void aProgramMayTidyUpWhenItIsCancelled() {
    fixture.run(
        execution,
        script(
            0,
            "trap 'echo tidied; exit 0' TERM; echo x > "
                + mark("begun")
                + "; while :; do sleep 0.05 & wait $!; done"));
    awaitFile("begun");

    fixture.cancel(execution, 20_000, new AttemptRef(0, 1));

    assertThat(finished(1).outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(wholeText(0)).contains("tidied");
  }

  @Test
  void theSignalIsTheOneThatTheStepNames() {
    assumeThat(isHangupIgnored())
        .as("begun with nohup, as its children are then: no shell can listen to HUP")
        .isFalse();
    StepSpec step =
        new StepSpec(
            0,
            "step-0",
            1,
            null,
            null,
            "trap 'echo hup; exit 5' HUP; trap 'echo term; exit 6' TERM; echo x > "
                + mark("begun")
                + "; while :; do sleep 0.05 & wait $!; done",
            List.of(),
            null,
            null,
            null,
            List.of(),
            false,
            "HUP",
            Map.of(),
            0,
            null,
            0,
            false,
            false);
    fixture.run(execution, step);
    awaitFile("begun");

    fixture.cancel(execution, 20_000, new AttemptRef(0, 1));

    assertThat(finished(1).exitCode()).isEqualTo(5);
    assertThat(wholeText(0)).contains("hup").doesNotContain("term");
  }

  private static boolean isHangupIgnored() {
    try {
      String ignored =
          Files.readAllLines(Path.of("/proc/self/status")).stream()
              .filter(line -> line.startsWith("SigIgn:"))
              .findFirst()
              .orElseThrow();
      return Long.parseUnsignedLong(ignored.substring(7).strip(), 16) % 2 == 1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A program that begins, and does not end when it is asked to. */
  private String deaf() {
    return "trap '' TERM; echo x > " + mark("begun") + "; while :; do sleep 1; done";
  }

  /** A12: also when it is told twice. */
  @Test
  void whatDoesNotEndInItsGraceIsKilled() {
    fixture.run(execution, script(0, deaf()));
    awaitFile("begun");
    Instant before = Instant.now();

    fixture.cancel(execution, 300, new AttemptRef(0, 1));
    fixture.cancel(execution, 300, new AttemptRef(0, 1));

    assertThat(finished(1).outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofMillis(5300));
  }

  /** A12: at whatever state. Each of them is at another one. */
  @Test
  void aCancelIsNotLostHoweverSoonItComes() throws InterruptedException {
    List<UUID> executions = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      UUID id = UUID.randomUUID();
      executions.add(id);
      fixture.run(id, script(0, "sleep 300"));
      Thread.sleep(10L * i * i);
      fixture.cancel(id, 300, new AttemptRef(0, 1));
    }

    for (UUID id : executions) {
      await().until(() -> !fixture.topics.finished(id).isEmpty());
      assertThat(fixture.topics.finished(id).get(0).outcome()).isEqualTo(Outcome.CANCELLED);
    }
    await().until(() -> fixture.runner().active() == 0);
  }

  @Test
  void anAttemptCancelledBeforeItsCommandNeverStarts() {
    fixture.cancel(execution, 100, new AttemptRef(0, 1));

    StepFinished finished = end(script(0, "echo x >> " + mark("marks")));

    assertThat(finished.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(finished.startedAt()).isNull();
    assertThat(file("marks")).doesNotExist();
  }

  /** A12: its runner is away meanwhile. */
  @Test
  void aCancelThatWasKeptIsCarriedOutByTheNextRunner() {
    fixture.run(execution, script(0, deaf()));
    awaitFile("begun");
    fixture.runner().close();
    fixture.cancelWhileAway(execution, 300, new AttemptRef(0, 1));
    fixture.start();
    fixture.resume();

    assertThat(finished(1).outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(finished(1).error()).isEqualTo("cancelled by a test");
  }

  @Test
  void aTimeoutStopsTheProgram() {
    StepFinished finished = end(step(0, List.of("sleep", "300"), null, null, 500));

    assertThat(finished.outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(finished.error()).contains("500 ms");
    assertThat(finished.startedAt().plusMillis(500)).isBeforeOrEqualTo(finished.finishedAt());
  }

  @Test
  void aCommandDeliveredTwiceRunsOnceAndIsReportedAgain() {
    StepSpec[] steps = {
      script(0, "echo x >> " + mark("marks")), script(1, "echo y >> " + mark("marks"))
    };
    end(steps);
    List<StepFinished> first = fixture.topics.finished(execution);
    await().until(() -> fixture.runner().active() == 0);

    fixture.run(execution, steps);

    finished(4);
    // When its pod was scheduled and pulled is told by who saw it.
    assertThat(fixture.topics.finished(execution).subList(2, 4))
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("phases")
        .isEqualTo(first);
    assertThat(read("marks")).containsExactly("x", "y");
  }

  /** A3. */
  @Test
  void anotherRunnerAdoptsWhatRuns() {
    fixture.run(
        execution,
        script(
            0,
            "echo x >> %s; echo begin; while [ ! -e %s ]; do sleep 0.05; done; echo end; exit 7"
                .formatted(mark("marks"), mark("go"))));
    awaitPrinted(1);

    fixture.restart();
    make("go");

    assertThat(finished(1).exitCode()).isEqualTo(7);
    assertThat(wholeText(0)).containsExactly("begin", "end");
    assertThat(read("marks")).hasSize(1);
  }

  /** A3. */
  @Test
  void whatEndedWhileNobodyLookedIsToldAsItWas() {
    fixture.run(
        execution,
        script(
            0,
            "echo a; echo x > %s; sleep 0.5; echo b; echo > %s; exit 9"
                .formatted(mark("begun"), mark("over"))));
    awaitFile("begun");
    fixture.runner().close();
    awaitFile("over");
    fixture.start();
    fixture.resume();

    assertThat(finished(1).exitCode()).isEqualTo(9);
    assertThat(wholeText(0)).containsExactly("a", "b");
  }

  @Test
  void whatIsHeldBackBehindARunningStepIsNotRunAlsoAfterARestart() {
    fixture.run(
        execution,
        script(
            0,
            "echo 0 >> %s; until test -e %s; do sleep 0.02; done"
                .formatted(mark("marks"), mark("go"))),
        script(1, "echo 1 >> " + mark("marks")));
    awaitFile("marks");
    fixture.accept(new HoldSteps(execution, List.of(new AttemptRef(0, 1), new AttemptRef(1, 1))));
    fixture.restart();
    make("go");

    StepFinished first = finished(1);

    assertThat(first.outcome()).as("what runs is let end").isEqualTo(Outcome.COMPLETED);
    assertThat(first.continues()).isFalse();
    await().until(() -> fixture.runner().active() == 0);
    assertThat(read("marks")).containsExactly("0");
    fixture.run(execution, script(1, "echo again >> " + mark("marks")));
    finished(2);
    assertThat(read("marks")).containsExactly("0", "again");
  }

  @Test
  void manyExecutionsAtOnceAllEnd() {
    List<UUID> executions = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      UUID id = UUID.randomUUID();
      executions.add(id);
      fixture.run(id, script(0, "echo " + i), script(1, "true"));
    }

    for (int i = 0; i < 20; i++) {
      UUID id = executions.get(i);
      await().until(() -> fixture.topics.finished(id).size() == 2);
      assertThat(fixture.topics.finished(id).get(0).output()).isEqualTo(Integer.toString(i));
    }
  }

  /** A9: all that is written as fast as it goes. */
  @Test
  void aFloodOfLinesIsNumberedWithoutLoss() {
    int lines = 200_000;
    String line = "x".repeat(92);
    fixture.run(execution, script(0, "yes " + line + " | head -n " + lines + " | cat -n"));

    StepFinished finished = finished(1);
    StoredLog log = wholeLog(0);

    List<Line> printed = printed(0);
    assertThat(printed).hasSize(lines);
    assertThat(log.conflicts).isEmpty();
    assertThat(log.digest).isEqualTo(finished.digest());
    assertThat(printed.get(lines - 1).text()).endsWith(lines + "\t" + line);
    assertThat(finished.outputTruncated()).isTrue();
  }

  /** A9: a line of 10 MiB, and no line end at the end. */
  @Test
  void aLongLineComesInPiecesAndTheLastOneNeedsNoEnd() {
    int size = 10 << 20;
    end(script(0, "head -c " + size + " /dev/zero | tr '\\0' y; echo; printf last"));

    List<String> pieces = wholeText(0);
    int last = size / LineSplitter.MAX_LINE;
    assertThat(pieces).hasSize(last + 1).endsWith("last");
    assertThat(printed(0).subList(0, last - 1)).allMatch(Line::continued);
    assertThat(pieces.stream().limit(last).mapToInt(String::length).sum()).isEqualTo(size);
  }

  /** A9: what follows a long line is a line of its own. */
  @Test
  void aLongLineEndsWithItsLastPiece() {
    int size = LineSplitter.MAX_LINE + 5;
    end(script(0, "head -c " + size + " /dev/zero | tr '\\0' y; echo; echo next"));

    assertThat(wholeText(0)).hasSize(3).endsWith("yyyyy", "next");
    assertThat(printed(0)).extracting(Line::continued).containsExactly(true, false, false);
  }

  /** A9: bytes that are no text. */
  @Test
  void whatIsNoTextIsMendedAndCounted() {
    StepFinished finished =
        end(script(0, "printf 'a\\000b\\377\\376c\\n\\303\\244\\n\\033[1mbold\\r\\n'"));

    assertThat(finished.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(wholeText(0)).containsExactly("a\0b\uFFFD\uFFFDc", "\u00e4", "\u001b[1mbold");
    assertThat(log(0).digest).isEqualTo(finished.digest());
  }

  @Test
  void whatIsGrantedReachesTheProgramAndNoLogAlsoAfterARestart() {
    String secret = "Canary/with=more than\"letters";
    StepSpec step =
        new StepSpec(
            0,
            "granted",
            1,
            null,
            null,
            "echo \"$REGION ${#TOKEN} $TOKEN\"; until [ -e %s ]; do sleep 0.02; done; echo \"$TOKEN\""
                .formatted(mark("go")),
            null,
            null,
            null,
            0,
            "OUT",
            true);
    fixture
        .grants(execution, step)
        .complete(
            new StepGrants(Map.of("TOKEN", secret, "REGION", "eu-west"), List.of("TOKEN"), false));
    fixture.run(execution, step);
    awaitPrinted(1);

    fixture.restart();
    make("go");

    String hidden = "*".repeat(secret.length());
    StepFinished end = finished(1);
    assertThat(end.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(wholeText(0)).containsExactly("eu-west " + secret.length() + " " + hidden, hidden);
    assertThat(end.output()).doesNotContain(secret);
  }
}
