package dev.gantry.chat;

import static dev.gantry.chat.Talk.CHAT;
import static dev.gantry.chat.Talk.ECHO;
import static dev.gantry.chat.Talk.EXECUTIONS;
import static dev.gantry.chat.Talk.call;
import static dev.gantry.chat.Talk.types;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.gantry.models.ScriptedAnswer;
import dev.gantry.testing.EventStream;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Conversations through the API, a real runner and a model server that is told what to say. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class ChatTest {
  private static final String SLEEPER =
      """
      {"name": "sleeper", "description": "Sleeps", "content": "echo begun; sleep 60"}
      """;

  private static ScriptedAnswer twoCalls() {
    return ScriptedAnswer.calls(
            call("a", "echo", "{\"text\": \"one\"}"), call("b", "echo", "{\"text\": \"two\"}"))
        .saying("I'll check");
  }

  @Test
  void streamsTheFramesOfTheReferenceWithTwoToolsSideBySide() {
    Talk talk = new Talk("", ECHO).script(twoCalls(), ScriptedAnswer.text("All ", "is well"));

    List<JsonNode> frames = talk.stream("Check it");

    assertThat(types(frames))
        .containsExactly(
            "message", "tool_call", "tool_call", "tool_result", "tool_result", "message", "done");
    assertThat(frames.get(0).get("content").asText()).isEqualTo("I'll check");
    assertThat(frames.get(1).get("tool").asText()).isEqualTo("echo");
    assertThat(frames.get(1).get("args").toString()).isEqualTo("{\"text\":\"one\"}");
    assertThat(frames.get(3).get("result").asText()).isEqualTo("<one>");
    assertThat(frames.get(4).get("result").asText()).isEqualTo("<two>");
    assertThat(frames.get(5).get("content").asText()).isEqualTo("All is well");
    assertThat(frames.get(6).toString()).isEqualTo("{\"type\":\"done\"}");
    String tool = frames.get(1).get("execution_id").asText();
    talk.organization
        .json()
        .get("/api/v1/tools/executions/" + tool)
        .then()
        .body("status", equalTo("completed"))
        .body("output", equalTo("<one>"));
    talk.organization
        .json()
        .get("/api/v1/tools/executions/" + tool + "/logs")
        .then()
        .body("logs.message", hasItem("<one>"));
  }

  @Test
  void whatAnAgentCallsIsListedAmongTheExecutionsOfTools() {
    Talk talk = new Talk("", ECHO).script(twoCalls(), ScriptedAnswer.text("Well"));
    String id = talk.say("Check it").path("execution_id");
    String tools = "/api/v1/tools/executions";
    talk.organization
        .json()
        .body("{\"name\": \"other\", \"content\": \"true\"}")
        .post("/api/v1/tools/execute?wait=20s");

    talk.organization.json().get(tools).then().body("total", equalTo(3));
    talk.organization
        .json()
        .get(tools + "?parent=" + id)
        .then()
        .body("total", equalTo(2))
        .body("executions.name", equalTo(List.of("echo", "echo")));
    talk.organization
        .json()
        .get(tools + "?parent=chat-exec-" + UUID.randomUUID())
        .then()
        .body("total", equalTo(0));
    talk.organization
        .json()
        .get(tools + "?parent=x")
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo("parent"));
  }

  @Test
  void answersAsTheReferenceShows() {
    Talk talk =
        new Talk("\"ai_instructions\": \"Be kind\"", ECHO)
            .script(twoCalls(), ScriptedAnswer.text("Well"));

    Response answer = talk.say("Check it");

    answer
        .then()
        .statusCode(200)
        .body("response", equalTo("Well"))
        .body("execution_id", startsWith("chat-exec-"))
        .body("status", equalTo("completed"));
    String id = answer.path("execution_id");
    talk.get(id)
        .then()
        .body("status", equalTo("completed"))
        .body("agent", equalTo("helper"))
        .body("agent_uuid", equalTo(talk.agent))
        .body("response", equalTo("Well"))
        .body("usage.input_tokens", equalTo(20))
        .body("usage.answers", equalTo(2));
    JsonNode first = talk.asked().get(0).body();
    assertThat(first.at("/messages/0/content").asText()).startsWith("Be kind");
    assertThat(first.at("/messages/1/content").asText()).isEqualTo("Check it");
    assertThat(first.at("/tools/0/function/name").asText()).isEqualTo("echo");
    assertThat(first.at("/tools/0/function/parameters/required/0").asText()).isEqualTo("text");
    JsonNode second = talk.asked().get(1).body();
    assertThat(second.at("/messages/3/role").asText()).isEqualTo("tool");
    assertThat(second.at("/messages/3/tool_call_id").asText()).isEqualTo("a");
    assertThat(second.at("/messages/3/content").asText()).contains("<one>");
    assertThat(talk.transcript(id))
        .extracting(entry -> entry.get("type").asText())
        .containsExactly(
            "asked",
            "prompted",
            "answered",
            "called",
            "called",
            "returned",
            "returned",
            "answered",
            "ended");
    talk.get(id, "why").then().body("status", equalTo("completed"));
    talk.get(id, "logs?limit=4&after=1")
        .then()
        .body("logs.id", equalTo(List.of("2", "3", "4", "5")))
        .body("logs[2].message", startsWith("calls echo with {text=one} as tool-exec-"))
        .body("next", equalTo("5"))
        .body("has_more", equalTo(true));
    Talk.await(
        () ->
            talk.get(id, "events")
                .<List<String>>path("events.type")
                .equals(List.of("chat.started", "chat.completed")));
    TestOrganization.create("ADMIN").json().get(EXECUTIONS + id).then().statusCode(404);
  }

  @Test
  void aStreamThatWasCutGoesOnBehindAnyFrame() throws IOException, InterruptedException {
    Talk talk =
        new Talk("", ECHO)
            .script(twoCalls(), ScriptedAnswer.text("Well").after(Duration.ofMillis(500)));
    Map<String, Object> body = talk.body("Check it");
    body.put("stream", true);
    HttpResponse<InputStream> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(RestAssured.baseURI + ":" + RestAssured.port + CHAT))
                    .header("Authorization", "Bearer " + talk.organization.key())
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(Talk.JSON.writeValueAsString(body)))
                    .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    String last = null;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      while (last == null) {
        String line = lines.readLine();
        last = line.startsWith("id: ") ? line.substring(4) : null;
      }
    }

    String location = answer.headers().firstValue("Location").orElseThrow();
    try (EventStream rest = EventStream.open(location + "/stream", talk.organization.key(), last)) {
      assertThat(types(rest.rest().stream().map(EventStream.Frame::data).toList()))
          .containsExactly(
              "tool_call", "tool_call", "tool_result", "tool_result", "message", "done");
    }
    try (EventStream all = EventStream.open(location + "/stream", talk.organization.key(), null)) {
      assertThat(all.rest()).hasSize(7);
    }
  }

  @Test
  void aSessionRemembersWhatWasSaid() {
    Talk talk =
        new Talk("").script(ScriptedAnswer.text("Hello Ann"), ScriptedAnswer.text("You are Ann"));
    String session = talk.say("I am Ann").path("session_id");
    Map<String, Object> body = talk.body("Who am I?");
    body.put("session_id", session);

    talk.say(body).then().statusCode(200).body("response", equalTo("You are Ann"));

    assertThat(talk.asked().get(1).body().get("messages"))
        .extracting(message -> message.get("content").asText())
        .endsWith("I am Ann", "Hello Ann", "Who am I?");
    String history = CHAT + "/" + talk.agent + "/history";
    Response messages = talk.organization.json().get(history);
    messages
        .then()
        .body(
            "messages.content",
            equalTo(List.of("I am Ann", "Hello Ann", "Who am I?", "You are Ann")))
        .body("messages.role", equalTo(List.of("user", "assistant", "user", "assistant")))
        .body("messages[0].id", startsWith("msg-"))
        .body("total", equalTo(4))
        .body("limit", equalTo(50));
    String third = messages.path("messages[2].timestamp");
    talk.organization
        .json()
        .get(history + "?offset=1&limit=1&since=" + third)
        .then()
        .body("messages.content", equalTo(List.of("You are Ann")))
        .body("total", equalTo(2));
    talk.organization
        .json()
        .get(CHAT + "/" + talk.agent + "/sessions")
        .then()
        .body("sessions", hasSize(1))
        .body("sessions[0].session_id", equalTo(session))
        .body("sessions[0].messages", equalTo(4));
    TestOrganization.create("ADMIN").json().get(history).then().statusCode(404);
  }

  @Test
  void aMistakeOfTheModelIsToldToIt() {
    Talk talk =
        new Talk(
                "",
                ECHO,
                """
                {"name": "fails", "description": "Fails", "content": "echo broken >&2; exit 3"}
                """)
            .script(
                ScriptedAnswer.calls(
                    call("a", "unknown", "{}"),
                    call("b", "echo", "{}"),
                    call("c", "echo", "{\"text\""),
                    call("d", "fails", "{}")),
                ScriptedAnswer.text("Sorry"));

    List<JsonNode> frames = talk.stream("Check it");

    assertThat(frames)
        .filteredOn(frame -> frame.get("type").asText().equals("tool_result"))
        .allSatisfy(frame -> assertThat(frame.get("failed").asBoolean()).isTrue())
        .extracting(frame -> frame.get("result").asText())
        .satisfiesExactly(
            unknown -> assertThat(unknown).isEqualTo("there is no such tool"),
            missing -> assertThat(missing).contains("args.text: is missing"),
            malformed -> assertThat(malformed).contains("no JSON"),
            failed -> assertThat(failed).contains("exit code 3").contains("broken"));
    assertThat(types(frames)).endsWith("message", "done");
  }

  @Test
  void toolsGetTheAgentsEnvironmentAndSecretsAndTheModelSeesNoSecret() {
    String secret = "s3cr3t-" + UUID.randomUUID();
    Talk talk =
        new Talk(
                "\"environment_variables\": {\"REGION\": \"eu\"}, \"secrets\": [\"TOKEN\"]",
                Map.of("TOKEN", secret),
                """
                {"name": "show", "description": "Shows", "content": "echo $REGION ${#TOKEN}; echo $TOKEN"}
                """)
            .script(ScriptedAnswer.calls(call("a", "show", "{}")), ScriptedAnswer.text("Well"));

    List<JsonNode> frames = talk.stream("Check it");

    String result = frames.get(1).get("result").asText();
    assertThat(result).startsWith("eu " + secret.length()).doesNotContain(secret);
    assertThat(talk.asked().get(1).body().toString()).doesNotContain(secret);
  }

  @Test
  void longResultsAreCutAndSayWhereTheWholeIs() {
    Talk talk =
        new Talk(
                "",
                """
                {"name": "long", "description": "Long", "content": "echo first; seq 1 9000; echo last"}
                """)
            .script(ScriptedAnswer.calls(call("a", "long", "{}")), ScriptedAnswer.text("Well"));

    String result = talk.stream("Check it").get(1).get("result").asText();

    assertThat(result.length()).isLessThan(17 << 10);
    assertThat(result).startsWith("first").contains("bytes are left out").contains("last");
    assertThat(result).contains("/api/v1/tools/executions/tool-exec-");
  }

  @Test
  void documentsGoWithTheMessageAsData() throws IOException {
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/config.yaml",
        exchange -> {
          byte[] text = "level: high".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, text.length);
          exchange.getResponseBody().write(text);
          exchange.close();
        });
    web.start();
    Talk talk = new Talk("").script(ScriptedAnswer.text("Well"));
    Map<String, Object> body = talk.body("Look");
    String url = "http://127.0.0.1:" + web.getAddress().getPort() + "/config.yaml";
    body.put(
        "context",
        List.of(
            Map.of("type", "file", "content", "kind: Deployment", "filename", "d.yaml"),
            Map.of("type", "url", "url", url)));
    try {
      talk.say(body).then().statusCode(200);
    } finally {
      web.stop(0);
    }
    String said = talk.asked().get(0).body().at("/messages/1/content").asText();
    assertThat(said).startsWith("Look").contains("of=\"d.yaml\">\nkind: Deployment\n</data-");
    assertThat(said).contains("of=\"" + url + "\">\nlevel: high\n</data-");
  }

  /** B2: what a caller names leads to no address that is not public. */
  @Test
  void readsNoUrlOfAPrivateAddress() throws IOException {
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Location", "http://169.254.169.254/latest/meta-data");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    web.start();
    Talk talk = new Talk("").script(ScriptedAnswer.text("Well"));
    try {
      for (String url :
          List.of(
              "http://10.0.0.1/x",
              "http://192.168.0.1/x",
              "http://169.254.169.254/meta",
              "http://[fe80::1]/",
              "http://[fd00:ec2::254]/",
              "http://[::ffff:10.0.0.1]/",
              "http://[64:ff9b::10.0.0.1]/",
              "http://167772161/x",
              "http://127.0.0.1:" + web.getAddress().getPort() + "/redirects")) {
        Map<String, Object> body = talk.body("Look");
        body.put("context", List.of(Map.of("type", "url", "url", url)));
        Response answer = talk.say(body);
        assertThat(answer.statusCode()).as(url).isEqualTo(400);
        answer
            .then()
            .body("error.details.field", equalTo("context[0].url"))
            .body("error.details.error", containsString("private or reserved"));
      }
    } finally {
      web.stop(0);
    }
    assertThat(talk.asked()).isEmpty();
    talk.organization.json().get(CHAT + "/executions").then().body("total", equalTo(0));
  }

  @Test
  void whatIsWrongIsToldBeforeATurnBegins() {
    Talk talk = new Talk("");
    talk.say(Map.of("agent_uuid", UUID.randomUUID().toString(), "message", "x"))
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo("agent_uuid"));
    talk.say(Map.of("agent_uuid", talk.agent))
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo("message"));
    Map<String, Object> body = talk.body("x");
    body.put("session_id", UUID.randomUUID().toString());
    talk.say(body).then().statusCode(400).body("error.details.field", equalTo("session_id"));
    talk.organization.json().body("{\"status\": \"inactive\"}").put("/api/v1/agents/" + talk.agent);
    talk.say("x").then().statusCode(409);
    talk.organization.json().get(CHAT + "/executions").then().body("total", equalTo(0));
  }

  @Test
  void aModelThatFailsFailsTheTurnWithItsReason() {
    Talk talk = new Talk("").script(ScriptedAnswer.error(400, "no such model here"));

    Response answer = talk.say("Check it");

    answer.then().statusCode(200).body("status", equalTo("failed"));
    assertThat(answer.<String>path("error")).contains("no such model here");
    String id = answer.path("execution_id");
    talk.get(id, "why").then().body("reason", containsString("no such model here"));
    List<JsonNode> frames = Talk.frames(talk.get(id, "stream").asString());
    assertThat(types(frames)).containsExactly("error");
  }

  @Test
  void theSameKeyIsTheSameTurn() {
    Talk talk = new Talk("").script(ScriptedAnswer.text("Once"));
    String first = keyed(talk).path("execution_id");

    keyed(talk).then().body("execution_id", equalTo(first)).body("response", equalTo("Once"));
    assertThat(talk.asked()).hasSize(1);
  }

  private static Response keyed(Talk talk) {
    return talk.organization
        .json()
        .header("Idempotency-Key", "k")
        .body(talk.body("Check it"))
        .post(CHAT);
  }

  @Test
  void cancelEndsTheTurnAndItsTools() {
    Talk talk = new Talk("", SLEEPER).script(ScriptedAnswer.calls(call("a", "sleeper", "{}")));
    String id = begin(talk, talk.body("Check it"));
    Talk.await(() -> !talk.entries(id, "called").isEmpty());
    String tool = "tool-exec-" + talk.entries(id, "called").get(0).get("execution").asText();
    String logs = "/api/v1/tools/executions/" + tool + "/logs";
    Talk.await(() -> talk.organization.json().get(logs).asString().contains("begun"));
    talk.get(id, "why").then().body("reason", containsString("sleeper"));

    talk.organization.json().post(EXECUTIONS + id + "/cancel").then().statusCode(202);

    assertThat(talk.ended(id).<String>path("status")).isEqualTo("cancelled");
    talk.organization
        .json()
        .get("/api/v1/tools/executions/" + tool)
        .then()
        .body("status", equalTo("cancelled"));
    assertThat(types(Talk.frames(talk.get(id, "stream").asString()))).endsWith("error");
    talk.organization.json().post(EXECUTIONS + id + "/cancel").then().statusCode(409);
  }

  @Test
  void cancelCutsTheModelOff() {
    Talk talk = new Talk("").script(ScriptedAnswer.text("late").after(Duration.ofSeconds(30)));
    String id = begin(talk, talk.body("Check it"));
    Talk.await(() -> talk.asked().size() == 1);
    talk.get(id, "why").then().body("owner", startsWith("model "));

    talk.organization.json().post(EXECUTIONS + id + "/cancel").then().statusCode(202);

    assertThat(talk.ended(id).<String>path("status")).isEqualTo("cancelled");
    Talk.await(() -> talk.asked().get(0).hungUp().isDone());
  }

  @Test
  void aSessionHasOneTurnAtATime() {
    Talk talk =
        new Talk("", SLEEPER)
            .script(
                ScriptedAnswer.text("Hello"),
                ScriptedAnswer.text("late").after(Duration.ofSeconds(30)));
    Map<String, Object> body = talk.body("Check it");
    body.put("session_id", talk.say("Hello").path("session_id"));
    String id = begin(talk, body);

    talk.say(body).then().statusCode(409).body("error.details.field", equalTo("session_id"));
    talk.organization.json().post(EXECUTIONS + id + "/cancel");
    talk.ended(id);
  }

  /** Begins a turn and hangs up. */
  private static String begin(Talk talk, Map<String, Object> body) {
    body.put("stream", true);
    var answer =
        HttpClient.newHttpClient()
            .sendAsync(
                HttpRequest.newBuilder(
                        URI.create(RestAssured.baseURI + ":" + RestAssured.port + CHAT))
                    .header("Authorization", "Bearer " + talk.organization.key())
                    .header("Content-Type", "application/json")
                    .timeout(Duration.ofSeconds(60))
                    .POST(
                        HttpRequest.BodyPublishers.ofString(Talk.JSON.valueToTree(body).toString()))
                    .build(),
                HttpResponse.BodyHandlers.discarding());
    assertThat(answer).isNotCompletedExceptionally();
    return talk.underWay();
  }

  /** The process that had the turn seems to be gone: the next one asks and runs nothing again. */
  @Test
  void whoTakesATurnOverGoesOnFromWhatIsStored() throws SQLException {
    Talk talk =
        new Talk("", ECHO)
            .script(
                ScriptedAnswer.calls(call("a", "echo", "{\"text\": \"one\"}")),
                ScriptedAnswer.text("from who was thought dead").after(Duration.ofMillis(900)),
                ScriptedAnswer.text("from the next").after(Duration.ofMillis(1500)));
    String id = begin(talk, talk.body("Check it"));
    Talk.await(() -> talk.asked().size() == 2);

    try (Connection connection = TestOrganization.connect();
        var expire =
            connection.prepareStatement(
                "update chat_turns set lease_until = now() - interval '1 second', look_at = now()"
                    + " where execution_id = ?")) {
      expire.setObject(1, UUID.fromString(id.substring("chat-exec-".length())));
      assertThat(expire.executeUpdate()).isEqualTo(1);
    }

    assertThat(talk.ended(id).<String>path("response")).isEqualTo("from the next");
    assertThat(talk.asked()).hasSize(3);
    assertThat(talk.asked().get(2).body().get("messages"))
        .isEqualTo(talk.asked().get(1).body().get("messages"));
    assertThat(talk.entries(id, "answered")).hasSize(2);
    assertThat(talk.entries(id, "returned")).hasSize(1);
    assertThat(talk.entries(id, "ended")).hasSize(1);
  }

  /** Whoever had the turn has died between the answer and the end. */
  @Test
  void anAnswerThatIsStoredIsNotAskedForAgain() throws SQLException {
    Talk talk = new Talk("").script(ScriptedAnswer.text("late").after(Duration.ofSeconds(30)));
    String id = begin(talk, talk.body("Check it"));
    Talk.await(() -> talk.asked().size() == 1);

    try (Connection connection = TestOrganization.connect();
        var store =
            connection.prepareStatement(
                """
                with taken as (
                  update chat_turns set fence = fence + 1, entries = 3, lease_until = null,
                    look_at = now()
                  where execution_id = ?::uuid and entries = 2 returning execution_id)
                insert into chat_entries (execution_id, seq, entry) select execution_id, 3, ? from taken
                """)) {
      store.setString(1, id.substring("chat-exec-".length()));
      store.setString(
          2,
          """
          {"type": "answered", "answer": {"text": "from who has died", "calls": [], "finish": "stop",
           "model": "m", "usage": {"input_tokens": 1, "output_tokens": 1}}}
          """);
      assertThat(store.executeUpdate()).isEqualTo(1);
    }

    assertThat(talk.ended(id).<String>path("response")).isEqualTo("from who has died");
    assertThat(talk.asked()).hasSize(1);
    assertThat(talk.transcript(id))
        .extracting(entry -> entry.get("type").asText())
        .containsExactly("asked", "prompted", "answered", "ended");
  }

  /** Half an answer is none, and what was half told is not told again. */
  @Test
  void anAnswerThatBreaksOffFailsTheTurnAndIsAskedForOnce() {
    for (ScriptedAnswer.Fault fault : ScriptedAnswer.Fault.values()) {
      if (fault != ScriptedAnswer.Fault.STALL) {
        Talk talk =
            new Talk("")
                .script(
                    ScriptedAnswer.text("All ", "is ", "well").failing(2, fault),
                    ScriptedAnswer.text("again"));

        Response answer = talk.say("Check it");

        answer.then().statusCode(200).body("status", equalTo("failed"));
        assertThat(talk.asked()).as(fault.name()).hasSize(1);
        assertThat(talk.entries(answer.path("execution_id"), "answered")).isEmpty();
      }
    }
  }
}
