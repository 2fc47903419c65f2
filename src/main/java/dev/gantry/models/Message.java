package dev.gantry.models;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * One message of a conversation, whatever the provider calls it. As JSON its kind is in {@code
 * role}: a conversation can be kept and asked on with another model. Immutable.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "role")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Message.Instructions.class, name = "system"),
  @JsonSubTypes.Type(value = Message.User.class, name = "user"),
  @JsonSubTypes.Type(value = Message.Assistant.class, name = "assistant"),
  @JsonSubTypes.Type(value = Message.ToolResult.class, name = "tool")
})
public sealed interface Message {
  /** What holds for the whole conversation; belongs at its beginning. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Instructions(String text) implements Message {}

  /** What a person, or who stands for one, says. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record User(String text) implements Message {}

  /**
   * What a model has answered.
   *
   * @param text may be empty when there are calls
   * @param calls each of which a {@link ToolResult} has to answer before the model is asked again
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Assistant(String text, List<ToolCall> calls) implements Message {
    public Assistant {
      text = text == null ? "" : text;
      calls = calls == null ? List.of() : List.copyOf(calls);
    }
  }

  /**
   * What came of a call.
   *
   * @param callId {@link ToolCall#id}
   * @param tool {@link ToolCall#tool}
   * @param text the output, or why there is none
   * @param failed the text tells of a failure
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record ToolResult(String callId, String tool, String text, boolean failed) implements Message {}
}
