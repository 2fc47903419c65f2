package dev.gantry.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.models.OpenAiServer;
import dev.gantry.models.ScriptedAnswer;
import dev.gantry.models.ToolCall;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TestSources;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** An agent of a test's own organization, with tools and a model that says what it is told to. */
final class Talk {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String CHAT = "/api/v1/chat";
  static final String EXECUTIONS = CHAT + "/executions/";

  /** Prints its argument in a way that only a program does. */
  static final String ECHO =
      """
      {"name": "echo", "description": "Says it again", "content": "echo \\"<$text>\\"",
       "args": [{"name": "text", "description": "What to say", "required": true}]}
      """;

  final TestOrganization organization = TestOrganization.create("ADMIN");
  final String model = "model-" + UUID.randomUUID();
  final String agent;

  /**
   * @param fields further ones of the agent, as {@code "policy": {…}}; may be empty
   */
  Talk(String fields, String... tools) {
    this(fields, Map.of(), tools);
  }

  Talk(String fields, Map<String, String> secrets, String... tools) {
    secrets.forEach(
        (name, value) ->
            organization
                .json()
                .body(Map.of("name", name, "value", value))
                .post("/api/v1/secrets")
                .then()
                .statusCode(201));
    String sources = "";
    if (tools.length > 0) {
      String source =
          TestSources.scanned(
              organization,
              "{\"name\": \"s\", \"type\": \"inline\", \"tools\": [%s]}"
                  .formatted(String.join(",", tools)));
      sources = "\"" + source + "\"";
    }
    Response made =
        organization
            .json()
            .body(
                "{\"name\": \"helper\", \"llm_model\": \"%s\", \"sources\": [%s]%s}"
                    .formatted(model, sources, fields.isEmpty() ? "" : ", " + fields))
            .post("/api/v1/agents");
    assertThat(made.statusCode()).as(made.asString()).isEqualTo(201);
    agent = made.path("uuid");
  }

  static ToolCall call(String id, String tool, String arguments) {
    return new ToolCall(id, tool, arguments);
  }

  Talk script(ScriptedAnswer... answers) {
    OpenAiServer.shared().script(model, answers);
    return this;
  }

  Talk answer(Function<OpenAiServer.Asked, ScriptedAnswer> answers) {
    OpenAiServer.shared().answer(model, answers);
    return this;
  }

  List<OpenAiServer.Asked> asked() {
    return OpenAiServer.shared().asked(model);
  }

  Map<String, Object> body(String message) {
    return new HashMap<>(Map.of("agent_uuid", agent, "message", message));
  }

  Response say(String message) {
    return say(body(message));
  }

  Response say(Map<String, Object> body) {
    return organization.json().body(body).post(CHAT);
  }

  /** The frames of the whole turn. */
  List<JsonNode> stream(String message) {
    Map<String, Object> body = body(message);
    body.put("stream", true);
    Response answer = say(body);
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
    assertThat(answer.header("Location")).startsWith("http").contains(EXECUTIONS + "chat-exec-");
    return frames(answer.asString());
  }

  static List<JsonNode> frames(String text) {
    List<JsonNode> frames = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("data: ")) {
        frames.add(tree(line.substring(6)));
      }
    }
    return frames;
  }

  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> types(List<JsonNode> frames) {
    return frames.stream().map(frame -> frame.get("type").asText()).toList();
  }

  Response get(String execution) {
    return organization.json().get(EXECUTIONS + execution);
  }

  Response get(String execution, String what) {
    return organization.json().get(EXECUTIONS + execution + "/" + what);
  }

  JsonNode transcript(String execution) {
    return tree(get(execution, "transcript").asString()).get("entries");
  }

  /** Those of one type. */
  List<JsonNode> entries(String execution, String type) {
    List<JsonNode> found = new ArrayList<>();
    transcript(execution)
        .forEach(
            entry -> {
              if (entry.get("type").asText().equals(type)) {
                found.add(entry);
              }
            });
    return found;
  }

  /** The turn that is under way, once there is one. */
  String underWay() {
    String path = CHAT + "/executions?status=running";
    await(() -> organization.json().get(path).<Integer>path("total") == 1);
    return organization.json().get(path).path("executions[0].execution_id");
  }

  Response ended(String execution) {
    Response turn = organization.json().get(EXECUTIONS + execution + "?wait=30s");
    assertThat(turn.<Object>path("completed_at")).as(turn.asString()).isNotNull();
    return turn;
  }

  static void await(java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(condition);
  }
}
