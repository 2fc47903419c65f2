package dev.gantry.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An event as people read it: one sentence, and what there is to know. Pure code.
 *
 * @param facts by their names, in the order in which they are told
 */
record Story(String sentence, Mood mood, Map<String, String> facts) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 2000;
  private static final List<String> TOLD =
      List.of(
          "error",
          "message",
          "status",
          "exit_code",
          "duration",
          "runner",
          "source",
          "execution_id");

  /** How good the news is, as the two products show it. */
  enum Mood {
    GOOD(":white_check_mark:", "Good"),
    BAD(":x:", "Attention"),
    OTHER(":information_source:", "Default");

    private final String sign;
    private final String color;

    Mood(String sign, String color) {
      this.sign = sign;
      this.color = color;
    }

    static Mood of(String type) {
      return switch (type.substring(type.lastIndexOf('.') + 1)) {
        case "completed" -> GOOD;
        case "failed", "cancelled" -> BAD;
        default -> OTHER;
      };
    }
  }

  /**
   * @param payload see {@link Payload}
   */
  static Story of(String payload) {
    JsonNode event = Payload.read(payload);
    String type = event.path("event").asText();
    String kind = type.substring(0, type.indexOf('.'));
    JsonNode about = event.path("data").path(kind);
    JsonNode step = event.path("data").path("step");
    String name = about.path("name").asText(event.path("subject").asText());
    String subject = words(kind) + " " + name;
    JsonNode call = event.path("data").path("approval");
    if (step.isObject()) {
      subject += ": step " + step.path("name").asText();
    } else if (call.isObject()) {
      subject += ": call of " + call.path("tool").asText();
    }
    String verb = type.substring(type.lastIndexOf('.') + 1).replace('_', ' ');
    Map<String, String> facts = new LinkedHashMap<>(ofCall(about, call));
    facts.putAll(facts(about, step));
    return new Story(subject + " " + verb, mood(type, about), facts);
  }

  /** A tool tells its end as one type, whatever it was. */
  private static Mood mood(String type, JsonNode about) {
    return type.equals("tool.executed")
        ? Mood.of("tool." + about.path("status").asText())
        : Mood.of(type);
  }

  /** What a person decides about, and where. */
  private static Map<String, String> ofCall(JsonNode about, JsonNode call) {
    Map<String, String> facts = new LinkedHashMap<>();
    if (call.isObject()) {
      call.path("args")
          .properties()
          .forEach(arg -> facts.put("With " + arg.getKey(), cut(arg.getValue().asText())));
      if (call.has("reason")) {
        facts.put("Reason", cut(call.get("reason").asText()));
      }
      String path = "/api/v1/chat/executions/%s/calls/%s/";
      String calls =
          path.formatted(about.path("execution_id").asText(), call.path("call_id").asText());
      facts.put("Approve", "POST " + calls + "approve");
      facts.put("Reject", "POST " + calls + "reject");
    }
    return facts;
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(text.length(), LONGEST));
  }

  private static Map<String, String> facts(JsonNode about, JsonNode step) {
    Map<String, String> facts = new LinkedHashMap<>();
    for (String field : TOLD) {
      JsonNode value = step.has(field) ? step.get(field) : about.path(field);
      if (value.isValueNode() && !value.isNull()) {
        facts.put(words(field), cut(value.asText()));
      }
    }
    return facts;
  }

  private static String words(String field) {
    String words = field.replace('_', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  /** A message of Slack's incoming webhooks, in its mrkdwn. */
  String forSlack() {
    StringBuilder text =
        new StringBuilder(mood.sign).append(" *").append(mrkdwn(sentence)).append('*');
    facts.forEach(
        (name, value) ->
            text.append("\n• ").append(mrkdwn(name)).append(": ").append(mrkdwn(value)));
    return JSON.createObjectNode().put("text", text.toString()).toString();
  }

  /** Data is shown, and mentions, links and channels in it are none. */
  private static String mrkdwn(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** A message with an Adaptive Card, as Teams' workflows take it. */
  String forTeams() {
    ObjectNode card =
        JSON.createObjectNode()
            .put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
            .put("type", "AdaptiveCard")
            .put("version", "1.4");
    var body = card.putArray("body");
    body.addObject()
        .put("type", "TextBlock")
        .put("text", markdown(sentence))
        .put("weight", "Bolder")
        .put("size", "Medium")
        .put("color", mood.color)
        .put("wrap", true);
    var shown = body.addObject().put("type", "FactSet").putArray("facts");
    facts.forEach(
        (name, value) ->
            shown.addObject().put("title", markdown(name)).put("value", markdown(value)));
    ObjectNode message = JSON.createObjectNode().put("type", "message");
    message
        .putArray("attachments")
        .addObject()
        .put("contentType", "application/vnd.microsoft.card.adaptive")
        .set("content", card);
    return message.toString();
  }

  /** Links in it are none. */
  private static String markdown(String text) {
    return text.replace("[", "\\[");
  }
}
