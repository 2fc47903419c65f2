package dev.gantry.executions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.StepState.Ended;
import dev.gantry.executions.protocol.StepEvent.ChildEnded;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.resources.Fields;
import dev.gantry.workflows.WorkflowDefinition.Action;
import java.time.Instant;

/** What the end of an execution means to the step that it does. Pure code. */
final class ChildOutcome {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ChildOutcome() {}

  /**
   * @param child has ended
   */
  static ChildEnded of(Execution parent, int step, int attempt, Execution child) {
    Outcome outcome = outcome(parent, step, child);
    String output = parent.definition(step).output() == null ? null : output(parent, step, child);
    if (outcome == Outcome.COMPLETED && output != null && isTooLarge(output)) {
      String error =
          "the outputs have %d bytes together, of which a step keeps %d: do without 'output' here"
              .formatted(Fields.bytes(output), ChildEnded.MAX_OUTPUT_BYTES);
      return ended(parent, step, attempt, Outcome.FAILED, error, null, child.completedAt());
    }
    String error = outcome == Outcome.COMPLETED ? null : error(child);
    String kept = output == null || isTooLarge(output) ? null : output;
    return ended(parent, step, attempt, outcome, error, kept, child.completedAt());
  }

  /** There is no such execution, and will be none. */
  static ChildEnded without(
      Execution parent, int step, int attempt, Outcome outcome, String error, Instant now) {
    return ended(parent, step, attempt, outcome, error, null, now);
  }

  /** There was nothing to do. */
  static ChildEnded ofNoItems(Execution parent, int step, int attempt, Instant now) {
    String output = parent.definition(step).output() == null ? null : "[]";
    return ended(parent, step, attempt, Outcome.COMPLETED, null, output, now);
  }

  private static ChildEnded ended(
      Execution parent,
      int step,
      int attempt,
      Outcome outcome,
      String error,
      String output,
      Instant at) {
    return new ChildEnded(parent.accepted().id(), step, attempt, outcome, error, output, at);
  }

  private static Outcome outcome(Execution parent, int step, Execution child) {
    return switch (child.status()) {
      case COMPLETED -> Outcome.COMPLETED;
      case TIMED_OUT -> Outcome.TIMED_OUT;
      case CANCELLED -> cancelled(parent, step, child);
      default -> Outcome.FAILED;
    };
  }

  /**
   * One that was cancelled by itself is a failure of the step; else it was with the parent, or
   * since a handler's time was over.
   */
  private static Outcome cancelled(Execution parent, int step, Execution child) {
    if (step < parent.handlersFrom()) {
      return parent.stop() == null ? Outcome.FAILED : Outcome.CANCELLED;
    }
    Instant overdue = Ending.overdueAt(parent, step);
    return overdue == null || child.completedAt().isBefore(overdue)
        ? Outcome.FAILED
        : Outcome.TIMED_OUT;
  }

  private static String error(Execution child) {
    String kind = child.accepted().kind() == Kind.CHAT ? "turn " : "workflow ";
    String what =
        child.accepted().definition().forEach() == null
            ? kind + child.accepted().publicId() + " " + child.status().text()
            : failed(child) + " of " + child.handlersFrom() + " items did not complete";
    return child.error() == null ? what : what + ": " + child.error();
  }

  private static int failed(Execution child) {
    int failed = 0;
    for (int item = 0; item < child.handlersFrom(); item++) {
      failed += child.state(item).status() == StepStatus.COMPLETED ? 0 : 1;
    }
    return failed;
  }

  private static boolean isTooLarge(String output) {
    return Fields.bytes(output) > ChildEnded.MAX_OUTPUT_BYTES;
  }

  private static String output(Execution parent, int step, Execution child) {
    if (child.accepted().kind() == Kind.CHAT) {
      return child.state(0) instanceof Ended ended ? ended.output() : null;
    }
    return parent.definition(step).action() instanceof Action.Parallel
        ? ofItems(child).toString()
        : ofWorkflow(child).toString();
  }

  /** In the items' order; null for one without. */
  private static ArrayNode ofItems(Execution child) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (int item = 0; item < child.handlersFrom(); item++) {
      String output = child.state(item) instanceof Ended ended ? ended.output() : null;
      all.add(output == null ? null : value(output));
    }
    return all;
  }

  /** By variable. */
  private static ObjectNode ofWorkflow(Execution child) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    child.outputs().forEach((name, output) -> all.set(name, value(output)));
    return all;
  }

  /** A JSON object or list as such, so that a path leads into it; all else as text. */
  private static JsonNode value(String output) {
    if (output.startsWith("{") || output.startsWith("[")) {
      try {
        return JSON.readTree(output);
      } catch (JsonProcessingException isText) {
        return TextNode.valueOf(output);
      }
    }
    return TextNode.valueOf(output);
  }
}
