package dev.gantry.mcp;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.executions.CalledExecutions.Outcome;
import dev.gantry.executions.CalledExecutions.StepOutcome;
import dev.gantry.executions.LoggedExecutions.Kind;

/** What has come of a call, as the protocol tells it. Pure code. */
final class Results {
  private Results() {}

  /** Nothing was run; the model is told why, and may do better. */
  static ObjectNode refused(String why) {
    return result(why, true);
  }

  static ObjectNode of(Kind kind, Outcome outcome) {
    ObjectNode structured =
        Rpc.object().put("execution_id", outcome.executionId()).put("status", outcome.status());
    if (kind == Kind.TOOL) {
      structured.put("output", output(outcome));
    } else {
      steps(structured.putArray("steps"), outcome);
    }
    String told =
        outcome.completed()
            ? completed(kind, outcome, structured)
            : failed(kind, outcome, structured);
    ObjectNode result = result(told, !outcome.completed());
    result.set("structuredContent", structured);
    return result;
  }

  private static ObjectNode result(String text, boolean failed) {
    ObjectNode result = Rpc.object();
    result.putArray("content").addObject().put("type", "text").put("text", text);
    return result.put("isError", failed);
  }

  private static void steps(ArrayNode steps, Outcome outcome) {
    for (StepOutcome step : outcome.steps()) {
      ObjectNode shown = steps.addObject().put("name", step.name()).put("status", step.status());
      if (step.output() != null) {
        shown.put("output", step.output());
      }
      if (step.error() != null) {
        shown.put("error", step.error());
      }
    }
  }

  private static String completed(Kind kind, Outcome outcome, ObjectNode structured) {
    if (kind == Kind.WORKFLOW) {
      return structured.toString();
    }
    String output = output(outcome);
    return (output.isEmpty() ? "(it completed and printed nothing)" : output) + cut(outcome);
  }

  private static String failed(Kind kind, Outcome outcome, ObjectNode structured) {
    String error = error(kind, outcome);
    String what =
        "%s %s%s (%s)"
            .formatted(
                kind == Kind.TOOL ? "The tool" : "The workflow",
                verb(outcome),
                error.isEmpty() ? "" : ": " + error,
                outcome.executionId());
    if (kind == Kind.WORKFLOW) {
      return what + "\n" + structured.get("steps");
    }
    String output = output(outcome);
    return what + (output.isEmpty() ? "" : "\nIt printed:\n" + output + cut(outcome));
  }

  private static String verb(Outcome outcome) {
    return outcome.ended()
        ? outcome.status().replace('_', ' ')
        : "has not ended: it is " + outcome.status();
  }

  private static String error(Kind kind, Outcome outcome) {
    if (outcome.error() != null) {
      return outcome.error();
    }
    return kind == Kind.TOOL && outcome.steps().get(0).error() != null
        ? outcome.steps().get(0).error()
        : "";
  }

  private static String output(Outcome outcome) {
    String output = outcome.steps().get(0).output();
    return output == null ? "" : output;
  }

  private static String cut(Outcome outcome) {
    return outcome.steps().get(0).outputTruncated()
        ? "\n(cut: the whole output is in the log of " + outcome.executionId() + ")"
        : "";
  }
}
