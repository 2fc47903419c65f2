package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.StepState.Delegated;
import dev.gantry.executions.StepState.Ended;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.HoldSteps;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.executions.protocol.StepEvent.CancelRequested;
import dev.gantry.executions.protocol.StepEvent.ChildEnded;
import dev.gantry.executions.protocol.StepEvent.Decided;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.PauseRequested;
import dev.gantry.executions.protocol.StepEvent.ResumeRequested;
import dev.gantry.executions.protocol.StepEvent.RetryRequested;
import dev.gantry.executions.protocol.StepEvent.StepReturned;
import dev.gantry.executions.protocol.StepEvent.StepStarted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which steps run, when and how often: conditions, repetition, bounds and handlers. */
class FlowTest extends EngineDriver {
  private static final String HANDLED =
      """
      name: handled
      steps:
        - {name: work, command: "true"}
      maxCleanUpTimeSec: 20
      handlerOn:
        success: {command: echo success}
        failure: {command: echo failure}
        cancel: {command: echo cancel}
        exit: {command: echo exit}
      """;

  private String error(int step) {
    return ((Ended) execution.state(step)).error();
  }

  private List<StepStatus> statuses() {
    return java.util.stream.IntStream.range(0, execution.size()).mapToObj(this::status).toList();
  }

  private RunSteps last() {
    return (RunSteps) commands.get(commands.size() - 1);
  }

  @Test
  void skipsAStepWhosePreconditionIsNotMetAndWhatDependsOnIt() {
    begin(
        """
        name: conditional
        steps:
          - {name: ask, command: echo, output: ANSWER}
          - {name: deploy, command: echo, preconditions: "${ANSWER} == yes"}
          - {name: after, command: echo}
        """);
    assertThat(lastSegment()).as("the condition needs the output").containsExactly(0);
    finished(0, 1, Outcome.COMPLETED, "no", false);

    assertThat(status(1)).isEqualTo(StepStatus.SKIPPED);
    assertThat(error(1))
        .isEqualTo("not run, because its precondition is not met: '${ANSWER}' is 'no', not 'yes'");
    assertThat(status(2)).isEqualTo(StepStatus.SKIPPED);
    assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(events).last().isEqualTo("workflow.completed");
  }

  @Test
  void runsWhatIsMetAndGoesOnAfterASkippedStepThatIsTolerated() {
    begin(
        """
        name: conditional
        steps:
          - {name: ask, command: echo, output: ANSWER}
          - name: maybe
            command: echo
            preconditions:
              - {condition: "${ANSWER}", expected: "re:^y"}
              - "${P} != 1"
            continueOn: skipped
          - {name: after, command: echo, preconditions: [{condition: "${P}", expected: "1"}]}
        """);
    finished(0, 1, Outcome.COMPLETED, "yes", false);

    assertThat(error(1)).endsWith("'${P}' is '1'");
    assertThat(lastSegment()).containsExactly(2);
    finished(2, 1, Outcome.COMPLETED, false);
    assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
  }

  @Test
  void runsNothingWhenTheWorkflowsPreconditionIsNotMet() {
    begin(HANDLED + "preconditions: ['${P} == 2']\n");

    assertThat(commands).isEmpty();
    assertThat(Engine.nextWake(execution)).isEqualTo(now);
    tick(Duration.ofMillis(1));

    assertThat(statuses()).containsOnly(StepStatus.SKIPPED);
    assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(Engine.nextWake(execution)).isNull();
  }

  @Test
  void repeatsUntilTheOutputIsAsExpected() {
    begin(
        """
        name: poll
        steps:
          - name: state
            command: echo
            output: STATE
            repeatPolicy: {condition: "${STATE}", expected: ready, intervalSec: 5, limit: 3}
          - {name: next, command: echo}
        """);
    assertThat(lastSegment()).as("ends the segment").containsExactly(0);
    finished(0, 1, Outcome.COMPLETED, "starting", false);

    assertThat(status(0)).isEqualTo(StepStatus.REPEATING);
    assertThat(Engine.nextWake(execution)).isEqualTo(now.plusSeconds(5));
    tick(Duration.ofSeconds(5));
    assertThat(last().steps().get(0).attempt()).isEqualTo(2);
    finished(0, 2, Outcome.COMPLETED, "ready", false);

    assertThat(status(0)).isEqualTo(StepStatus.COMPLETED);
    assertThat(last().variables()).containsEntry("STATE", "ready");
    assertThat(lastSegment()).containsExactly(1);
  }

  @Test
  void failsWhenWhatItRepeatsUntilDoesNotComeAbout() {
    begin(
        """
        name: poll
        steps:
          - {name: a, command: "false", repeatPolicy: {repeat: until, exitCode: 0, limit: 2}}
        """);
    finished(0, 1, Outcome.FAILED, false);
    assertThat(status(0)).isEqualTo(StepStatus.REPEATING);
    tick(Duration.ofSeconds(1));
    finished(0, 2, Outcome.FAILED, false);

    assertThat(execution.error())
        .isEqualTo("step 'a': ran 2 times, and what it repeats until did not come about");
  }

  @Test
  void repeatsWhileAnExitCodeSaysSo() {
    begin(
        """
        name: drain
        steps:
          - {name: a, command: drain, repeatPolicy: {exitCode: [3], intervalSec: 1}}
        """);
    finished(0, 1, Outcome.FAILED, false);
    tick(Duration.ofSeconds(1));
    finished(0, 2, Outcome.COMPLETED, false);

    assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(events).containsSubsequence("workflow.step.failed", "workflow.step.completed");
  }

  @Test
  void repeatsForeverUntilItIsCancelled() {
    begin(
        """
        name: watch
        steps:
          - {name: a, command: "true", repeatPolicy: {repeat: true, intervalSec: 1}}
        """);
    for (int attempt = 1; attempt < 5; attempt++) {
      finished(0, attempt, Outcome.COMPLETED, false);
      tick(Duration.ofSeconds(1));
    }
    finished(0, 5, Outcome.COMPLETED, false);
    apply(new CancelRequested(id, "me", now));

    assertThat(execution.status()).isEqualTo(ExecutionStatus.CANCELLED);
  }

  @Test
  void runsNoMoreStepsAtOnceThanItMay() {
    begin(
        """
        name: narrow
        type: graph
        maxActiveSteps: 2
        steps:
          - {name: a, command: "true", retryPolicy: {limit: 1, intervalSec: 5}}
          - {name: b, command: "true"}
          - {name: c, command: "true"}
          - {name: d, command: "true", depends: [a, b, c]}
        """);
    assertThat(commands).hasSize(2);
    finished(0, 1, Outcome.FAILED, false);
    assertThat(commands).as("one that waits for its retry keeps its place").hasSize(2);
    finished(1, 1, Outcome.COMPLETED, false);
    assertThat(lastSegment()).containsExactly(2);
    finished(2, 1, Outcome.COMPLETED, false);
    tick(Duration.ofSeconds(5));
    finished(0, 2, Outcome.COMPLETED, false);
    assertThat(lastSegment()).containsExactly(3);
    finished(3, 1, Outcome.COMPLETED, false);

    assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
  }

  @Test
  void waitsBetweenSteps() {
    begin(
        """
        name: slow
        delaySec: 3
        steps:
          - {name: a, command: "true"}
          - {name: b, command: "true"}
        """);
    assertThat(lastSegment()).containsExactly(0);
    finished(0, 1, Outcome.COMPLETED, false);
    assertThat(status(1)).isEqualTo(StepStatus.DELAYED);

    tick(Duration.ofSeconds(3));
    assertThat(lastSegment()).containsExactly(1);
    assertThat(last().steps().get(0).attempt()).isEqualTo(1);
  }

  @Test
  void runsTheHandlersOfItsEndOneAfterTheOther() {
    begin(HANDLED);
    finished(0, 1, Outcome.COMPLETED, false);

    assertThat(execution.status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(lastSegment()).containsExactly(1);
    assertThat(last().steps().get(0).name()).isEqualTo("onSuccess");
    assertThat(last().steps().get(0).timeoutMillis()).isEqualTo(20_000);
    assertThat(last().variables()).containsEntry("GANTRY_EXECUTION_STATUS", "completed");
    finished(1, 1, Outcome.COMPLETED, false);
    assertThat(lastSegment()).containsExactly(4);
    finished(4, 1, Outcome.COMPLETED, false);

    assertThat(statuses())
        .containsExactly(
            StepStatus.COMPLETED,
            StepStatus.COMPLETED,
            StepStatus.SKIPPED,
            StepStatus.SKIPPED,
            StepStatus.COMPLETED);
    assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(events).last().isEqualTo("workflow.completed");
  }

  @Test
  void tellsAHandlerWhyTheExecutionFailed() {
    begin(HANDLED);
    finished(0, 1, Outcome.FAILED, false);

    assertThat(lastSegment()).containsExactly(2);
    assertThat(last().variables())
        .containsEntry("GANTRY_EXECUTION_STATUS", "failed")
        .containsEntry("GANTRY_EXECUTION_ERROR", "step 'work': exit code 3");
    finished(2, 1, Outcome.FAILED, false);
    finished(4, 1, Outcome.COMPLETED, false);

    assertThat(execution.error()).isEqualTo("step 'work': exit code 3");
  }

  @Test
  void failsWhenAHandlerOfACompletedExecutionFails() {
    begin(HANDLED);
    finished(0, 1, Outcome.COMPLETED, false);
    finished(1, 1, Outcome.COMPLETED, false);
    finished(4, 1, Outcome.FAILED, false);

    assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(execution.error()).isEqualTo("step 'onExit': exit code 3");
  }

  @Test
  void runsHandlersAfterACancelAndEndsWithoutTheRunner() {
    begin(HANDLED);
    started(0, 1);
    apply(new CancelRequested(id, "me", now));
    finished(0, 1, Outcome.CANCELLED, false);

    assertThat(lastSegment()).containsExactly(3);
    apply(new CancelRequested(id, "me", now));
    assertThat(execution.status()).as("a handler is let end").isEqualTo(ExecutionStatus.RUNNING);
    for (int handler = 0; handler < 2; handler++) {
      Duration bound = Duration.between(now, Engine.nextWake(execution));
      assertThat(bound).isEqualTo(Duration.ofSeconds(50));
      tick(bound);
    }

    assertThat(execution.status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(status(4)).isEqualTo(StepStatus.TIMED_OUT);
  }

  @Test
  void boundsHandlersAlsoBehindADeadline() {
    begin(HANDLED);
    tick(Duration.ofHours(1));
    tick(Duration.ofSeconds(15));

    assertThat(lastSegment()).as("timed out").containsExactly(2);
    assertThat(Engine.nextWake(execution)).isEqualTo(now.plusSeconds(50));
    finished(2, 1, Outcome.COMPLETED, false);
    finished(4, 1, Outcome.COMPLETED, false);

    assertThat(execution.status()).isEqualTo(ExecutionStatus.TIMED_OUT);
  }

  private static final String HANDLED_ELSEWHERE =
      """
      name: handled
      steps:
        - {name: work, command: "true"}
      maxCleanUpTimeSec: 20
      handlerOn:
        cancel: {run: clean, params: {WHY: "${GANTRY_EXECUTION_ERROR}"}}
        exit: {command: echo exit}
      """;

  private void childEnded(int step, Outcome outcome) {
    String error = outcome == Outcome.COMPLETED ? null : "it " + outcome;
    apply(new ChildEnded(id, step, 1, outcome, error, null, now));
  }

  @Test
  void waitsForTheExecutionThatIsAHandler() {
    begin(HANDLED_ELSEWHERE.replace("cancel:", "success:"));
    finished(0, 1, Outcome.COMPLETED, false);

    assertThat(status(1)).isEqualTo(StepStatus.RUNNING);
    assertThat(status(2)).as("one after the other").isEqualTo(StepStatus.PENDING);
    assertThat(Dispatch.variables(execution, 1))
        .containsEntry("GANTRY_EXECUTION_STATUS", "completed");
    childEnded(1, Outcome.FAILED);
    assertThat(lastSegment()).containsExactly(2);
    finished(2, 1, Outcome.COMPLETED, false);

    assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(execution.error()).isEqualTo("step 'onSuccess': it FAILED");
  }

  @Test
  void anExecutionThatIsAHandlerHasATimeOfItsOwn() {
    begin(HANDLED_ELSEWHERE);
    started(0, 1);
    apply(new CancelRequested(id, "me", now));
    finished(0, 1, Outcome.CANCELLED, false);
    Instant asked = now.plusSeconds(50);

    assertThat(((Delegated) execution.state(1)).until()).isEqualTo(asked);
    assertThat(Ending.overdueAt(execution, 1)).isEqualTo(asked);
    apply(new CancelRequested(id, "me", now));
    tick(Duration.ofSeconds(60));
    assertThat(status(1)).as("it is let end").isEqualTo(StepStatus.RUNNING);

    assertThat(Engine.nextWake(execution)).isEqualTo(asked.plus(Engine.CHILD_PATIENCE));
    tick(Duration.between(now, Engine.nextWake(execution)));
    assertThat(status(1)).isEqualTo(StepStatus.TIMED_OUT);
    assertThat(error(1)).contains("longer than its timeout", "does not end");
    finished(2, 1, Outcome.COMPLETED, false);

    assertThat(execution.status()).isEqualTo(ExecutionStatus.CANCELLED);
  }

  private static final String GATED =
      """
      name: gated
      steps:
        - {name: build, command: build, output: VERSION}
        - name: gate
          approval:
            message: Deploy ${VERSION}?
            input: [{name: TARGET, required: true}]
            timeout: 1m
          output: ANSWER
        - {name: deploy, command: deploy}
      """;

  @Test
  void waitsForAPersonAndHandsOnWhatWasGiven() {
    begin(GATED);
    assertThat(lastSegment()).as("the gate ends the segment").containsExactly(0);
    finished(0, 1, Outcome.COMPLETED, "1.4", false);

    assertThat(status(1)).isEqualTo(StepStatus.AWAITING_APPROVAL);
    assertThat(events).last().isEqualTo("workflow.step.awaiting_approval");
    assertThat(Approvals.message(execution, 1)).isEqualTo("Deploy 1.4?");
    assertThat(Engine.nextWake(execution)).isEqualTo(now.plusSeconds(60));
    apply(new Decided(id, 1, true, "ci", "fine", Map.of("TARGET", "eu"), now));
    apply(new Decided(id, 1, false, "late", null, null, now));

    assertThat(status(1)).isEqualTo(StepStatus.COMPLETED);
    assertThat(lastSegment()).containsExactly(2);
    assertThat(last().variables())
        .containsEntry("TARGET", "eu")
        .containsEntry(
            "ANSWER",
            "{\"approved_by\":\"ci\",\"comment\":\"fine\",\"input\":{\"TARGET\":\"eu\"}}");
  }

  @Test
  void failsWhenAPersonSaysNo() {
    begin(GATED);
    finished(0, 1, Outcome.COMPLETED, "1.4", false);
    apply(new Decided(id, 1, false, "ci", "not today", null, now));

    assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(execution.error()).isEqualTo("step 'gate': rejected by ci: not today");
  }

  @Test
  void failsWhenNobodyAnswers() {
    begin(GATED);
    finished(0, 1, Outcome.COMPLETED, "1.4", false);
    tick(Duration.ofMinutes(1));

    assertThat(status(1)).isEqualTo(StepStatus.TIMED_OUT);
    assertThat(execution.error()).isEqualTo("step 'gate': nobody approved it within 1m");
  }

  @Test
  void beginsNothingWhilePausedAndGoesOnAfterwards() {
    begin(
        """
        name: pausable
        steps:
          - {name: a, command: "true"}
          - {name: b, command: "true"}
          - {name: c, command: "true"}
        """);
    assertThat(lastSegment()).containsExactly(0, 1, 2);
    started(0, 1);
    apply(new PauseRequested(id, "me", now));

    assertThat(commands.get(1))
        .isEqualTo(new HoldSteps(id, List.of(new AttemptRef(1, 1), new AttemptRef(2, 1))));
    assertThat(execution.status()).isEqualTo(ExecutionStatus.PAUSED);
    finished(0, 1, Outcome.COMPLETED, false);
    assertThat(statuses())
        .containsExactly(StepStatus.COMPLETED, StepStatus.PENDING, StepStatus.PENDING);
    assertThat(commands).hasSize(2);
    assertThat(Engine.nextWake(execution)).isEqualTo(execution.deadline());

    apply(new ResumeRequested(id, "me", now));
    assertThat(lastSegment()).containsExactly(1, 2);
    assertThat(events).containsSubsequence("workflow.paused", "workflow.resumed");
  }

  @Test
  void takesBackWhatTheRunnerHasNotBegun() {
    begin(
        """
        name: pausable
        steps:
          - {name: a, command: "true", retryPolicy: {limit: 2, intervalSec: 1}}
          - {name: b, command: "true"}
        """);
    finished(0, 1, Outcome.FAILED, false);
    tick(Duration.ofSeconds(1));
    apply(new PauseRequested(id, "me", now));
    apply(new StepReturned(id, 0, 2, now));
    tick(Duration.ofMinutes(1));

    assertThat(status(0)).isEqualTo(StepStatus.RETRYING);
    assertThat(execution.state(0).attempt()).isEqualTo(1);
    apply(new ResumeRequested(id, "me", now));
    assertThat(last().steps().get(0).attempt()).as("as it was").isEqualTo(2);
  }

  @Test
  void takesBackNothingThatWasHandedOutAgain() {
    begin(GATED);
    StepReturned returned = new StepReturned(id, 0, 1, now);
    apply(new PauseRequested(id, "me", now));
    apply(returned);
    now = now.plusSeconds(1);
    apply(new ResumeRequested(id, "me", now));
    assertThat(status(0)).isEqualTo(StepStatus.QUEUED);
    apply(new PauseRequested(id, "me", now));
    apply(returned);

    assertThat(status(0)).as("the runner has it").isEqualTo(StepStatus.QUEUED);
  }

  @Test
  void aPauseIsOverWhenTheLastStepHasEnded() {
    begin(
        """
        name: pausable
        handlerOn: {exit: {command: "true"}}
        steps: [{name: a, command: "true"}]
        """);
    started(0, 1);
    apply(new PauseRequested(id, "me", now));
    finished(0, 1, Outcome.COMPLETED, false);

    assertThat(execution.status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(status(1)).as("the handler").isEqualTo(StepStatus.QUEUED);
  }

  @Test
  void isCancelledWhilePaused() {
    begin(GATED);
    apply(new PauseRequested(id, "me", now));
    apply(new StepReturned(id, 0, 1, now));
    apply(new CancelRequested(id, "me", now));

    assertThat(execution.status()).isEqualTo(ExecutionStatus.CANCELLED);
  }

  @Test
  void retries_a_failed_step_and_lets_those_behind_it_run() {
    begin(
        """
        name: retried
        type: graph
        steps:
          - {name: a, command: x}
          - {name: other, command: x}
          - {name: behind, command: x, depends: a}
          - {name: last, command: x, depends: behind}
          - {name: both, command: x, depends: [a, other]}
        """);
    finished(0, 1, Outcome.FAILED, false);
    assertThat(statuses().subList(2, 5)).containsOnly(StepStatus.SKIPPED);

    apply(new RetryRequested(id, 0, "somebody", now));
    assertThat(status(0)).isEqualTo(StepStatus.QUEUED);
    assertThat(execution.state(0).attempt()).isEqualTo(2);
    finished(1, 1, Outcome.FAILED, false);
    assertThat(status(4)).isEqualTo(StepStatus.SKIPPED);
    finished(0, 2, Outcome.COMPLETED, true);
    finished(2, 1, Outcome.COMPLETED, true);
    finished(3, 1, Outcome.COMPLETED, false);
    assertThat(statuses())
        .containsExactly(
            StepStatus.COMPLETED,
            StepStatus.FAILED,
            StepStatus.COMPLETED,
            StepStatus.COMPLETED,
            StepStatus.SKIPPED);
    assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
  }

  @Test
  void does_not_retry_what_something_else_forbids_or_what_has_not_failed() {
    begin(
        """
        name: retried
        type: graph
        steps:
          - {name: a, command: x}
          - {name: b, command: x}
          - {name: both, command: x, depends: [a, b]}
          - {name: long, command: x}
        """);
    finished(0, 1, Outcome.FAILED, false);
    finished(1, 1, Outcome.FAILED, false);
    apply(new RetryRequested(id, 0, "somebody", now));
    apply(new RetryRequested(id, 3, "somebody", now));
    apply(new RetryRequested(id, 2, "somebody", now));
    assertThat(statuses())
        .containsExactly(
            StepStatus.QUEUED, StepStatus.FAILED, StepStatus.SKIPPED, StepStatus.QUEUED);
  }

  @Test
  void counts_a_steps_timeout_by_its_own_clock_and_not_the_runners() {
    for (Duration off : List.of(Duration.ofMinutes(-5), Duration.ofMinutes(5))) {
      events.clear();
      begin("{name: timed, steps: [{name: a, command: x, timeout: 60}]}");
      Instant begun = now;
      now = now.plusSeconds(1);
      apply(new StepStarted(id, 0, 1, "default", now.plus(off)));
      assertThat(Ending.overdueAt(execution, 0))
          .isBetween(
              begun.plusSeconds(60).plus(Engine.STEP_SLACK),
              now.plusSeconds(60).plus(Engine.STEP_SLACK));
    }
  }
}
