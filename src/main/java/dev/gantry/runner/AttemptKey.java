package dev.gantry.runner;

import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import java.util.UUID;

/** The identity of one attempt, from which a backend derives every name it gives. */
public record AttemptKey(UUID executionId, int step, int attempt) {
  AttemptRef ref() {
    return new AttemptRef(step, attempt);
  }

  @Override
  public String toString() {
    return executionId + "/" + step + "-" + attempt;
  }
}
