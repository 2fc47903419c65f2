package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.Action;
import java.time.Duration;
import java.util.List;

/** Reads {@code run} and {@code params}: a step that is another workflow. */
final class RunReader {
  private static final List<String> OF_PROGRAMS =
      List.of(
          "command",
          "script",
          "shell",
          "executor",
          "dir",
          "env",
          "stdout",
          "stderr",
          "artifacts",
          "signalOnStop");

  private RunReader() {}

  static ActionReader.Read read(Fields step) {
    for (String other : OF_PROGRAMS) {
      if (step.has(other)) {
        step.fault(other, "a step that runs a workflow runs nothing else; 'params' are for it");
      }
    }
    return new ActionReader.Read(
        new Action.Run(step.get("run").name(), EnvReader.read(step.get("params"))), Duration.ZERO);
  }
}
