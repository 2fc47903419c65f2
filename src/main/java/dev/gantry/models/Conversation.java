package dev.gantry.models;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.http.ApiException;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A call in the client library's words. Pure code. */
final class Conversation {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Anthropic takes no request that does not say it. */
  private static final int ANTHROPIC_TOKENS = 4096;

  private Conversation() {}

  /**
   * @param host of the provider
   */
  static ChatRequest request(ConfiguredModel model, String host, ModelCall call) {
    List<ChatMessage> messages = new ArrayList<>();
    for (Message message : call.messages()) {
      if (!isEmpty(message)) {
        messages.add(message(message));
      }
    }
    if (messages.isEmpty()) {
      throw ApiException.invalid("message", "is empty: there is nothing to answer");
    }
    boolean wanted = call.json() && model.provider() == Provider.ANTHROPIC;
    if (wanted) {
      messages.add(SystemMessage.from("Answer with one JSON object and nothing else."));
    }
    return ChatRequest.builder()
        .messages(messages)
        .parameters(parameters(model, host, call, call.json() && !wanted))
        .build();
  }

  private static ChatRequestParameters parameters(
      ConfiguredModel model, String host, ModelCall call, boolean json) {
    Integer most = mostTokens(model, call);
    OpenAiChatRequestParameters.Builder parameters = OpenAiChatRequestParameters.builder();
    if (model.provider() == Provider.OPENAI && countsReasoning(host)) {
      parameters.maxCompletionTokens(most);
    } else {
      parameters.maxOutputTokens(most);
    }
    return parameters
        .modelName(model.model())
        .temperature(call.temperature())
        .toolSpecifications(call.tools().stream().map(Conversation::tool).toList())
        .responseFormat(json ? ResponseFormat.JSON : null)
        .build();
  }

  private static Integer mostTokens(ConfiguredModel model, ModelCall call) {
    if (call.maxOutputTokens() != null) {
      return call.maxOutputTokens();
    }
    return model.maxOutputTokens() == null && model.provider() == Provider.ANTHROPIC
        ? Integer.valueOf(ANTHROPIC_TOKENS)
        : model.maxOutputTokens();
  }

  /** OpenAI's own models refuse {@code max_tokens}; compatible servers may know nothing else. */
  private static boolean countsReasoning(String host) {
    return host.endsWith(".openai.com") || host.endsWith(".openai.azure.com");
  }

  /** Providers refuse a message that says nothing. */
  private static boolean isEmpty(Message message) {
    if (message instanceof Message.Instructions system) {
      return system.text().isBlank();
    } else if (message instanceof Message.User user) {
      return user.text().isBlank();
    }
    return message instanceof Message.Assistant assistant
        && assistant.text().isBlank()
        && assistant.calls().isEmpty();
  }

  private static ChatMessage message(Message message) {
    if (message instanceof Message.Instructions system) {
      return SystemMessage.from(system.text());
    } else if (message instanceof Message.User user) {
      return UserMessage.from(user.text());
    } else if (message instanceof Message.Assistant assistant) {
      return AiMessage.builder()
          .text(assistant.text().isBlank() ? null : assistant.text())
          .toolExecutionRequests(assistant.calls().stream().map(Conversation::call).toList())
          .build();
    }
    Message.ToolResult result = (Message.ToolResult) message;
    return ToolExecutionResultMessage.builder()
        .id(result.callId())
        .toolName(result.tool())
        .text(result.text())
        .isError(result.failed())
        .build();
  }

  private static ToolExecutionRequest call(ToolCall call) {
    return ToolExecutionRequest.builder()
        .id(call.id())
        .name(call.tool())
        .arguments(object(call.arguments()))
        .build();
  }

  /** Some providers refuse to be told of arguments, their own, that are no JSON object. */
  private static String object(String arguments) {
    try {
      JsonNode json = JSON.readTree(arguments);
      if (json.isObject()) {
        return arguments;
      }
    } catch (JsonProcessingException isNone) {
      // It is told as what it is.
    }
    return JSON.createObjectNode().put("invalid_arguments", arguments).toString();
  }

  private static ToolSpecification tool(ToolSpec tool) {
    return ToolSpecification.builder()
        .name(tool.name())
        .description(tool.description())
        .parameters(schema(tool.parameters()))
        .build();
  }

  private static JsonObjectSchema schema(JsonNode schema) {
    JsonObjectSchema.Builder object = JsonObjectSchema.builder();
    if (schema == null) {
      return object.build();
    }
    if (schema.path("additionalProperties").isBoolean()) {
      object.additionalProperties(schema.path("additionalProperties").asBoolean());
    }
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    return object
        .description(schema.path("description").asText(null))
        .addProperties(elements(schema.path("properties")))
        .required(required)
        .definitions(schema.has("$defs") ? elements(schema.get("$defs")) : null)
        .build();
  }

  private static Map<String, JsonSchemaElement> elements(JsonNode schemas) {
    Map<String, JsonSchemaElement> elements = new LinkedHashMap<>();
    schemas
        .properties()
        .forEach(
            field ->
                elements.put(
                    field.getKey(),
                    JsonRawSchema.from(
                        field.getValue().isObject() ? field.getValue().toString() : "{}")));
    return elements;
  }
}
