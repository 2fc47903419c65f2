package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.executions.protocol.StepEvent.CancelRequested;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The decisions of the engine, without a clock, a broker or a database. */
class EngineTest extends EngineDriver {
  private static final String CHAIN =
      """
      name: chain
      steps:
        - name: a
          command: "true"
          output: A
        - name: b
          command: "true"
        - name: c
          command: "true"
      """;
  private static final String DIAMOND =
      """
      name: diamond
      type: graph
      steps:
        - {name: top, command: "true"}
        - {name: left, command: "true", depends: top}
        - {name: right, command: "true", depends: top}
        - {name: join, command: "true", depends: [left, right]}
      """;

  @Test
  void handsOutAChainAsOneSegment() {
    begin(CHAIN);

    assertThat(commands).hasSize(1);
    assertThat(lastSegment()).containsExactly(0, 1, 2);
    assertThat(((RunSteps) commands.get(0)).variables()).containsEntry("P", "1");
  }

  @Test
  void followsASegmentWithoutFurtherCommands() {
    begin(CHAIN);

    for (int step = 0; step < 3; step++) {
      started(step, 1);
      finished(step, 1, Outcome.COMPLETED, step < 2);
    }

    assertThat(commands).hasSize(1);
    assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(events)
        .containsExactly(
            "workflow.started",
            "workflow.step.started",
            "workflow.step.completed",
            "workflow.step.started",
            "workflow.step.completed",
            "workflow.step.started",
            "workflow.step.completed",
            "workflow.completed");
  }

  @Test
  void handsOutTheRestWhenTheRunnerDoesNotGoOn() {
    begin(CHAIN);
    started(0, 1);

    finished(0, 1, Outcome.COMPLETED, false);

    assertThat(commands).hasSize(2);
    assertThat(lastSegment()).containsExactly(1, 2);
    assertThat(((RunSteps) commands.get(1)).variables()).containsEntry("A", "out0");
    assertThat(((RunSteps) commands.get(1)).steps().get(0).attempt()).isEqualTo(1);
  }

  @Test
  void changesNothingWhenAMessageComesAgain() {
    begin(CHAIN);
    started(0, 1);
    finished(0, 1, Outcome.COMPLETED, true);
    int told = events.size();
    execution.stored();

    started(0, 1);
    finished(0, 1, Outcome.COMPLETED, true);
    finished(0, 1, Outcome.FAILED, false);

    assertThat(events).hasSize(told);
    assertThat(execution.changed().isEmpty()).isTrue();
  }

  @Test
  void tellsTheStartThatWasOvertaken() {
    begin(CHAIN);

    finished(0, 1, Outcome.COMPLETED, true);

    assertThat(events)
        .containsExactly("workflow.started", "workflow.step.started", "workflow.step.completed");
  }

  @Test
  void joinsAfterBothBranches() {
    begin(DIAMOND);
    assertThat(lastSegment()).containsExactly(0);
    finished(0, 1, Outcome.COMPLETED, false);
    assertThat(commands).hasSize(3);

    finished(1, 1, Outcome.COMPLETED, false);
    assertThat(status(3)).isEqualTo(StepStatus.PENDING);
    finished(2, 1, Outcome.COMPLETED, false);

    assertThat(lastSegment()).containsExactly(3);
  }

  @Test
  void skipsWhatDependsOnAFailureAndLetsTheRestGoOn() {
    begin(DIAMOND);
    finished(0, 1, Outcome.COMPLETED, false);
    finished(1, 1, Outcome.FAILED, false);

    assertThat(status(3)).isEqualTo(StepStatus.SKIPPED);
    assertThat(execution.status()).isEqualTo(ExecutionStatus.RUNNING);
    finished(2, 1, Outcome.COMPLETED, false);

    assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(execution.error()).contains("left").contains("exit code 3");
  }

  @Test
  void skipsTheRestOfASegmentThatFailed() {
    begin(CHAIN);
    finished(0, 1, Outcome.FAILED, false);

    assertThat(status(1)).isEqualTo(StepStatus.SKIPPED);
    assertThat(status(2)).isEqualTo(StepStatus.SKIPPED);
    assertThat(events).last().isEqualTo("workflow.failed");
  }

  @Test
  void retriesAfterItsIntervalAndGivesUpAtItsLimit() {
    begin(
        """
        name: retry
        steps:
          - name: a
            command: "false"
            retryPolicy: {limit: 1, intervalSec: 5}
        """);
    finished(0, 1, Outcome.FAILED, false);
    assertThat(status(0)).isEqualTo(StepStatus.RETRYING);
    assertThat(Engine.nextWake(execution)).isEqualTo(now.plusSeconds(5));

    tick(Duration.ofSeconds(4));
    assertThat(commands).hasSize(1);
    tick(Duration.ofSeconds(1));
    assertThat(commands).hasSize(2);
    assertThat(((RunSteps) commands.get(1)).steps().get(0).attempt()).isEqualTo(2);
    finished(0, 1, Outcome.COMPLETED, false);
    assertThat(status(0)).as("a report on the former attempt").isEqualTo(StepStatus.QUEUED);
    finished(0, 2, Outcome.FAILED, false);

    assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
  }

  @Test
  void goesOnAfterAToleratedFailure() {
    begin(
        """
        name: tolerant
        steps:
          - name: a
            command: "false"
            continueOn: {exitCode: [3]}
          - name: b
            command: "true"
        """);
    finished(0, 1, Outcome.FAILED, false);
    assertThat(lastSegment()).containsExactly(1);
    finished(1, 1, Outcome.COMPLETED, false);

    assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(status(0)).isEqualTo(StepStatus.FAILED);
  }

  @Test
  void cancelEndsWhatHasNotBegunAndStopsWhatRuns() {
    begin(DIAMOND);
    started(0, 1);
    apply(new CancelRequested(id, "me", now));
    apply(new CancelRequested(id, "me again", now));

    assertThat(commands).hasSize(2);
    assertThat(((CancelSteps) commands.get(1)).attempts()).hasSize(1);
    assertThat(status(3)).isEqualTo(StepStatus.CANCELLED);
    assertThat(execution.status()).isEqualTo(ExecutionStatus.RUNNING);
    finished(0, 1, Outcome.CANCELLED, false);

    assertThat(execution.status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(execution.error()).isEqualTo("cancelled by me");
    assertThat(events).last().isEqualTo("workflow.cancelled");
  }

  @Test
  void cancelEndsWithoutTheRunnerAfterGraceAndPatience() {
    begin(CHAIN);
    started(0, 1);
    apply(new CancelRequested(id, "me", now));

    tick(Duration.ofSeconds(14));
    assertThat(execution.status()).isEqualTo(ExecutionStatus.RUNNING);
    tick(Duration.ofSeconds(1));

    assertThat(execution.status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(Engine.nextWake(execution)).isNull();
  }

  @Test
  void cancelDuringASegmentWaitsForTheStepThatTheRunnerWentOnWith() {
    begin(CHAIN);
    started(0, 1);
    apply(new CancelRequested(id, "me", now));
    finished(0, 1, Outcome.COMPLETED, true);
    assertThat(execution.status()).isEqualTo(ExecutionStatus.RUNNING);
    finished(1, 1, Outcome.CANCELLED, false);

    assertThat(status(2)).isEqualTo(StepStatus.CANCELLED);
    assertThat(execution.status()).isEqualTo(ExecutionStatus.CANCELLED);
  }

  @Test
  void timesOutAtItsDeadline() {
    begin(CHAIN);
    started(0, 1);

    tick(Duration.ofHours(1));
    finished(0, 1, Outcome.CANCELLED, false);

    assertThat(execution.status()).isEqualTo(ExecutionStatus.TIMED_OUT);
    assertThat(execution.error()).isEqualTo("timed out after 1h");
    assertThat(events).last().isEqualTo("workflow.failed");
  }

  @Test
  void endsAStepWhoseRunnerStaysSilent() {
    begin(
        """
        name: silent
        steps:
          - {name: a, command: "sleep 9", timeout: 10s}
          - {name: b, command: "true"}
        """);
    started(0, 1);

    tick(Duration.ofSeconds(40));

    assertThat(status(0)).isEqualTo(StepStatus.TIMED_OUT);
    assertThat(status(1)).isEqualTo(StepStatus.SKIPPED);
    assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
  }

  @Test
  void failsAStepWhoseCommandFitsIntoNoMessage() {
    StringBuilder yaml = new StringBuilder("name: wide\ntype: graph\nsteps:\n");
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < 80; i++) {
      yaml.append("  - {name: s").append(i).append(", command: x, output: O").append(i + "}\n");
      names.append(i == 0 ? "" : ", ").append("s").append(i);
    }
    begin(yaml + "  - {name: join, command: x, depends: [" + names + "]}\n");
    int before = commands.size();

    for (int i = 0; i < 80; i++) {
      apply(
          new StepFinished(
              id,
              i,
              1,
              Outcome.COMPLETED,
              0,
              null,
              "o".repeat(64 << 10),
              false,
              0,
              0,
              now,
              now,
              false));
    }

    assertThat(commands).hasSize(before);
    assertThat(status(80)).isEqualTo(StepStatus.FAILED);
    assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(execution.error()).contains("join").contains("4 MiB");
  }
}
