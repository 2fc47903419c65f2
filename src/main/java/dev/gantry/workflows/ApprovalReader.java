package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.Action;
import java.util.List;

/** Reads {@code approval}: a step that waits for a person and runs nothing. */
final class ApprovalReader {
  static final Keys KEYS = Keys.of("message", "input", "timeout", "timeoutSec");

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
          "signalOnStop",
          "retryPolicy",
          "repeatPolicy");

  private ApprovalReader() {}

  static ActionReader.Read read(Fields step) {
    for (String other : OF_PROGRAMS) {
      if (step.has(other)) {
        step.fault(
            other, "a step with an approval runs nothing: what is approved is a step behind it");
      }
    }
    Fields fields = Fields.of(step.get("approval"), KEYS);
    return new ActionReader.Read(
        new Action.Approval(fields.text("message"), ParamsReader.read(fields.get("input"))),
        fields.duration(fields.oneOf("timeout", "timeoutSec")));
  }
}
