package dev.gantry.executions;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.protocol.StepPhases;
import dev.gantry.platform.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Executions as the API shows them; absent fields are left out. */
final class ExecutionView {
  private ExecutionView() {}

  /** A workflow execution. {@code steps} is null in lists and right after acceptance. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(
      name = "WorkflowExecution",
      requiredProperties = {"execution_id", "status", "created_at", "runner", "workflow"})
  record Workflow(
      String executionId,
      @Schema(ref = "ExecutionStatus") String status,
      Instant createdAt,
      Instant completedAt,
      @Schema(ref = "Duration") String duration,
      String runner,
      String error,
      @Schema(description = "The execution whose completed steps it took over") String rerunOf,
      @Schema(description = "The execution that it does a step of") String parent,
      About workflow,
      List<Step> steps) {

    static Workflow of(Execution execution) {
      Acceptance accepted = execution.accepted();
      return new Workflow(
          accepted.publicId(),
          execution.status().text(),
          accepted.createdAt(),
          null,
          null,
          accepted.runner(),
          null,
          shown(accepted.rerunOf()),
          null,
          new About(
              accepted.definition().name(),
              accepted.source(),
              accepted.sourceCommit(),
              accepted.variables()),
          null);
    }

    static Workflow of(ExecutionRow row, List<ExecutionStepRow> steps) {
      return new Workflow(
          Kind.WORKFLOW.prefix() + row.id,
          row.status,
          row.createdAt,
          row.completedAt,
          between(row.createdAt, row.completedAt),
          row.runner,
          row.error,
          shown(row.rerunOf),
          shown(row.parentId),
          new About(row.name, row.source, row.sourceCommit, VariablesJson.read(row.variables)),
          steps == null ? null : steps.stream().map(Step::of).toList());
    }
  }

  /** It completed, and in no attempt of this execution. */
  private static boolean isReused(ExecutionStepRow row) {
    return row.attempt == 0 && row.status.equals(StepStatus.COMPLETED.text());
  }

  private static String shown(UUID id) {
    return id == null ? null : Kind.WORKFLOW.prefix() + id;
  }

  /** What runs. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "ExecutedWorkflow", requiredProperties = "name")
  record About(String name, String source, String commit, Map<String, String> variables) {}

  /** A step of a workflow execution; {@code error} says why it did not complete or did not run. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(
      name = "ExecutedStep",
      requiredProperties = {"name", "status"})
  record Step(
      String name,
      @Schema(ref = "StepStatus") String status,
      Integer attempt,
      Instant startedAt,
      Instant completedAt,
      @Schema(ref = "Duration") String duration,
      Integer exitCode,
      String error,
      String output,
      Boolean outputTruncated,
      Long logLines,
      @Schema(description = "It was not run: the execution that was rerun had completed it")
          Boolean reused,
      @Schema(description = "The execution that does it, or did so the last time") String child,
      Timings timings) {

    static Step of(ExecutionStepRow row) {
      return new Step(
          row.name,
          row.status,
          row.attempt == 0 ? null : row.attempt,
          row.startedAt,
          row.finishedAt,
          row.startedAt == null ? null : between(row.startedAt, row.finishedAt),
          row.exitCode,
          row.error,
          row.output,
          row.outputTruncated ? true : null,
          row.finishedAt == null || row.startedAt == null ? null : row.logLines,
          isReused(row) ? true : null,
          doneBy(row),
          Timings.of(row));
    }
  }

  private static String doneBy(ExecutionStepRow row) {
    return row.childId == null || row.childKind == null
        ? shown(row.childId)
        : Kind.valueOf(row.childKind).prefix() + row.childId;
  }

  /** When the attempt under way, or the last, came how far; as far as that is known. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "StepTimings")
  record Timings(
      @Schema(description = "It was handed to the runner") Instant queuedAt,
      @Schema(description = "It was decided where it runs") Instant scheduledAt,
      @Schema(description = "Its image was there") Instant pulledAt,
      @Schema(description = "Its program began") Instant startedAt,
      @Schema(description = "Its program ended") Instant finishedAt) {

    /** Null for a step that was not handed out. */
    static Timings of(ExecutionStepRow row) {
      if (row.queuedAt == null || !StepStatus.of(row.status).isBegun()) {
        return null;
      }
      StepPhases phases = StepFacts.read(row.queuedAt, row.facts).phases();
      return new Timings(
          row.queuedAt, phases.scheduledAt(), phases.pulledAt(), row.startedAt, row.finishedAt);
    }
  }

  /**
   * A tool execution.
   *
   * @param source the id of the source that has the tool; null for one that the request defined
   * @param output like {@code exitCode} null in lists
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(
      name = "ToolExecution",
      requiredProperties = {"execution_id", "status", "created_at", "name", "runner"})
  record Tool(
      String executionId,
      @Schema(ref = "ExecutionStatus") String status,
      Instant createdAt,
      Instant completedAt,
      @Schema(ref = "Duration") String duration,
      String name,
      String source,
      String commit,
      String runner,
      String error,
      String output,
      Boolean outputTruncated,
      Integer exitCode) {

    static Tool of(Execution execution) {
      Acceptance accepted = execution.accepted();
      return new Tool(
          accepted.publicId(),
          execution.status().text(),
          accepted.createdAt(),
          null,
          null,
          accepted.definition().name(),
          accepted.source(),
          accepted.sourceCommit(),
          accepted.runner(),
          null,
          null,
          null,
          null);
    }

    static Tool listed(ExecutionRow row) {
      return new Tool(
          Kind.TOOL.prefix() + row.id,
          row.status,
          row.createdAt,
          row.completedAt,
          between(row.createdAt, row.completedAt),
          row.name,
          row.source,
          row.sourceCommit,
          row.runner,
          row.error,
          null,
          null,
          null);
    }

    static Tool of(ExecutionRow row, ExecutionStepRow step) {
      return new Tool(
          Kind.TOOL.prefix() + row.id,
          row.status,
          row.createdAt,
          row.completedAt,
          between(row.createdAt, row.completedAt),
          row.name,
          row.source,
          row.sourceCommit,
          row.runner,
          row.error == null ? step.error : row.error,
          step.output,
          step.outputTruncated ? true : null,
          step.exitCode);
    }
  }

  private static String between(Instant from, Instant to) {
    if (to == null) {
      return null;
    }
    Duration duration = Duration.between(from, to);
    return Durations.format(duration.isNegative() ? Duration.ZERO : duration);
  }
}
