package dev.gantry.executions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.executions.protocol.StepEvent.Decided;
import dev.gantry.workflows.Substitution;
import dev.gantry.workflows.WorkflowDefinition.Action;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an approval puts out: a JSON object of {@code approved_by}, {@code comment} if there is one,
 * and {@code input}, whose entries are variables for the steps behind. Pure code.
 */
final class Approvals {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A message is told in events and answers; what is longer belongs into a step's log. */
  private static final int LONGEST_MESSAGE = 2_000;

  private Approvals() {}

  static String output(Decided decision) {
    ObjectNode output = JSON.createObjectNode();
    output.put("approved_by", decision.decidedBy());
    if (decision.comment() != null) {
      output.put("comment", decision.comment());
    }
    ObjectNode input = output.putObject("input");
    if (decision.input() != null) {
      decision.input().forEach(input::put);
    }
    return output.toString();
  }

  /** The input in an output that {@link #output} wrote. */
  static Map<String, String> input(String output) {
    JsonNode input;
    try {
      input = JSON.readTree(output).path("input");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> variables = new LinkedHashMap<>();
    input.properties().forEach(field -> variables.put(field.getKey(), field.getValue().asText()));
    return variables;
  }

  /** What is asked, with its variables put in; null when the definition says nothing. */
  static String message(Execution execution, int step) {
    String message = ((Action.Approval) execution.definition(step).action()).message();
    if (message == null) {
      return null;
    }
    String filled;
    try {
      filled = Substitution.apply(message, Dispatch.variables(execution));
    } catch (IllegalArgumentException tooLong) {
      filled = message;
    }
    return filled.length() <= LONGEST_MESSAGE ? filled : filled.substring(0, LONGEST_MESSAGE) + "…";
  }
}
