package dev.gantry.executions.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What the engine tells a runner. Redelivery is harmless: an attempt that exists is adopted, one
 * that ended is reported again, a cancel of something that ended does nothing.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunnerCommand.RunSteps.class, name = "run_steps"),
  @JsonSubTypes.Type(value = RunnerCommand.CancelSteps.class, name = "cancel_steps"),
  @JsonSubTypes.Type(value = RunnerCommand.HoldSteps.class, name = "hold_steps")
})
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public sealed interface RunnerCommand {
  UUID executionId();

  /**
   * Run a segment of the plan: the first step now, each further one as soon as Kafka has
   * acknowledged the report that the one before it completed. The runner goes on only after a
   * {@code COMPLETED} step; whatever else happens is the engine's to decide.
   *
   * @param logPartition the partition of the logs topic that holds all of this execution's lines
   * @param variables names and values known when the command was written: params, env, outputs of
   *     earlier steps. The runner adds the {@code output} of each step that it completes
   * @param files of the execution's work directory
   * @param issuedAt when the engine wrote the command; a runner refuses one that is older than it
   *     remembers ended attempts, since it could not tell whether it ran already
   * @param organizationId whose execution it is; null in a command of before it was told
   */
  record RunSteps(
      UUID executionId,
      int logPartition,
      Map<String, String> variables,
      List<StepSpec> steps,
      WorkFiles files,
      Instant issuedAt,
      UUID organizationId)
      implements RunnerCommand {
    public RunSteps {
      files = files == null ? WorkFiles.NONE : files;
    }

    /** Of an execution of nobody in particular, without files. */
    public RunSteps(
        UUID executionId,
        int logPartition,
        Map<String, String> variables,
        List<StepSpec> steps,
        Instant issuedAt) {
      this(executionId, logPartition, variables, steps, WorkFiles.NONE, issuedAt, null);
    }

    /** The same with these steps alone. */
    public RunSteps with(List<StepSpec> others) {
      return new RunSteps(
          executionId, logPartition, variables, others, files, issuedAt, organizationId);
    }
  }

  /**
   * Stop the attempts of this execution that run or wait here, and start none of its segment: a
   * termination signal, then a kill after {@code graceMillis}. Each is reported as {@code
   * CANCELLED}.
   *
   * @param reason told in the step's error
   */
  record CancelSteps(UUID executionId, List<AttemptRef> attempts, long graceMillis, String reason)
      implements RunnerCommand {}

  /**
   * Begin none of these attempts. One that runs, or is about to, goes on. The first of a segment
   * that has not begun is given back with {@code StepReturned}; one behind another is left out, and
   * the report of the one before it says that the segment does not continue.
   */
  record HoldSteps(UUID executionId, List<AttemptRef> attempts) implements RunnerCommand {}

  /** One attempt of one step of the execution that the message is keyed by. */
  record AttemptRef(int step, int attempt) {}
}
