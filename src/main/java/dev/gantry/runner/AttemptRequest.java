package dev.gantry.runner;

import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.executions.protocol.WorkFiles;
import dev.gantry.workflows.Substitution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
 * @param behind what follows it, for a backend whose other processes may have to go on with that
 */
public record AttemptRequest(
    UUID executionId,
    StepSpec step,
    Map<String, String> variables,
    StepGrants grants,
    WorkFiles files,
    int logPartition,
    Behind behind) {
  /**
   * The steps of the segment that follow an attempt.
   *
   * @param issuedAt of the command that brought them
   * @param organizationId of that command, or null
   */
  public record Behind(List<StepSpec> steps, Instant issuedAt, UUID organizationId) {
    /** Nothing follows. */
    public static final Behind NOTHING = new Behind(List.of(), null, null);
  }

  /** The first step of a command. */
  public static AttemptRequest first(RunSteps command, StepGrants grants) {
    Map<String, String> variables =
        command.variables() == null ? Map.of() : Map.copyOf(command.variables());
    return of(command, 0, variables, grants);
  }

  static AttemptRequest of(
      RunSteps command, int at, Map<String, String> variables, StepGrants grants) {
    List<StepSpec> steps = command.steps();
    return new AttemptRequest(
        command.executionId(),
        steps.get(at),
        variables,
        grants,
        command.files(),
        command.logPartition(),
        new Behind(
            steps.subList(at + 1, steps.size()), command.issuedAt(), command.organizationId()));
  }

  /** A command that begins with this attempt, and goes on with what is behind it. */
  public RunSteps command() {
    List<StepSpec> steps = new ArrayList<>();
    steps.add(step);
    steps.addAll(behind.steps());
    return new RunSteps(
        executionId,
        logPartition,
        variables,
        steps,
        files,
        behind.issuedAt(),
        behind.organizationId());
  }

  /** The same attempt with what it was granted when it was started. */
  public AttemptRequest with(StepGrants known) {
    return new AttemptRequest(executionId, step, variables, known, files, logPartition, behind);
  }

  /** The same attempt with more variables, where it has none of the name. */
  public AttemptRequest under(Map<String, String> defaults) {
    Map<String, String> all = new HashMap<>(defaults);
    all.putAll(variables);
    return withVariables(all);
  }

  private AttemptRequest withVariables(Map<String, String> all) {
    return new AttemptRequest(executionId, step, all, grants, files, logPartition, behind);
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
    return withVariables(all).filled(text);
  }

  public AttemptKey key() {
    return new AttemptKey(executionId, step.index(), step.attempt());
  }
}
