package dev.gantry.runner;

import static dev.gantry.runner.RunnerFixture.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.LogBatch.Level;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.RunnerTopics.Line;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a backend does whose programs run beside it: it tells standard output from standard error,
 * begins every program through a shell, and has the work directory that an execution's steps share,
 * from which it keeps artifacts.
 */
abstract class HostBackendContract extends ContainerContract {
  @Test
  void aLineSaysWhereItCameFromAndTheOutputIsStandardOutput() {
    StepFinished finished = end(script(0, "echo one; echo two >&2; echo three"));

    assertThat(finished.output()).isEqualTo("one\nthree");
    assertThat(wholeLog(0).lines.values())
        .containsExactlyInAnyOrder(
            new Line(Level.INFO, "one", false),
            new Line(Level.ERROR, "two", false),
            new Line(Level.INFO, "three", false));
  }

  @Test
  void aFloodOnBothStreamsKeepsTheOrderOfEach() {
    end(script(0, "seq 1 20000 & seq 1 20000 >&2; wait"));

    List<String> wanted = IntStream.rangeClosed(1, 20_000).mapToObj(Integer::toString).toList();
    for (Level level : List.of(Level.INFO, Level.ERROR)) {
      assertThat(
              wholeLog(0).lines.values().stream()
                  .filter(line -> line.level() == level)
                  .map(Line::text))
          .isEqualTo(wanted);
    }
  }

  @Test
  void stepsOfAnExecutionShareTheirWorkDirectory() {
    StepFinished second =
        end(script(0, "echo shared > left; pwd > place"), script(1, "cat left; pwd | cmp - place"));

    assertThat(second.output()).isEqualTo("shared");
    assertThat(second.outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void bytesArriveInTheFilesThatTheStepNames() {
    StepSpec step =
        new StepSpec(
            0,
            "step-0",
            1,
            null,
            null,
            "printf 'a\\377\\000b'; printf bad >&2",
            List.of(),
            null,
            "out/bytes",
            "err.txt",
            List.of(),
            false,
            null,
            Map.of(),
            0,
            null,
            0,
            false,
            false);
    assertThat(end(step).outcome()).isEqualTo(Outcome.COMPLETED);

    assertThat(file("out/bytes")).hasBinaryContent(new byte[] {'a', (byte) 0xFF, 0, 'b'});
    assertThat(file("err.txt")).hasContent("bad");
  }

  @Test
  void whatCannotBeFoundEndsAsInAShell() {
    StepFinished finished = end(RunnerFixture.step(0, List.of("no-such-program"), null, null, 0));

    assertThat(finished.exitCode()).isEqualTo(127);
    assertThat(finished.lines()).isEqualTo(1);
  }

  @Test
  void whatAStepKeepsIsFoundByOthers() throws IOException {
    fixture.run(
        execution,
        artifacts(
            0, false, "mkdir bin; printf '#!/bin/sh\\necho ran' >bin/x; chmod +x bin/x", "bin/*"));
    assertThat(finished(1).outcome()).as(finished(1).error()).isEqualTo(Outcome.COMPLETED);
    assertThat(fixture.artifacts.file("bin/x")).hasContent("#!/bin/sh\necho ran");

    UUID other = UUID.randomUUID();
    fixture.run(other, artifacts(0, true, "bin/x"));
    await().until(() -> !fixture.topics.finished(other).isEmpty());
    assertThat(fixture.topics.finished(other).get(0).output()).isEqualTo("ran");

    fixture.run(execution, artifacts(1, true, "true", "no/*.jar"));
    assertThat(finished(2).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(finished(2).error()).contains("nothing in the work directory matches 'no/*.jar'");
  }

  /**
   * @param wants what was kept before
   */
  static StepSpec artifacts(int index, boolean wants, String script, String... kept) {
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
        List.of(kept),
        wants,
        null,
        Map.of(),
        0,
        null,
        0,
        false,
        false);
  }
}
