package dev.gantry.executions;

import dev.gantry.executions.StepState.Ended;
import dev.gantry.workflows.WorkflowDefinition.RepeatPolicy;
import dev.gantry.workflows.WorkflowDefinition.Step;
import java.util.Map;

/** What {@code repeatPolicy} makes of an attempt that has ended. */
final class Repetition {
  private Repetition() {}

  /** Another attempt is to follow. */
  static boolean isDue(Execution execution, int step, Ended ended) {
    RepeatPolicy policy = execution.definition(step).repeatPolicy();
    return policy != null
        && !isSpent(execution, step, ended)
        && wantsAnother(execution, step, ended);
  }

  /** What was to run until a rule is met, and was not met after the last attempt, has failed. */
  static Ended judged(Execution execution, int step, Ended ended) {
    RepeatPolicy policy = execution.definition(step).repeatPolicy();
    if (policy == null
        || !policy.until()
        || !isSpent(execution, step, ended)
        || !wantsAnother(execution, step, ended)) {
      return ended;
    }
    return ended.as(
        StepStatus.FAILED,
        "ran "
            + execution.ownAttempt(step, ended)
            + " times, and what it repeats until did not come about");
  }

  private static boolean isSpent(Execution execution, int step, Ended ended) {
    int limit = execution.definition(step).repeatPolicy().limit();
    return limit > 0 && execution.ownAttempt(step, ended) >= limit;
  }

  private static boolean wantsAnother(Execution execution, int step, Ended ended) {
    Step definition = execution.definition(step);
    Map<String, String> variables = Dispatch.variables(execution, step);
    if (definition.output() != null && ended.output() != null) {
      variables.put(definition.output(), ended.output());
    }
    return definition
        .repeatPolicy()
        .wantsAnother(ended.status() == StepStatus.COMPLETED, ended.exitCode(), variables);
  }
}
