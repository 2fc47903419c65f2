package dev.gantry.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What steps keep of their work directory, and what they find there. */
class ArtifactStepsTest {
  @TempDir private Path directory;
  private final UUID execution = UUID.randomUUID();
  private RunnerFixture fixture;

  @BeforeEach
  void start() {
    fixture = new RunnerFixture(directory.resolve("runner"), 64);
  }

  @AfterEach
  void stop() {
    fixture.artifacts.gate.countDown();
    fixture.close();
  }

  private static StepSpec step(int index, String script, boolean wants, String... artifacts) {
    return new StepSpec(
        index,
        "step-" + index,
        1,
        null,
        null,
        script,
        List.of(),
        null,
        null,
        null,
        List.of(artifacts),
        wants,
        null,
        Map.of(),
        0,
        null,
        0,
        false,
        false);
  }

  private StepFinished end(StepSpec... steps) {
    fixture.run(execution, steps);
    return fixture.awaitFinished(execution, steps.length).get(steps.length - 1);
  }

  @Test
  void keepsWhatThePatternsMatch() throws Exception {
    StepFinished end =
        end(
            step(
                0,
                "mkdir -p out/deep; echo 1 >a.txt; echo 2 >out/b.xml; echo 3 >out/deep/c.xml; echo 4 >d",
                false,
                "${FILE:-a.txt}",
                "out/**/*.xml"));

    assertThat(end.outcome()).as(end.error()).isEqualTo(Outcome.COMPLETED);
    assertThat(fixture.artifacts.file("a.txt")).hasContent("1");
    assertThat(fixture.artifacts.file("out/b.xml")).hasContent("2");
    assertThat(fixture.artifacts.file("out/deep/c.xml")).hasContent("3");
    assertThat(fixture.artifacts.file("d")).doesNotExist();
  }

  @Test
  void failsWhatDoesNotMakeWhatItSaidAndKeepsWhatAFailedProgramLeft() {
    StepFinished missing = end(step(0, "true", false, "no/*.jar"));
    assertThat(missing.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(missing.exitCode()).isZero();
    assertThat(missing.error()).contains("nothing in the work directory matches 'no/*.jar'");

    fixture.run(execution, step(1, "echo why >report; exit 3", false, "report"));
    StepFinished failed = fixture.awaitFinished(execution, 2).get(1);
    assertThat(failed.error()).isEqualTo("exit code 3");
    assertThat(fixture.artifacts.file("report")).hasContent("why");
  }

  /** Sixteen times a mebibyte is the most that a text with its variables may have. */
  @Test
  void endsAlsoWhenAPatternGetsTooLong() {
    StepSpec step = step(0, "true", false, "${X}".repeat(17));
    fixture.run(execution, Map.of("X", "x".repeat(1 << 20)), step);

    StepFinished end = fixture.awaitFinished(execution, 1).get(0);
    assertThat(end.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(end.error()).startsWith("artifacts: ");
  }

  @Test
  void followsNoLinksAndLeavesTheWorkDirectoryNowhere() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "s");
    String links = "ln -s " + secret + " link; ln -s " + directory + " away; ";
    for (String pattern : List.of("link", "away/secret", "away/*", "../../secret", "**/secret")) {
      UUID id = UUID.randomUUID();
      fixture.run(id, step(0, links, false, pattern));
      assertThat(fixture.awaitFinished(id, 1).get(0).outcome())
          .as(pattern)
          .isEqualTo(Outcome.FAILED);
    }
  }

  @Test
  void findsWhatStepsBeforeHaveKeptElsewhere() throws Exception {
    UUID elsewhere = UUID.randomUUID();
    fixture.run(
        elsewhere,
        step(0, "mkdir bin; printf '#!/bin/sh\\necho ran' >bin/x; chmod +x bin/x", false, "bin/x"));
    fixture.awaitFinished(elsewhere, 1);

    StepFinished end = end(step(0, "bin/x; mkdir -p bin; echo changed >bin/x", true));
    assertThat(end.output()).isEqualTo("ran");
    fixture.run(execution, step(1, "bin/x", true));
    assertThat(fixture.awaitFinished(execution, 2).get(1).output()).isEqualTo("ran");
  }

  @Test
  void saysWhyItCannotBegin() {
    fixture.artifacts.refusal = "the API is away";
    StepFinished end = end(step(0, "echo x", true));
    assertThat(end.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(end.startedAt()).isNull();
    assertThat(end.error()).isEqualTo("the API is away");
  }

  @Test
  void isCancelledWhileItWaitsForFiles() {
    fixture.artifacts.gate = new CountDownLatch(1);
    fixture.run(execution, step(0, "echo x", true));
    Awaitility.await().until(() -> fixture.runner().slots().used() == 1);
    fixture.cancel(execution, 0, new AttemptRef(0, 1));

    StepFinished end = fixture.awaitFinished(execution, 1).get(0);
    assertThat(end.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(end.startedAt()).isNull();
  }

  @Test
  void isCancelledWhileItSendsWhatItKeeps() {
    fixture.artifacts.gate = new CountDownLatch(1);
    fixture.run(execution, step(0, "echo x >f", false, "f"));
    Path ended = directory.resolve("runner/" + execution + "/0-1/exit");
    Awaitility.await().until(() -> ended.toFile().exists());
    Awaitility.await()
        .until(
            () -> {
              fixture.cancel(execution, 0, new AttemptRef(0, 1));
              return !fixture.topics.finished(execution).isEmpty();
            });

    StepFinished end = fixture.awaitFinished(execution, 1).get(0);
    assertThat(end.outcome()).isEqualTo(Outcome.CANCELLED);
  }

  /** A runner that is killed while it sends sends again. */
  @Test
  void keepsWhatTheProcessBeforeDidNot() throws Exception {
    fixture.artifacts.gate = new CountDownLatch(1);
    fixture.run(execution, step(0, "echo kept >f", false, "f"));
    Path ended = directory.resolve("runner/" + execution + "/0-1/exit");
    Awaitility.await().until(() -> ended.toFile().exists());
    fixture.restart();
    fixture.artifacts.gate.countDown();

    assertThat(fixture.awaitFinished(execution, 1).get(0).outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(fixture.artifacts.file("f")).hasContent("kept");
  }
}
