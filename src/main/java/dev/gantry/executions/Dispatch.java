package dev.gantry.executions;

import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.StepState.Pending;
import dev.gantry.executions.StepState.Queued;
import dev.gantry.executions.StepState.Waiting;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.executions.protocol.WorkFiles;
import dev.gantry.workflows.Grants;
import dev.gantry.workflows.Substitution;
import dev.gantry.workflows.ToolDefinition;
import dev.gantry.workflows.WorkflowDefinition;
import dev.gantry.workflows.WorkflowDefinition.Action;
import dev.gantry.workflows.WorkflowDefinition.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Hands steps to the runner. One command carries a whole segment: a ready step and those that
 * follow it in a line, so that a chain costs one round trip through the engine and not one per
 * step. A step is in a segment only if nothing but the success of the one before it decides whether
 * and when it runs.
 */
final class Dispatch {
  /** Bounds a command's size, and what is taken back when a step in it fails. */
  private static final int MAX_SEGMENT = 64;

  private Dispatch() {}

  /**
   * Queues the steps with those that follow them in a line. Answers the steps that cannot be handed
   * out, since their command is larger than a message may be; they are left as they were.
   */
  static List<Integer> queue(
      Execution execution, List<Integer> ready, Instant now, Effects effects) {
    if (ready.isEmpty()) {
      return List.of();
    }
    List<Integer> tooLarge = new ArrayList<>();
    Map<String, String> ofAll = variables(execution);
    for (int step : ready) {
      Map<String, String> variables = withItem(ofAll, execution.definition(step));
      Map<Integer, Queued> segment = new LinkedHashMap<>();
      segmentFrom(execution, step)
          .forEach(member -> segment.put(member, queued(execution.state(member), now)));
      if (isSent(execution, variables, segment, now, effects)) {
        segment.forEach(execution::set);
      } else {
        tooLarge.add(step);
      }
    }
    return tooLarge;
  }

  private static boolean isSent(
      Execution execution,
      Map<String, String> variables,
      Map<Integer, Queued> segment,
      Instant now,
      Effects effects) {
    try {
      return effects.command(execution, command(execution, variables, segment, now));
    } catch (IllegalArgumentException tooLongWithItsArguments) {
      return false;
    }
  }

  private static RunSteps command(
      Execution execution,
      Map<String, String> variables,
      Map<Integer, Queued> segment,
      Instant now) {
    List<StepSpec> specs = new ArrayList<>();
    segment.forEach((member, state) -> specs.add(spec(execution, member, state.attempt())));
    Acceptance accepted = execution.accepted();
    WorkflowDefinition.Files files = accepted.definition().files();
    return new RunSteps(
        accepted.id(),
        accepted.logPartition(),
        variables,
        specs,
        new WorkFiles(files.contents(), files.dotenv()),
        now,
        accepted.organizationId());
  }

  private static Queued queued(StepState state, Instant now) {
    return state instanceof Waiting waiting ? waiting.queue(now) : ((Pending) state).queue(now);
  }

  /** Those of a handler tell it what became of the execution. */
  static Map<String, String> variables(Execution execution) {
    Map<String, String> variables = new HashMap<>(execution.accepted().variables());
    variables.putAll(execution.outputs());
    if (execution.everyStepEnded()) {
      Verdict verdict = Verdict.of(execution);
      variables.put("GANTRY_EXECUTION_STATUS", verdict.status().text());
      variables.put("GANTRY_EXECUTION_ERROR", verdict.error() == null ? "" : verdict.error());
    }
    return variables;
  }

  /** Those of one step. */
  static Map<String, String> variables(Execution execution, int step) {
    return withItem(variables(execution), execution.definition(step));
  }

  private static Map<String, String> withItem(Map<String, String> variables, Step step) {
    if (step.item() == null) {
      return variables;
    }
    Map<String, String> more = new HashMap<>(variables);
    more.put(Step.ITEM, step.item());
    return more;
  }

  private static List<Integer> segmentFrom(Execution execution, int first) {
    List<Integer> segment = new ArrayList<>();
    int step = first;
    while (true) {
      segment.add(step);
      int[] dependents = execution.accepted().graph().dependents(step);
      if (dependents.length != 1
          || segment.size() == MAX_SEGMENT
          || execution.definition(step).repeatPolicy() != null
          || !canFollow(execution, dependents[0])) {
        return segment;
      }
      step = dependents[0];
    }
  }

  private static boolean canFollow(Execution execution, int next) {
    WorkflowDefinition definition = execution.accepted().definition();
    return execution.state(next) instanceof Pending
        && execution.openDependencies(next) == 1
        && execution.definition(next).preconditions().isEmpty()
        && !(execution.definition(next).action() instanceof Action.Approval)
        && !execution.definition(next).action().delegated()
        && definition.delay().isZero()
        && definition.concurrency().maxActiveSteps() == 0;
  }

  private static StepSpec spec(Execution execution, int index, int attempt) {
    Step step = execution.definition(index);
    boolean wantsArtifacts = execution.wantsArtifacts(index);
    Grants ofWorkflow = execution.accepted().definition().grants();
    Action action = step.action();
    if (action instanceof Action.Tool tool) {
      boolean granted = !ofWorkflow.none() || !tool.tool().grants().none();
      boolean literal = execution.accepted().kind() == Kind.TOOL;
      int limit = execution.accepted().definition().maxOutputSize();
      return tool(
          step, index, attempt, tool.tool(), tool.args(), wantsArtifacts, limit, literal, granted);
    }
    String image = null;
    if (action instanceof Action.Container container) {
      image = container.image();
      action = container.program();
    }
    List<String> argv = null;
    String script = null;
    List<String> shell = List.of();
    if (action instanceof Action.Arguments arguments) {
      argv = arguments.argv();
    } else if (action instanceof Action.Script text) {
      script = text.text();
      shell = text.shell();
    } else if (action instanceof Action.Command command) {
      script = command.line();
      shell = command.shell();
    }
    return new StepSpec(
        index,
        step.name(),
        attempt,
        image,
        argv,
        script,
        shell,
        step.program().dir(),
        step.program().stdout(),
        step.program().stderr(),
        step.program().artifacts(),
        wantsArtifacts,
        step.program().signalOnStop(),
        step.env(),
        step.timeout().toMillis(),
        step.output(),
        execution.accepted().definition().maxOutputSize(),
        false,
        step.action().callsApi() || !ofWorkflow.none());
  }

  /**
   * @param literal a caller gave the arguments, as data; in a workflow they may hold markers
   */
  private static StepSpec tool(
      Step step,
      int index,
      int attempt,
      ToolDefinition tool,
      Map<String, String> args,
      boolean wantsArtifacts,
      int limit,
      boolean literal,
      boolean granted) {
    Map<String, String> env = new HashMap<>(tool.env());
    env.putAll(step.env());
    env.putAll(args);
    return new StepSpec(
        index,
        step.name(),
        attempt,
        tool.image(),
        tool.content() == null ? tool.entrypoint() : null,
        tool.content() == null ? null : Substitution.arguments(tool.content(), args),
        tool.content() == null ? List.of() : tool.entrypoint(),
        step.program().dir(),
        step.program().stdout(),
        step.program().stderr(),
        step.program().artifacts(),
        wantsArtifacts,
        step.program().signalOnStop(),
        env,
        step.timeout().toMillis(),
        step.output(),
        limit,
        literal,
        granted,
        ContainerSpecs.of(tool.container(), args));
  }
}
