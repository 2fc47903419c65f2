package dev.gantry.runner;

import dev.gantry.executions.protocol.StepSpec;
import java.util.Map;
import java.util.UUID;

/**
 * What a backend is asked to run. The same request again means the same attempt.
 *
 * @param variables everything known when the attempt starts: the command's and the outputs since
 * @param logPartition the partition of the logs topic that takes the attempt's lines
 */
public record AttemptRequest(
    UUID executionId, StepSpec step, Map<String, String> variables, int logPartition) {
  public AttemptKey key() {
    return new AttemptKey(executionId, step.index(), step.attempt());
  }
}
