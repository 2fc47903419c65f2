package dev.gantry.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** B5 on the runner's side: a step gets its secrets, and nobody reads them in what it leaves. */
class GrantsTest {
  private static final String CANARY = "Canary/with=more than\"letters";
  private static final StepGrants GRANTS =
      new StepGrants(Map.of("TOKEN", CANARY, "REGION", "eu-west"), List.of("TOKEN"), false);

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

  private static StepSpec granted(int index, String script) {
    return new StepSpec(
        index, "step-" + index, 1, null, null, script, null, null, null, 0, "OUT", true);
  }

  private List<String> lines() {
    return fixture.topics.log(execution, 0, 1).texts();
  }

  @Test
  void aStepWaitsForItsGrantsAndGetsThem() {
    StepSpec step = granted(0, "echo \"$REGION ${#TOKEN}\"");
    fixture.run(execution, step);
    assertThat(fixture.topics.finished(execution)).isEmpty();
    fixture.grants(execution, step).complete(GRANTS);
    StepFinished end = fixture.awaitFinished(execution, 1).get(0);
    assertThat(end.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(end.output()).isEqualTo("eu-west " + CANARY.length());
  }

  @Test
  void aSecretInLogAndOutputIsMasked() throws IOException {
    StepSpec step =
        granted(
            0,
            "echo \"plain: $TOKEN\"; printf %s \"user:$TOKEN\" | base64 -w0; echo;"
                + " echo \"error: $TOKEN\" >&2; printf '%.8s\\n' \"$TOKEN\";"
                + " printf '%s' \"$TOKEN\" | head -c 12; sleep 0.3;"
                + " printf '%s' \"$TOKEN\" | tail -c +13; echo; echo end");
    fixture.grants(execution, step).complete(GRANTS);
    fixture.run(execution, step);
    StepFinished end = fixture.awaitFinished(execution, 1).get(0);
    assertThat(end.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(end.output()).startsWith("plain: ****").endsWith("end");
    assertThat(lines()).contains("plain: " + "*".repeat(CANARY.length()), "end");
    assertThat(String.join("\n", lines()) + end)
        .doesNotContain(CANARY)
        .doesNotContain(CANARY.substring(12))
        .doesNotContain("Q2FuYXJ5")
        .doesNotContain("DYW5hcnkvd2l0a");
    assertNothingIsLeftOnDisk();
  }

  /** The program's own files have what it wrote; all else must have forgotten. */
  private void assertNothingIsLeftOnDisk() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!List.of("out", "err").contains(file.getFileName().toString())) {
          assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
              .as(file.toString())
              .doesNotContain(CANARY.substring(0, 12));
        }
      }
    }
  }

  @Test
  void anAdoptedProgramIsStillMasked() {
    Path go = directory.resolve("go");
    StepSpec step =
        granted(
            0, "echo \"$TOKEN\"; until [ -e " + go + " ]; do sleep 0.02; done; echo \"$TOKEN\"");
    fixture.grants(execution, step).complete(GRANTS);
    fixture.run(execution, step);
    Awaitility.await().until(() -> lines().size() == 1);
    fixture.restart();
    assertThat(go.toFile().mkdir()).isTrue();
    StepFinished end = fixture.awaitFinished(execution, 1).get(0);
    assertThat(end.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(end.lines()).isEqualTo(2);
    assertThat(lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).isEqualTo("*".repeat(CANARY.length())));
    assertThat(end.output()).doesNotContain(CANARY);
  }

  @Test
  void whatIsRefusedNeverStarts() {
    StepSpec step = granted(0, "touch " + directory.resolve("ran"));
    fixture
        .grants(execution, step)
        .completeExceptionally(new GrantsRefusedException(Outcome.FAILED, "no secret 'TOKEN'"));
    fixture.run(execution, step, granted(1, "touch " + directory.resolve("ran")));
    StepFinished end = fixture.awaitFinished(execution, 1).get(0);
    assertThat(end.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(end.error()).isEqualTo("no secret 'TOKEN'");
    assertThat(end.lines()).isZero();
    assertThat(directory.resolve("ran")).doesNotExist();
  }

  @Test
  void aStepThatWaitsForItsGrantsIsCancelledAtOnce() {
    StepSpec step = granted(0, "touch " + directory.resolve("ran"));
    fixture.run(execution, step);
    fixture.cancel(execution, 60_000, new AttemptRef(0, 1));
    StepFinished end = fixture.awaitFinished(execution, 1).get(0);
    assertThat(end.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(directory.resolve("ran")).doesNotExist();
  }

  @Test
  void aStepThatAsksForNothingDoesNotWait() {
    fixture.run(execution, RunnerFixture.script(0, "echo fine"));
    assertThat(fixture.awaitFinished(execution, 1).get(0).outcome()).isEqualTo(Outcome.COMPLETED);
  }
}
