package dev.gantry.runner;

import static dev.gantry.runner.RunnerFixture.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.LogBatch.Level;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.RunnerTopics.Line;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What a backend does that tells standard output from standard error, and shares the work directory
 * among an execution's steps.
 */
abstract class SeparateStreamsContract extends BackendContract {
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
}
