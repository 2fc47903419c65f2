package dev.gantry.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Text for people; in colour when it goes to a terminal. */
final class TextScreen implements Screen {
  private static final int LAST_LINES = 10;
  private static final String RED = "31";
  private static final String GREEN = "32";
  private static final String YELLOW = "33";
  private static final String GREY = "90";

  private final PrintStream out;
  private final boolean coloured = Boolean.getBoolean("gantry.terminal");
  private final Map<String, Deque<String>> lastLines = new HashMap<>();

  TextScreen(PrintStream out) {
    this.out = out;
  }

  @Override
  public synchronized void started(JsonNode execution) {
    out.println(
        execution.path("workflow").path("name").asText()
            + "  "
            + paint(GREY, execution.path("execution_id").asText()));
  }

  @Override
  public synchronized void step(JsonNode step) {
    String status = step.path("status").asText();
    out.println(
        paint(colour(status), mark(status) + " " + step.path("name").asText() + " " + status));
  }

  @Override
  public synchronized void line(JsonNode line) {
    String step = line.path("step").asText();
    String message = line.path("message").asText();
    Deque<String> last = lastLines.computeIfAbsent(step, name -> new ArrayDeque<>());
    last.add(message);
    if (last.size() > LAST_LINES) {
      last.remove();
    }
    String colour = line.path("level").asText().equals("error") ? YELLOW : "0";
    out.println(paint(GREY, "  " + step + " | ") + paint(colour, message));
  }

  @Override
  public synchronized void summary(JsonNode execution) {
    out.println();
    for (JsonNode step : execution.path("steps")) {
      String status = step.path("status").asText();
      out.printf(
          "%s %-30s %-10s %s%n",
          paint(colour(status), mark(status)),
          step.path("name").asText(),
          status,
          step.path("duration").asText(""));
      if (status.equals("failed") || status.equals("timed_out")) {
        failure(step);
      }
    }
    String status = execution.path("status").asText();
    String duration = execution.path("duration").asText();
    out.println(
        paint(
            colour(status),
            execution.path("workflow").path("name").asText() + " " + status + " in " + duration));
    if (execution.hasNonNull("error")) {
      out.println(execution.path("error").asText());
    }
  }

  private void failure(JsonNode step) {
    String error = step.path("error").asText();
    String code = step.hasNonNull("exit_code") ? "exit code " + step.path("exit_code").asInt() : "";
    if (!error.startsWith(code)) {
      out.println("    " + code);
    }
    out.println("    " + error);
    lastLines
        .getOrDefault(step.path("name").asText(), new ArrayDeque<>())
        .forEach(line -> out.println(paint(GREY, "    | ") + line));
  }

  private static String colour(String status) {
    return switch (status) {
      case "completed" -> GREEN;
      case "failed", "timed_out", "cancelled" -> RED;
      case "running", "retrying", "awaiting_approval" -> YELLOW;
      default -> GREY;
    };
  }

  private static String mark(String status) {
    return switch (status) {
      case "completed" -> "✓";
      case "failed", "timed_out", "cancelled" -> "✗";
      case "skipped" -> "-";
      default -> "•";
    };
  }

  private String paint(String colour, String text) {
    return coloured ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
  }
}
