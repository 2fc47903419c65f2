package dev.gantry.runner;

import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.executions.protocol.WorkFiles;
import dev.gantry.workflows.Substitution;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What a backend is asked to run. The same request again means the same attempt.
 *
 * @param variables everything known when the attempt starts: the command's and the outputs since
 * @param grants what the API granted the step; {@link StepGrants#NONE} for one that is adopted: the
 *     backend keeps what it started with
 * @param files of the execution's work directory
 * @param logPartition the partition of the logs topic that takes the attempt's lines
 */
public record AttemptRequest(
    UUID executionId,
    StepSpec step,
    Map<String, String> variables,
    StepGrants grants,
    WorkFiles files,
    int logPartition) {
  /** The same attempt with what it was granted when it was started. */
  public AttemptRequest with(StepGrants known) {
    return new AttemptRequest(executionId, step, variables, known, files, logPartition);
  }

  /** The same attempt with more variables, where it has none of the name. */
  public AttemptRequest under(Map<String, String> defaults) {
    Map<String, String> all = new HashMap<>(defaults);
    all.putAll(variables);
    return new AttemptRequest(executionId, step, all, grants, files, logPartition);
  }

  /** The text as it is to be used; null stays null. */
  public String filled(String text) {
    return text == null || step.literal() ? text : Substitution.apply(text, variables);
  }

  /** The same where what the step is granted may stand, too: in its environment and its files. */
  public String filledWithGrants(String text) {
    if (grants.variables().isEmpty()) {
      return filled(text);
    }
    Map<String, String> all = new HashMap<>(variables);
    all.putAll(grants.variables());
    return new AttemptRequest(executionId, step, all, grants, files, logPartition).filled(text);
  }

  public AttemptKey key() {
    return new AttemptKey(executionId, step.index(), step.attempt());
  }
}
