package dev.gantry.executions;

import dev.gantry.workflows.WorkflowDefinition.Precondition;
import java.util.List;
import java.util.Map;

/** What the preconditions of a step or of a whole execution say, by what is known now. */
final class Conditions {
  private Conditions() {}

  /** The first that is not met, as the end of a sentence; null when all are. */
  static String unmet(List<Precondition> preconditions, Execution execution) {
    if (preconditions.isEmpty()) {
      return null;
    }
    Map<String, String> variables = Dispatch.variables(execution);
    for (Precondition precondition : preconditions) {
      String unmet = precondition.unmet(variables);
      if (unmet != null) {
        return "is not met: " + unmet;
      }
    }
    return null;
  }
}
