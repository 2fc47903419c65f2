package dev.gantry.mcp;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TestSources;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Gantry as the protocol's own client sees it, and as raw messages do. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class McpTest {
  private static final String MCP = "/api/v1/mcp";
  private static final String SOURCE =
      """
      {"name": "%s", "type": "inline", "tools": [
        {"name": "greet", "description": "Greets", "content": "echo Hello $who",
         "args": [{"name": "who", "required": true, "description": "Whom"},
           {"name": "times", "type": "integer", "default": "1"},
           {"name": "how", "options": ["loud", "quiet"]}]},
        {"name": "fail", "description": "Fails", "content": "echo so far; exit 3"},
        {"name": "Sleep well!", "description": "Takes its time", "content": "sleep 120"}],
       "workflows": [{"name": "greet", "description": "Greets in two steps",
         "params": [{"name": "who", "default": "you"}],
         "steps": [{"name": "a", "command": "echo Hello ${who}"},
           {"name": "b", "command": "echo Bye", "depends": ["a"]}]}]}
      """;

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  private final List<String> progress = new CopyOnWriteArrayList<>();

  private void scan(String name) {
    TestSources.scanned(mine, SOURCE.formatted(name));
  }

  private McpSyncClient client(String key) {
    HttpClientStreamableHttpTransport transport =
        HttpClientStreamableHttpTransport.builder(RestAssured.baseURI + ":" + RestAssured.port)
            .endpoint(MCP)
            .jsonMapper(new JacksonMcpJsonMapper(new ObjectMapper()))
            .httpRequestCustomizer(
                (request, method, endpoint, body, context) ->
                    request.header("Authorization", "Bearer " + key))
            .build();
    return McpClient.sync(transport)
        .requestTimeout(Duration.ofSeconds(30))
        .jsonSchemaValidator((schema, content) -> ValidationResponse.asValid(""))
        .progressConsumer(told -> progress.add(told.message()))
        .build();
  }

  private static CallToolResult call(McpSyncClient client, String tool, Map<String, Object> args) {
    return client.callTool(
        CallToolRequest.builder().name(tool).arguments(args).progressToken("p").build());
  }

  private static String text(CallToolResult result) {
    return ((TextContent) result.content().get(0)).text();
  }

  private static Map<?, ?> structured(CallToolResult result) {
    return (Map<?, ?>) result.structuredContent();
  }

  /** A message as no library sends it. */
  private Response send(String session, String message) {
    return mine.json()
        .accept("application/json, text/event-stream")
        .header("Mcp-Session-Id", session)
        .body(message)
        .post(MCP);
  }

  private String key(String role, String scopes) {
    return mine.json()
        .body("{\"name\": \"x\", \"role\": \"%s\", \"scopes\": [%s]}".formatted(role, scopes))
        .post("/api/v1/api-keys")
        .path("key");
  }

  @Test
  void listsWhatSourcesOffer() {
    scan("one");
    try (McpSyncClient client = client(mine.key())) {
      assertThat(client.initialize().serverInfo().name()).isEqualTo("gantry");

      Map<String, Tool> tools =
          client.listTools().tools().stream()
              .collect(Collectors.toMap(Tool::title, tool -> tool, (tool, workflow) -> tool));

      assertThat(client.listTools().tools())
          .extracting(Tool::name)
          .satisfiesExactly(
              sleep -> assertThat(sleep).matches("tool__[0-9a-f]{32}__Sleep_well_"),
              fail -> assertThat(fail).isEqualTo("fail"),
              greet -> assertThat(greet).isEqualTo("greet"),
              workflow -> assertThat(workflow).isEqualTo("workflow__greet"));
      Tool greet = tools.get("greet");
      assertThat(greet.description()).isEqualTo("Greets");
      assertThat(greet.inputSchema().required()).containsExactly("who");
      assertThat(greet.inputSchema().properties())
          .isEqualTo(
              Map.of(
                  "who", Map.of("type", "string", "description", "Whom"),
                  "times", Map.of("type", "integer", "default", 1),
                  "how", Map.of("type", "string", "enum", List.of("loud", "quiet"))));
    }
  }

  @Test
  void aCallIsAnExecutionAndAnswersItsOutput() {
    scan("one");
    try (McpSyncClient client = client(mine.key())) {
      client.initialize();

      CallToolResult tool = call(client, "greet", Map.of("who", "world", "times", 2));
      CallToolResult workflow = call(client, "workflow__greet", Map.of("who", "all"));

      assertThat(tool.isError()).isFalse();
      assertThat(text(tool)).isEqualTo("Hello world");
      assertThat(structured(tool).get("output")).isEqualTo("Hello world");
      String id = (String) structured(tool).get("execution_id");
      mine.json().get("/api/v1/tools/executions/" + id).then().statusCode(200);
      assertThat(progress).contains(id + " runs");
      assertThat(workflow.isError()).isFalse();
      assertThat(structured(workflow).get("steps"))
          .isEqualTo(
              List.of(
                  Map.of("name", "a", "status", "completed", "output", "Hello all"),
                  Map.of("name", "b", "status", "completed", "output", "Bye")));
    }
  }

  @Test
  void failuresAreToldToTheModel() {
    scan("one");
    try (McpSyncClient client = client(mine.key())) {
      client.initialize();

      CallToolResult failed = call(client, "fail", Map.of());
      CallToolResult wrong = call(client, "greet", Map.of("whom", "world"));
      CallToolResult unknown = call(client, "nothing", Map.of());

      assertThat(failed.isError()).isTrue();
      assertThat(text(failed))
          .startsWith("The tool failed: ")
          .contains("3", "tool-exec-", "It printed:\nso far");
      assertThat(wrong.isError()).isTrue();
      assertThat(text(wrong)).contains("args.who", "is missing");
      assertThat(unknown.isError()).isTrue();
      assertThat(text(unknown)).contains("no tool 'nothing' in any source");
      assertThatThrownBy(() -> call(client, "no such name", Map.of()))
          .hasMessageContaining("there is no such tool");
    }
  }

  @Test
  void aNameThatTwoSourcesHaveGoesById() {
    scan("one");
    scan("two");
    try (McpSyncClient client = client(mine.key())) {
      client.initialize();
      List<Tool> greetings =
          client.listTools().tools().stream()
              .filter(tool -> tool.title().equals("greet") && tool.name().startsWith("tool"))
              .toList();

      assertThat(greetings).hasSize(2);
      assertThat(greetings)
          .extracting(Tool::description)
          .containsExactlyInAnyOrder(
              "Greets (of the source 'one')", "Greets (of the source 'two')");
      assertThat(text(call(client, greetings.get(1).name(), Map.of("who", "you"))))
          .isEqualTo("Hello you");
      assertThat(text(call(client, "greet", Map.of("who", "you"))))
          .contains("several sources have the tool 'greet'");
    }
  }

  @Test
  void aListComesInPages() {
    String tools =
        IntStream.range(0, 101)
            .mapToObj(
                i ->
                    "{\"name\": \"t%03d\", \"description\": \"d\", \"content\": \"true\"}"
                        .formatted(i))
            .collect(Collectors.joining(","));
    TestSources.scanned(
        mine,
        """
        {"name": "many", "type": "inline", "tools": [%s],
         "workflows": [{"name": "w", "steps": [{"name": "a", "command": "true"}]}]}
        """
            .formatted(tools));
    try (McpSyncClient client = client(mine.key())) {
      client.initialize();

      String answer =
          send("s", "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/list\"}").asString();
      ListToolsResult all = client.listTools();

      assertThat(answer).contains("\"t099\"", "nextCursor").doesNotContain("\"t100\"");
      assertThat(all.tools())
          .extracting(Tool::name)
          .hasSize(102)
          .doesNotHaveDuplicates()
          .endsWith("t099", "t100", "workflow__w");
      assertThatThrownBy(() -> client.listTools("made up")).hasMessageContaining("nextCursor");
    }
  }

  @Test
  void othersSeeAndCallNothing() {
    scan("one");
    try (McpSyncClient foreign = client(TestOrganization.create("ADMIN").key())) {
      foreign.initialize();

      assertThat(foreign.listTools().tools()).isEmpty();
      assertThat(text(call(foreign, "greet", Map.of("who", "you")))).contains("no tool 'greet'");
    }
    given()
        .contentType("application/json")
        .body("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"initialize\"}")
        .post(MCP)
        .then()
        .statusCode(401);
    try (McpSyncClient nobody = client("gtk_of-nobody")) {
      assertThatThrownBy(nobody::initialize).isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void scopesHoldHereToo() {
    scan("one");
    try (McpSyncClient narrow = client(key("operator", "\"mcp\", \"workflows\""))) {
      narrow.initialize();

      assertThat(narrow.listTools().tools())
          .extracting(Tool::name)
          .containsExactly("workflow__greet");
      assertThatThrownBy(() -> call(narrow, "greet", Map.of("who", "you")))
          .isInstanceOf(RuntimeException.class);
    }
    new TestOrganization(mine.id(), key("operator", "\"mcp\", \"workflows\""))
        .json()
        .body(call(1, "greet"))
        .post(MCP)
        .then()
        .statusCode(403);
    new TestOrganization(mine.id(), key("viewer", "\"mcp\""))
        .json()
        .body("{}")
        .post(MCP)
        .then()
        .statusCode(403);
  }

  @Test
  void aKeyThatIsRevokedOpensNothingMore() {
    scan("one");
    Response made =
        mine.json().body("{\"name\": \"x\", \"role\": \"operator\"}").post("/api/v1/api-keys");
    try (McpSyncClient client = client(made.path("key"))) {
      client.initialize();
      assertThat(client.listTools().tools()).hasSize(4);

      mine.json().delete("/api/v1/api-keys/" + made.path("uuid")).then().statusCode(200);

      assertThatThrownBy(() -> call(client, "greet", Map.of("who", "you")))
          .isInstanceOf(RuntimeException.class);
    }
  }

  private static String call(int id, String tool) {
    return """
        {"jsonrpc": "2.0", "id": %d, "method": "tools/call",
         "params": {"name": "%s", "arguments": {"who": "you"}}}
        """
        .formatted(id, tool);
  }

  private int executions() {
    return mine.json().get("/api/v1/tools/executions").path("total");
  }

  @Test
  void aCallThatIsSentAgainRunsOnce() {
    scan("one");

    String first = send("session-a", call(7, "greet")).asString();
    String again = send("session-a", call(7, "greet")).asString();
    String other = send("session-b", call(7, "greet")).asString();

    assertThat(again.substring(again.indexOf("event:")))
        .isEqualTo(first.substring(first.indexOf("event:")));
    assertThat(other).contains("Hello you");
    assertThat(executions()).isEqualTo(2);
    assertThat(send("session-a", call(7, "greet").replace("you", "me")).statusCode())
        .isEqualTo(422);
  }

  @Test
  void whoTakesACallBackEndsItsExecution() {
    scan("one");
    String sleep =
        send("s", "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/list\"}")
            .path("result.tools[0].name");
    String called =
        "{\"jsonrpc\": \"2.0\", \"id\": \"c-1\", \"method\": \"tools/call\", \"params\": {\"name\": \"%s\"}}"
            .formatted(sleep);
    CompletableFuture<String> answer =
        CompletableFuture.supplyAsync(() -> send("session-c", called).asString());
    await().until(() -> executions() == 1);

    String takenBack =
        """
        {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": "c-1"}}
        """;
    assertThat(send("session-of-another", takenBack).statusCode()).isEqualTo(202);
    assertThat(mine.json().get("/api/v1/tools/executions").<String>path("executions[0].status"))
        .isEqualTo("running");
    assertThat(send("session-c", takenBack).statusCode()).isEqualTo(202);

    assertThat(answer)
        .succeedsWithin(Duration.ofSeconds(20))
        .asString()
        .contains("The tool cancelled");
    assertThat(send("session-c", takenBack).statusCode()).as("it has ended").isEqualTo(202);
  }

  @Test
  void answersWhatTheProtocolAsks() {
    mine.json()
        .accept("application/json")
        .body("{\"jsonrpc\": \"2.0\", \"id\": \"a\", \"method\": \"ping\"}")
        .post(MCP)
        .then()
        .statusCode(200)
        .body("id", equalTo("a"))
        .body("result.size()", equalTo(0));
    assertThat(
            send("s", "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"resources/list\"}")
                .<Integer>path("error.code"))
        .isEqualTo(-32601);
    assertThat(
            send("s", "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}")
                .statusCode())
        .isEqualTo(202);
    assertThat(send("s", "[]").statusCode()).isEqualTo(400);
    assertThat(mine.json().get(MCP).statusCode())
        .as("there is no stream of the server's own")
        .isEqualTo(405);
    assertThat(
            mine.json()
                .header("MCP-Protocol-Version", "1999-01-01")
                .body("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}")
                .post(MCP)
                .statusCode())
        .isEqualTo(400);
    String asked =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"%s\"}}";
    assertThat(send("s", asked.formatted("2025-03-26")).<String>path("result.protocolVersion"))
        .isEqualTo("2025-03-26");
    assertThat(send("s", asked.formatted("2030-01-01")).<String>path("result.protocolVersion"))
        .isEqualTo("2025-11-25");
  }
}
