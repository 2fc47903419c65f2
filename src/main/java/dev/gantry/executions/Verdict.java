package dev.gantry.executions;

import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.StepState.Ended;
import dev.gantry.workflows.WorkflowDefinition.End;

/**
 * What an execution becomes once every step has ended.
 *
 * @param error why it did not complete, else null
 */
record Verdict(ExecutionStatus status, String error) {
  static Verdict of(Execution execution) {
    if (execution.accepted().kind() != Kind.WORKFLOW && execution.stop() == null) {
      return ofOnlyStep((Ended) execution.state(0));
    }
    String failure = null;
    boolean stopped = false;
    for (int step = 0; step < execution.handlersFrom(); step++) {
      Ended ended = (Ended) execution.state(step);
      stopped |= ended.status() == StepStatus.CANCELLED;
      if (failure == null
          && ended.status().isFailure()
          && !Tolerance.letsDependentsRun(execution, step)) {
        failure = Narration.failure(execution, step, ended);
      }
    }
    if (execution.stop() != null && stopped) {
      return new Verdict(execution.stop().status(), execution.stop().reason());
    }
    if (failure != null || stopped) {
      return new Verdict(
          ExecutionStatus.FAILED, failure == null ? "a step was cancelled" : failure);
    }
    return new Verdict(ExecutionStatus.COMPLETED, null);
  }

  /** Whether the handlers of {@code end} are run now. */
  boolean isHandledBy(End end) {
    return end == End.EXIT
        || end
            == switch (status) {
              case COMPLETED -> End.SUCCESS;
              case CANCELLED -> End.CANCEL;
              default -> End.FAILURE;
            };
  }

  /** What becomes of it when its handlers have run: one that failed is not passed over. */
  Verdict afterHandlers(Execution execution) {
    for (int step = execution.handlersFrom(); step < execution.size(); step++) {
      Ended ended = (Ended) execution.state(step);
      if (status == ExecutionStatus.COMPLETED && ended.status().isFailure()) {
        return new Verdict(ExecutionStatus.FAILED, Narration.failure(execution, step, ended));
      }
    }
    return this;
  }

  /** One of a tool or an agent ends as its one step did: the step's timeout is its own. */
  private static Verdict ofOnlyStep(Ended ended) {
    return new Verdict(
        switch (ended.status()) {
          case COMPLETED -> ExecutionStatus.COMPLETED;
          case TIMED_OUT -> ExecutionStatus.TIMED_OUT;
          case CANCELLED -> ExecutionStatus.CANCELLED;
          default -> ExecutionStatus.FAILED;
        },
        ended.error());
  }
}
