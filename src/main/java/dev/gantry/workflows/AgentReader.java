package dev.gantry.workflows;

import dev.gantry.workflows.WorkflowDefinition.Action;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the config of a step that a model does: {@code agent}, an agent of the organization; {@code
 * inline_agent}, one that the step itself describes; {@code llm_completion}, a model without tools.
 */
final class AgentReader {
  static final Keys AGENT = Keys.of("agentName", "agent", "message", "model", "instructions");
  static final Keys INLINE = Keys.of("message", "agent");
  static final Keys DESCRIBED =
      Keys.of(
          "name",
          "description",
          "aiInstructions",
          "instructions",
          "llmModel",
          "model",
          "sources",
          "secrets");
  static final Keys COMPLETION =
      Keys.of(
          "model", "prompt", "messages", "systemPrompt", "jsonMode", "temperature", "maxTokens");
  static final Keys MESSAGE = Keys.of("role", "content");

  private static final String USER = "user";
  private static final List<String> ROLES = List.of("system", USER, "assistant");
  private static final int MOST_TOKENS = 1_000_000;

  private AgentReader() {}

  static ActionReader.Read read(String executor, Field config, Fields step) {
    for (String other : List.of("command", "script", "shell", "dir", "stdout", "stderr")) {
      if (step.has(other)) {
        step.fault(other, "a step of the executor '" + executor + "' runs no program of its own");
      }
    }
    return new ActionReader.Read(
        switch (executor) {
          case "agent" -> agent(Fields.of(config, AGENT));
          case "inline_agent" -> inline(Fields.of(config, INLINE));
          default -> completion(Fields.of(config, COMPLETION));
        });
  }

  private static Action agent(Fields fields) {
    String name = required(fields, fields.oneOf("agentName", "agent"));
    return new Action.Agent(
        name,
        fields.nonBlank("model"),
        fields.nonBlank("instructions"),
        said(required(fields, "message")),
        null,
        null,
        false,
        null,
        null);
  }

  private static Action inline(Fields fields) {
    List<Action.Said> said = said(required(fields, "message"));
    if (!fields.has("agent")) {
      fields.missing("agent");
      return new Action.Agent(null, null, null, said, null, null, false, null, null);
    }
    Fields agent = Fields.of(fields.get("agent"), DESCRIBED);
    return new Action.Agent(
        null,
        agent.nonBlank(agent.oneOf("llmModel", "model")),
        agent.nonBlank(agent.oneOf("aiInstructions", "instructions")),
        said,
        agent.texts("sources"),
        agent.texts("secrets"),
        false,
        null,
        null);
  }

  private static Action completion(Fields fields) {
    if (fields.has("prompt") == fields.has("messages")) {
      fields.fault("prompt", "give either prompt or messages");
    }
    return new Action.Agent(
        null,
        fields.nonBlank("model"),
        fields.nonBlank("systemPrompt"),
        fields.has("messages")
            ? messages(fields.get("messages"))
            : said(fields.has("prompt") ? required(fields, "prompt") : ""),
        null,
        null,
        fields.flag("jsonMode"),
        fields.has("temperature") ? (Double) fields.get("temperature").decimal(0, 2) : null,
        fields.has("maxTokens") ? (Integer) fields.get("maxTokens").integer(1, MOST_TOKENS) : null);
  }

  /** A stand-in after its fault. */
  private static String required(Fields fields, String name) {
    String text = fields.nonBlank(name);
    if (text == null) {
      if (fields.has(name)) {
        fields.fault(name, "must not be blank");
      } else {
        fields.missing(name);
      }
      return "";
    }
    return text;
  }

  private static List<Action.Said> said(String message) {
    return List.of(new Action.Said(USER, message));
  }

  private static List<Action.Said> messages(Field list) {
    List<Action.Said> said = new ArrayList<>();
    for (Field item : list.items()) {
      Fields message = Fields.of(item, MESSAGE);
      String role = required(message, "role");
      if (message.has("role") && !ROLES.contains(role)) {
        message.fault("role", "must be one of " + String.join(", ", ROLES));
      }
      said.add(new Action.Said(role, required(message, "content")));
    }
    if (said.isEmpty() || !said.get(said.size() - 1).role().equals(USER)) {
      list.fault("must end with a message of the role 'user'");
      return said("");
    }
    return said;
  }
}
