package dev.gantry.models;

import java.util.List;

/**
 * What a model is asked. Immutable.
 *
 * @param model the name of a configured model; null = the organization's default
 * @param messages the conversation so far, oldest first; at least one
 * @param tools what the model may ask to have called; may be empty
 * @param maxOutputTokens null = what the model's configuration or its provider says
 * @param temperature from 0; null = the provider's own
 * @param json the answer's text has to be one JSON object
 */
public record ModelCall(
    String model,
    List<Message> messages,
    List<ToolSpec> tools,
    Integer maxOutputTokens,
    Double temperature,
    boolean json) {
  public ModelCall {
    messages = List.copyOf(messages);
    tools = tools == null ? List.of() : List.copyOf(tools);
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("there is no message to answer");
    }
  }

  public ModelCall(
      String model,
      List<Message> messages,
      List<ToolSpec> tools,
      Integer maxOutputTokens,
      Double temperature) {
    this(model, messages, tools, maxOutputTokens, temperature, false);
  }
}
