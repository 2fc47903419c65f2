package dev.gantry.executions;

import dev.gantry.executions.StepState.Ended;
import dev.gantry.workflows.TextPattern;
import dev.gantry.workflows.WorkflowDefinition.ContinueOn;
import java.util.List;

/** What {@code continueOn} makes of a step that did not complete. */
final class Tolerance {
  private Tolerance() {}

  /** The step's dependents may run: it completed, or it is tolerated that it did not. */
  static boolean letsDependentsRun(Execution execution, int step) {
    return execution.state(step) instanceof Ended ended
        && (ended.status() == StepStatus.COMPLETED
            || tolerates(execution.definition(step).continueOn(), ended));
  }

  /** The tolerated failure is shown as a success. */
  static boolean marksSuccess(ContinueOn continueOn, Ended ended) {
    return continueOn.markSuccess()
        && ended.status() != StepStatus.COMPLETED
        && tolerates(continueOn, ended);
  }

  private static boolean tolerates(ContinueOn continueOn, Ended ended) {
    return ended.status() == StepStatus.SKIPPED
        ? continueOn.skipped()
        : ended.status().isFailure() && toleratesFailure(continueOn, ended);
  }

  private static boolean toleratesFailure(ContinueOn continueOn, Ended ended) {
    return continueOn.failure()
        || (ended.exitCode() != null && continueOn.exitCodes().contains(ended.exitCode()))
        || holdsAny(ended.output(), continueOn.output());
  }

  private static boolean holdsAny(String output, List<String> wanted) {
    return output != null && wanted.stream().anyMatch(each -> TextPattern.isIn(output, each));
  }
}
