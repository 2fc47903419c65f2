package dev.gantry.executions;

import java.util.List;

/**
 * What a rerun would do, by the steps' names.
 *
 * @param rerun run again
 * @param reuse taken over with their output
 */
record RerunPlan(boolean dryRun, List<String> rerun, List<String> reuse) {
  static RerunPlan of(Execution before, Rerun rerun) {
    return new RerunPlan(
        true,
        rerun.again().stream().map(step -> before.definition(step).name()).toList(),
        rerun.reused().keySet().stream().map(step -> before.definition(step).name()).toList());
  }
}
