package dev.gantry.executions;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gantry.executions.TraceReader.Trace;
import dev.gantry.executions.TraceReader.Traced;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Every move of an execution and of its steps, in their order, as the API shows it. */
@Schema(
    name = "ExecutionTrace",
    requiredProperties = {"execution_id", "transitions"})
record ExecutionTrace(String executionId, List<Move> transitions) {
  /**
   * @param at by the database's clock
   * @param step left out when the execution itself has moved
   * @param from left out when it was accepted
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(
      name = "ExecutionTransition",
      requiredProperties = {"at", "to"})
  record Move(Instant at, String step, Integer attempt, String from, String to) {
    static Move of(Execution execution, Traced traced) {
      Transition moved = traced.transition();
      return new Move(
          traced.at(),
          moved.step() == null ? null : execution.definition(moved.step()).name(),
          moved.attempt() == 0 ? null : moved.attempt(),
          moved.before(),
          moved.after());
    }
  }

  static ExecutionTrace of(Trace trace) {
    return new ExecutionTrace(
        trace.execution().accepted().publicId(),
        trace.transitions().stream().map(each -> Move.of(trace.execution(), each)).toList());
  }
}
