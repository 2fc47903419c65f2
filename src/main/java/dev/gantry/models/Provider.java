package dev.gantry.models;

import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.net.URI;
import java.util.Map;

/** Whose protocol a model speaks. */
enum Provider {
  /** OpenAI, and all that are compatible with it. */
  OPENAI("https://api.openai.com/v1", Frames.Form.EVENTS) {
    @Override
    StreamingChatModel client(Access access, HttpClientBuilder http) {
      return OpenAiStreamingChatModel.builder()
          .httpClientBuilder(http)
          .baseUrl(access.baseUrl().toString())
          .apiKey(access.key())
          .build();
    }

    @Override
    Deltas deltas() {
      return new OpenAiDeltas();
    }
  },

  ANTHROPIC("https://api.anthropic.com/v1", Frames.Form.EVENTS) {
    @Override
    StreamingChatModel client(Access access, HttpClientBuilder http) {
      return AnthropicStreamingChatModel.builder()
          .httpClientBuilder(http)
          .baseUrl(access.baseUrl().toString())
          .apiKey(access.key())
          .build();
    }

    @Override
    Deltas deltas() {
      return Deltas.AS_THEY_ARE;
    }
  },

  OLLAMA("http://localhost:11434", Frames.Form.LINES) {
    @Override
    StreamingChatModel client(Access access, HttpClientBuilder http) {
      return OllamaStreamingChatModel.builder()
          .httpClientBuilder(http)
          .baseUrl(access.baseUrl().toString())
          .customHeaders(
              access.key() == null ? Map.of() : Map.of("Authorization", "Bearer " + access.key()))
          .build();
    }

    @Override
    Deltas deltas() {
      return new OllamaDeltas();
    }
  };

  private final URI baseUrl;
  private final Frames.Form form;

  Provider(String baseUrl, Frames.Form form) {
    this.baseUrl = URI.create(baseUrl);
    this.form = form;
  }

  /** A client for one call; making it connects to nothing. */
  abstract StreamingChatModel client(Access access, HttpClientBuilder http);

  /** For the frames of one answer. */
  abstract Deltas deltas();

  /** Where it is unless a model says otherwise. */
  URI baseUrl() {
    return baseUrl;
  }

  Frames.Form form() {
    return form;
  }
}
