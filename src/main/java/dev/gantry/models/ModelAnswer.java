package dev.gantry.models;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * A whole answer; there are no half ones. Immutable.
 *
 * @param text all deltas together; empty when the model only calls tools
 * @param calls in the model's order
 * @param finish why the model stopped: {@code stop}, {@code tool_calls}, {@code length} or {@code
 *     content_filter}
 * @param model which configured model answered; not the asked one when that has fallen back
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ModelAnswer(
    String text, List<ToolCall> calls, String finish, String model, Usage usage) {
  public ModelAnswer {
    text = text == null ? "" : text;
    calls = calls == null ? List.of() : List.copyOf(calls);
  }
}
