package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.End;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

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
          "repeatPolicy",
          "continueOn",
          "preconditions",
          "approval",
          "run",
          "params",
          "parallel",
          "stdout",
          "stderr",
          "artifacts",
          "signalOnStop");

  /** A handler is run when all else has ended, whatever that was. */
  static final Keys HANDLER =
      Keys.of(
          "name",
          "description",
          "command",
          "script",
          "shell",
          "executor",
          "dir",
          "env",
          "timeout",
          "timeoutSec",
          "run",
          "params",
          "stdout",
          "stderr",
          "artifacts",
          "signalOnStop");

  /** Those that whoever runs a program can pass on and live to tell its end. */
  private static final Set<String> SIGNALS = Set.of("TERM", "INT", "QUIT", "HUP");

  private final Field step;
  private final Fields fields;

  private StepReader(Field step, Keys keys) {
    this.step = step;
    this.fields = Fields.of(step, keys);
  }

  static StepDraft read(Field step) {
    return new StepReader(step, KEYS).draft();
  }

  /**
   * @param longest how long it may take
   */
  static StepDraft handler(Field step, End end, Duration longest) {
    return new StepReader(step, HANDLER).handler(end, longest);
  }

  private StepDraft handler(End end, Duration longest) {
    String fallback =
        "on" + end.name().charAt(0) + end.name().substring(1).toLowerCase(Locale.ROOT);
    String name = fields.has("name") ? fields.get("name").name() : fallback;
    ActionReader.Read action = new ActionReader(fields).read();
    Duration timeout = fields.duration(fields.oneOf("timeout", "timeoutSec"));
    return new StepDraft(
        step,
        null,
        List.of(),
        new WorkflowDefinition.Step(
            name,
            fields.text("description"),
            List.of(),
            action.action(),
            env(action),
            null,
            WorkflowDefinition.Step.shorter(
                longest, WorkflowDefinition.Step.shorter(timeout, action.timeout())),
            program(),
            WorkflowDefinition.RetryPolicy.NONE,
            WorkflowDefinition.ContinueOn.NEVER,
            null,
            List.of(),
            end,
            null));
  }

  private StepDraft draft() {
    if (!(step.value() instanceof Value.Mapping)) {
      return new StepDraft(step, null, null, empty());
    }
    String name = fields.requiredName("name");
    List<Field> depends = fields.has("depends") ? fields.get("depends").oneOrMore() : null;
    ActionReader.Read action = new ActionReader(fields).read();
    WorkflowDefinition.Step read = step(name, action);
    return new StepDraft(
        step,
        fields.get("id"),
        depends,
        fields.has("parallel") ? ParallelReader.read(fields.get("parallel"), read) : read);
  }

  private WorkflowDefinition.Step step(String name, ActionReader.Read action) {
    return new WorkflowDefinition.Step(
        name,
        fields.text("description"),
        List.of(),
        action.action(),
        env(action),
        output(),
        WorkflowDefinition.Step.shorter(
            fields.duration(fields.oneOf("timeout", "timeoutSec")), action.timeout()),
        program(),
        RetryPolicyReader.read(fields.get("retryPolicy")),
        ContinueOnReader.read(fields.get("continueOn")),
        repeatPolicy(),
        PreconditionReader.read(fields.get("preconditions")),
        null,
        null);
  }

  /** The executor's own wins: it is what the executor goes by. */
  private Map<String, String> env(ActionReader.Read action) {
    Map<String, String> env = EnvReader.read(fields.get("env"));
    if (action.env().isEmpty()) {
      return env;
    }
    Map<String, String> all = new LinkedHashMap<>(env);
    all.putAll(action.env());
    return all;
  }

  private WorkflowDefinition.Program program() {
    return new WorkflowDefinition.Program(
        fields.nonBlank("dir"),
        fields.nonBlank("stdout"),
        fields.nonBlank("stderr"),
        signal(),
        ArtifactsReader.read(fields.get("artifacts")));
  }

  /** With or without {@code SIG}. */
  private String signal() {
    String text = fields.nonBlank("signalOnStop");
    if (text == null) {
      return null;
    }
    String name = text.strip().toUpperCase(Locale.ROOT).replaceFirst("^SIG", "");
    if (!SIGNALS.contains(name)) {
      fields.fault(
          "signalOnStop",
          "must be SIGTERM, SIGINT, SIGQUIT or SIGHUP, not "
              + Quoted.quote(text)
              + "; SIGKILL follows by itself");
    }
    return name;
  }

  private WorkflowDefinition.RepeatPolicy repeatPolicy() {
    if (fields.has("repeatPolicy") && fields.has("retryPolicy")) {
      fields.fault(
          "repeatPolicy", "does not go with retryPolicy: repeat until exitCode 0 retries, too");
    }
    return RepeatPolicyReader.read(fields.get("repeatPolicy"));
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
        WorkflowDefinition.ContinueOn.NEVER,
        null,
        List.of(),
        null,
        null);
  }
}
