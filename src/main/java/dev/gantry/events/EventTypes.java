package dev.gantry.events;

import java.util.List;
import java.util.regex.Pattern;

/** The types of event that there are, and patterns of them. Pure code. */
public final class EventTypes {
  /** Every type that is told. */
  public static final List<String> ALL =
      List.of(
          "agent.created",
          "agent.updated",
          "agent.deleted",
          "workflow.queued",
          "workflow.started",
          "workflow.completed",
          "workflow.failed",
          "workflow.cancelled",
          "workflow.paused",
          "workflow.resumed",
          "workflow.step.started",
          "workflow.step.completed",
          "workflow.step.failed",
          "workflow.step.awaiting_approval",
          "tool.executed",
          "chat.started",
          "chat.awaiting_approval",
          "chat.completed",
          "chat.failed",
          "chat.cancelled",
          "source.added",
          "source.updated",
          "source.deleted");

  private EventTypes() {}

  /**
   * The URI that names the schema of the type's data; its number is another one once data of the
   * type cannot be read as before. The schema is at {@code /api/v1/schemas/events/<type>.json}.
   */
  public static String schema(String type) {
    return "urn:gantry:events:" + type + ":1";
  }

  /**
   * Whether a pattern means the type.
   *
   * @param pattern a type, in which {@code *} stands for any text: {@code workflow.*}
   */
  public static boolean matches(String pattern, String type) {
    String[] texts = pattern.split("\\*+", -1);
    if (texts.length == 1) {
      return pattern.equals(type);
    }
    StringBuilder expression = new StringBuilder(Pattern.quote(texts[0]));
    for (int i = 1; i < texts.length; i++) {
      expression.append(".*").append(Pattern.quote(texts[i]));
    }
    return type.matches(expression.toString());
  }

  /** The types that a pattern means. */
  public static List<String> matching(String pattern) {
    return ALL.stream().filter(type -> matches(pattern, type)).toList();
  }

  /** Whether a pattern means any type that there is. */
  public static boolean isPattern(String text) {
    return ALL.stream().anyMatch(type -> matches(text, type));
  }
}
