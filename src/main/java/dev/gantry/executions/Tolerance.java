package dev.gantry.executions;

import dev.gantry.executions.StepState.Ended;
import dev.gantry.workflows.WorkflowDefinition.ContinueOn;
import java.util.regex.Pattern;

/** What {@code continueOn} makes of a step that did not complete. */
final class Tolerance {
  private static final String EXPRESSION = "re:";

  private Tolerance() {}

  /** The step's dependents may run: it completed, or its failure is tolerated. */
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
    return ended.status().isFailure()
        && (continueOn.failure()
            || (ended.exitCode() != null && continueOn.exitCodes().contains(ended.exitCode()))
            || continueOn.output().stream().anyMatch(wanted -> matches(wanted, ended.output())));
  }

  private static boolean matches(String wanted, String output) {
    if (output == null) {
      return false;
    }
    return wanted.startsWith(EXPRESSION)
        ? Pattern.compile(wanted.substring(EXPRESSION.length())).matcher(output).find()
        : output.contains(wanted);
  }
}
