package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.StepState.Ended;
import dev.gantry.executions.StepState.Waiting;
import dev.gantry.executions.protocol.StepEvent.CancelRequested;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepWaits;
import dev.gantry.executions.protocol.StepPhases;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Promise A8: what the platform has done to an attempt is made up for by a budget of its own. */
class DisruptionTest extends EngineDriver {
  private static final String ONE =
      """
      name: one
      steps:
        - name: a
          command: x
          retryPolicy: {limit: 1, intervalSec: 5}
      """;

  private Waiting waiting() {
    return (Waiting) execution.state(0);
  }

  /** ... and waits for the next attempt. */
  private void disrupt(int attempt) {
    started(0, attempt);
    disrupted(0, attempt);
    assertThat(status(0)).isEqualTo(StepStatus.RETRYING);
    tick(Duration.between(now, waiting().until()));
    assertThat(status(0)).isEqualTo(StepStatus.QUEUED);
  }

  @Test
  void thePlatformsFaultsLeaveTheStepsPolicyAlone() {
    begin(ONE);
    for (int attempt = 1; attempt <= 3; attempt++) {
      disrupt(attempt);
    }

    finished(0, 4, Outcome.FAILED, false);
    assertThat(status(0)).as("the policy's own retry").isEqualTo(StepStatus.RETRYING);
    assertThat(Duration.between(now, waiting().until())).isEqualTo(Duration.ofSeconds(5));
    tick(Duration.ofSeconds(5));
    finished(0, 5, Outcome.FAILED, false);

    assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
  }

  @Test
  void theWaitIsTwiceAsLongEachTimeAndSaysWhy() {
    begin(ONE);
    for (int attempt = 1; attempt <= 3; attempt++) {
      Duration least = Duration.ofSeconds(1L << (attempt - 1));
      disrupted(0, attempt);
      assertThat(Duration.between(now, waiting().until()))
          .isBetween(least, least.multipliedBy(3).dividedBy(2));
      assertThat(waiting().error())
          .isEqualTo(
              "retry %d of 3 after a failure of the platform: Evicted: no disk".formatted(attempt));
      assertThat(Explanation.of(execution, "is healthy").steps().get(0).reason())
          .contains("Evicted: no disk");
      tick(Duration.between(now, waiting().until()));
    }
  }

  @Test
  void aSpentBudgetIsTold() {
    begin("name: one\nsteps: [{name: a, command: x}]\n");
    for (int attempt = 1; attempt <= 3; attempt++) {
      disrupt(attempt);
    }
    disrupted(0, 4);

    assertThat(status(0)).isEqualTo(StepStatus.FAILED);
    assertThat(((Ended) execution.state(0)).error())
        .isEqualTo("Evicted: no disk; that was retried 3 times");
    assertThat(events).contains("workflow.failed");
  }

  @Test
  void whatWillNotPassIsNotTriedAgain() {
    begin("name: one\nsteps: [{name: a, command: x}]\n");
    finished(0, 1, Outcome.INFRASTRUCTURE, false);

    assertThat(status(0)).isEqualTo(StepStatus.FAILED);
  }

  @Test
  void aRepetitionIsNotCountedThatThePlatformHasEnded() {
    begin(
        """
        name: one
        steps:
          - name: a
            command: x
            repeatPolicy: {repeat: while, limit: 2, intervalSec: 1}
        """);
    disrupt(1);
    finished(0, 2, Outcome.COMPLETED, false);
    assertThat(status(0)).isEqualTo(StepStatus.REPEATING);
    tick(Duration.ofSeconds(1));
    finished(0, 3, Outcome.COMPLETED, false);

    assertThat(status(0)).isEqualTo(StepStatus.COMPLETED);
  }

  @Test
  void nothingIsTriedAgainInAnExecutionThatIsEnded() {
    begin(ONE);
    started(0, 1);
    apply(new CancelRequested(id, "somebody", now));
    disrupted(0, 1);

    assertThat(status(0)).isEqualTo(StepStatus.FAILED);
    assertThat(execution.status().terminal()).isTrue();
  }

  @Test
  void aHandlerIsTriedAgainAlsoAfterACancellation() {
    begin("name: one\nhandlerOn: {exit: {command: y}}\nsteps: [{name: a, command: x}]\n");
    apply(new CancelRequested(id, "somebody", now));
    finished(0, 1, Outcome.CANCELLED, false);
    disrupted(1, 1);
    assertThat(status(1)).isEqualTo(StepStatus.RETRYING);
    tick(Duration.between(now, ((Waiting) execution.state(1)).until()));
    finished(1, 2, Outcome.COMPLETED, false);

    assertThat(status(1)).isEqualTo(StepStatus.COMPLETED);
    assertThat(execution.status()).isEqualTo(ExecutionStatus.CANCELLED);
  }

  @Test
  void whatAnAttemptWaitsForIsExplainedUntilItBegins() {
    begin(ONE);
    apply(new StepWaits(id, 0, 1, "waits for a node: 0/3 nodes are available", StepPhases.NONE));
    assertThat(Explanation.of(execution, "is healthy").steps().get(0).reason())
        .isEqualTo(
            "handed to runner default, which is healthy and says that it"
                + " waits for a node: 0/3 nodes are available");
    started(0, 1);

    assertThat(execution.facts(0).waits()).isNull();
    assertThat(Explanation.of(execution, "is healthy").steps().get(0).reason())
        .isEqualTo("attempt 1 runs on runner default");
  }
}
