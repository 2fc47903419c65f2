package dev.gantry.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.models.ModelFailure.Kind;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The protocols of Anthropic and Ollama, as their servers speak them. */
class OtherProvidersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ModelCall CALL =
      new ModelCall(
          "m",
          List.of(
              new Message.Instructions("Be brief."),
              new Message.User("Restart both."),
              new Message.Assistant("", List.of(new ToolCall("c0", "look", "no json"))),
              new Message.ToolResult("c0", "look", "failed", true)),
          List.of(new ToolSpec("restart", "Restarts", null)),
          null,
          null);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicReference<Asked> asked = new AtomicReference<>();
  private HttpServer server;
  private String answer;

  private record Asked(String path, MultiMap headers, String body) {
    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @BeforeEach
  void serve() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              asked.set(
                                  new Asked(request.path(), request.headers(), body.toString()));
                              request.response().end(answer);
                            }))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private TestModels models(String provider, String path) {
    return TestModels.of(
        """
        models:
          - {name: m, provider: %s, model: m-1, retries: 0, api_key_env: MODEL_KEY,
             base_url: 'http://127.0.0.1:%d%s'}
        """
            .formatted(provider, server.actualPort(), path));
  }

  private ModelAnswer ask(String provider, String path) {
    try (TestModels models = models(provider, path)) {
      ModelAnswer told = models.ask(CALL);
      assertThat(String.join("", models.told)).isEqualTo(told.text());
      return told;
    }
  }

  private ModelFailure failure(String provider, String path) {
    try (TestModels models = models(provider, path)) {
      return catchThrowableOfType(ModelFailure.class, () -> models.ask(CALL));
    }
  }

  private static final String ANTHROPIC =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":25,"output_tokens":1}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

      event: ping
      data: {"type": "ping"}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Both, "}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"then."}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      event: content_block_start
      data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_1","name":"restart","input":{}}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"pod\\":"}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"\\"a\\"}"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":1}

      event: content_block_start
      data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_2","name":"restart","input":{}}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":2}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":15}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  @Test
  void readsAnthropic() {
    answer = ANTHROPIC;

    ModelAnswer told = ask("anthropic", "/v1");

    assertThat(told.text()).isEqualTo("Both, then.");
    assertThat(told.calls())
        .containsExactly(
            new ToolCall("toolu_1", "restart", "{\"pod\":\"a\"}"),
            new ToolCall("toolu_2", "restart", "{}"));
    assertThat(told.finish()).isEqualTo("tool_calls");
    assertThat(told.usage().inputTokens()).isEqualTo(25);
    assertThat(told.usage().outputTokens()).isEqualTo(15);
  }

  @Test
  void asksAnthropic() {
    answer = ANTHROPIC;
    ask("anthropic", "/v1");

    assertThat(asked.get().path()).isEqualTo("/v1/messages");
    assertThat(asked.get().headers().get("x-api-key")).isEqualTo(TestModels.KEY);
    JsonNode body = asked.get().json();
    assertThat(body.path("model").asText()).isEqualTo("m-1");
    assertThat(body.path("max_tokens").asInt()).isEqualTo(4096);
    assertThat(body.at("/system/0/text").asText()).isEqualTo("Be brief.");
    assertThat(body.at("/messages/0/content/0/text").asText()).isEqualTo("Restart both.");
    assertThat(body.at("/messages/1/content/0/input/invalid_arguments").asText())
        .isEqualTo("no json");
    assertThat(body.at("/messages/2/content/0/is_error").asBoolean()).isTrue();
    assertThat(body.at("/tools/0/name").asText()).isEqualTo("restart");
  }

  @Test
  void anAnthropicAnswerThatDoesNotEndIsNone() {
    answer = ANTHROPIC.substring(0, ANTHROPIC.indexOf("event: message_stop"));
    assertThat(failure("anthropic", "/v1").kind()).isEqualTo(Kind.BROKEN_STREAM);

    answer = ANTHROPIC.replace("{\"type\": \"ping\"}", "{\"type\": ");
    assertThat(failure("anthropic", "/v1").kind()).isEqualTo(Kind.BROKEN_STREAM);

    answer =
        """
        event: error
        data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}

        """;
    assertThat(failure("anthropic", "/v1"))
        .hasMessageContaining("Overloaded")
        .extracting(ModelFailure::kind)
        .isEqualTo(Kind.UNAVAILABLE);
  }

  private static final String OLLAMA =
      """
      {"model":"m-1","message":{"role":"assistant","content":"Both, "},"done":false}
      {"model":"m-1","message":{"role":"assistant","content":"then."},"done":false}
      {"model":"m-1","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"restart","arguments":{"pod":"a"}}},{"function":{"name":"stop","arguments":{"pod":"b"}}}]},"done":false}
      {"model":"m-1","message":{"role":"assistant","content":""},"done_reason":"stop","done":true,"prompt_eval_count":36,"eval_count":8}
      """;

  @Test
  void readsOllama() {
    answer = OLLAMA;

    ModelAnswer told = ask("ollama", "");

    assertThat(told.text()).isEqualTo("Both, then.");
    assertThat(told.calls())
        .extracting(call -> call.tool() + " " + call.arguments())
        .containsExactly("restart {\"pod\":\"a\"}", "stop {\"pod\":\"b\"}");
    assertThat(told.calls()).extracting(ToolCall::id).doesNotHaveDuplicates().doesNotContain("");
    assertThat(told.finish()).isEqualTo("tool_calls");
    assertThat(told.usage()).isEqualTo(new Usage(36, 8, null));
  }

  @Test
  void asksOllama() {
    answer = OLLAMA;
    ask("ollama", "");

    assertThat(asked.get().path()).isEqualTo("/api/chat");
    assertThat(asked.get().headers().get("authorization")).isEqualTo("Bearer " + TestModels.KEY);
    assertThat(asked.get().json().path("model").asText()).isEqualTo("m-1");
    assertThat(asked.get().json().at("/messages/3/role").asText()).isEqualTo("tool");
  }

  @Test
  void anOllamaAnswerThatDoesNotEndIsNone() {
    answer = OLLAMA.lines().limit(3).reduce("", (all, line) -> all + line + "\n");
    assertThat(failure("ollama", "").kind()).isEqualTo(Kind.BROKEN_STREAM);

    answer = "{\"error\":\"out of memory\"}\n";
    assertThat(failure("ollama", "")).hasMessageContaining("out of memory");
  }
}
