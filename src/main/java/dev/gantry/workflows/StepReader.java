package dev.gantry.workflows;

import java.time.Duration;
import java.util.List;

/** Reads one step. */
final class StepReader {
  static final Keys KEYS =
      Keys.of(
              "name",
              "id",
              "description",
              "depends",
              "command",
              "script",
              "shell",
              "executor",
              "dir",
              "env",
              "output",
              "timeout",
              "timeoutSec",
              "retryPolicy",
              "continueOn")
          .refusing(
              "stdout",
              "stderr",
              "run",
              "params",
              "signalOnStop",
              "repeatPolicy",
              "preconditions",
              "parallel",
              "approval");

  private final Field step;
  private final Fields fields;

  private StepReader(Field step) {
    this.step = step;
    this.fields = Fields.of(step, KEYS);
  }

  static StepDraft read(Field step) {
    return new StepReader(step).draft();
  }

  private StepDraft draft() {
    if (!(step.value() instanceof Value.Mapping)) {
      return new StepDraft(step, null, null, empty());
    }
    String name = fields.requiredName("name");
    List<Field> depends = fields.has("depends") ? fields.get("depends").oneOrMore() : null;
    ActionReader.Read action = new ActionReader(fields).read();
    return new StepDraft(step, fields.get("id"), depends, step(name, action));
  }

  private WorkflowDefinition.Step step(String name, ActionReader.Read action) {
    return new WorkflowDefinition.Step(
        name,
        fields.text("description"),
        List.of(),
        action.action(),
        EnvReader.read(fields.get("env")),
        output(),
        shorter(fields.duration(fields.oneOf("timeout", "timeoutSec")), action.timeout()),
        fields.nonBlank("dir"),
        RetryPolicyReader.read(fields.get("retryPolicy")),
        ContinueOnReader.read(fields.get("continueOn")));
  }

  /** Written {@code NAME} or, as shells make one think, {@code $NAME}. */
  private String output() {
    String name = fields.nonBlank("output");
    if (name == null) {
      return null;
    }
    String bare = name.startsWith("$") ? name.substring(1) : name;
    if (!Names.isVariable(bare)) {
      fields.fault("output", Names.faultOfVariable(name));
    }
    return bare;
  }

  /** Zero means none, so it is never the shorter one. */
  private static Duration shorter(Duration a, Duration b) {
    if (a.isZero() || b.isZero()) {
      return a.plus(b);
    }
    return a.compareTo(b) < 0 ? a : b;
  }

  private static WorkflowDefinition.Step empty() {
    return new WorkflowDefinition.Step(
        null,
        null,
        List.of(),
        null,
        null,
        null,
        Duration.ZERO,
        null,
        WorkflowDefinition.RetryPolicy.NONE,
        WorkflowDefinition.ContinueOn.NEVER);
  }
}
