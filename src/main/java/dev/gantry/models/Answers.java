package dev.gantry.models;

import dev.gantry.platform.Ids;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** An answer out of the client library's words. Pure code. */
final class Answers {
  private Answers() {}

  /**
   * @param text all that was told on the way
   * @return empty when the provider has not said that this is the end
   */
  static Optional<ModelAnswer> of(ConfiguredModel model, String text, ChatResponse response) {
    if (response.finishReason() == null && model.provider() == Provider.OPENAI) {
      return Optional.empty();
    }
    List<ToolCall> calls =
        response.aiMessage().toolExecutionRequests().stream().map(Answers::call).toList();
    return Optional.of(
        new ModelAnswer(
            text,
            calls,
            finish(model.provider(), response.finishReason(), !calls.isEmpty()),
            model.name(),
            usage(model, response.tokenUsage())));
  }

  private static ToolCall call(ToolExecutionRequest request) {
    String id = request.id();
    String arguments = request.arguments();
    return new ToolCall(
        id == null || id.isBlank() ? "call_" + Ids.next() : id,
        request.name() == null ? "" : request.name(),
        arguments == null || arguments.isBlank() ? "{}" : arguments);
  }

  private static String finish(Provider provider, FinishReason reason, boolean calls) {
    if (reason == FinishReason.LENGTH) {
      return "length";
    }
    boolean refused = reason == FinishReason.OTHER && provider == Provider.ANTHROPIC;
    if (refused || reason == FinishReason.CONTENT_FILTER) {
      return "content_filter";
    }
    return calls ? "tool_calls" : "stop";
  }

  private static Usage usage(ConfiguredModel model, TokenUsage usage) {
    long input = usage == null ? 0 : count(usage.inputTokenCount());
    long output = usage == null ? 0 : count(usage.outputTokenCount());
    BigDecimal cost = model.price() == null ? null : model.price().of(input, output);
    return new Usage(input, output, cost);
  }

  private static long count(Integer tokens) {
    return tokens == null ? 0 : tokens;
  }
}
