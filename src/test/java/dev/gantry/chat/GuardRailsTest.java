package dev.gantry.chat;

import static dev.gantry.chat.Talk.CHAT;
import static dev.gantry.chat.Talk.ECHO;
import static dev.gantry.chat.Talk.EXECUTIONS;
import static dev.gantry.chat.Talk.call;
import static dev.gantry.chat.Talk.types;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.models.OpenAiServer;
import dev.gantry.models.ScriptedAnswer;
import dev.gantry.models.ToolCall;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What an agent must not do, whatever its model wants; and what a turn may take. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class GuardRailsTest {
  private static final String WIPE =
      """
      {"name": "wipe", "description": "Wipes", "content": "echo wiped", "args": [{"name": "target"}]}
      """;
  private static final String DEPLOY =
      """
      {"name": "deploy", "description": "Deploys", "content": "echo deployed $version",
       "args": [{"name": "version", "default": "1"}]}
      """;
  private static final String RULES =
      """
      "policy": {"rules": [
        {"effect": "deny", "tool": "wi*"},
        {"effect": "ask", "tool": "deploy", "reason": "It is seen by customers"},
        {"effect": "deny", "tool": "echo", "args": {"text": "re:(?i)prod"}, "reason": "Not of prod"}]}
      """;

  private static String budget(String budgets) {
    return "\"policy\": {\"budgets\": {" + budgets + "}}";
  }

  @Test
  void aModelHearsNothingOfWhatIsForbiddenAndCannotCallIt() {
    Talk talk =
        new Talk(RULES, ECHO, WIPE, DEPLOY)
            .script(
                ScriptedAnswer.calls(
                    call("a", "wipe", "{}"), call("b", "echo", "{\"text\": \"of Prod\"}")),
                ScriptedAnswer.text("Well"));

    List<JsonNode> frames = talk.stream("Check it");

    assertThat(types(frames))
        .containsExactly("tool_call", "tool_call", "tool_result", "tool_result", "message", "done");
    assertThat(frames.get(2).get("result").asText()).isEqualTo("there is no such tool");
    assertThat(frames.get(3).get("result").asText())
        .isEqualTo("the agent's policy denies this call: Not of prod");
    assertThat(talk.asked().get(0).body().get("tools"))
        .extracting(tool -> tool.at("/function/name").asText())
        .containsExactly("deploy", "echo");
    assertThat(executions(talk)).isZero();
  }

  private static int executions(Talk talk) {
    try (var connection = TestOrganization.connect();
        var count =
            connection.prepareStatement(
                "select count(*) from executions where organization_id = ? and kind = 'TOOL'")) {
      count.setObject(1, talk.organization.id());
      var rows = count.executeQuery();
      rows.next();
      return rows.getInt(1);
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Talk deploying() {
    return new Talk(RULES, ECHO, DEPLOY)
        .script(
            ScriptedAnswer.calls(
                call("a", "deploy", "{\"version\": \"2\"}"),
                call("b", "echo", "{\"text\": \"x\"}")),
            ScriptedAnswer.text("Well"));
  }

  @Test
  void aPersonApprovesWhatThePolicyAsksFor() {
    Talk talk = deploying();

    Response paused = talk.say("Deploy it");

    paused.then().statusCode(202).body("status", equalTo("running"));
    String id = paused.path("execution_id");
    talk.get(id)
        .then()
        .body("awaiting[0].call_id", equalTo("a"))
        .body("awaiting[0].args", equalTo(Map.of("version", "2")))
        .body("awaiting[0].reason", equalTo("It is seen by customers"));
    talk.get(id, "why")
        .then()
        .body("owner", equalTo("approver"))
        .body("reason", equalTo("waits for approval of a (deploy)"));
    String calls = EXECUTIONS + id + "/calls/";
    talk.organization.json().body("{}").post(calls + "b/approve").then().statusCode(409);
    talk.organization.json().body("{}").post(calls + "c/approve").then().statusCode(404);
    TestOrganization.create("ADMIN")
        .json()
        .body("{}")
        .post(calls + "a/approve")
        .then()
        .statusCode(404);
    Talk.await(() -> executions(talk) == 1);

    talk.organization
        .json()
        .body("{\"comment\": \"fine\"}")
        .post(calls + "a/approve")
        .then()
        .statusCode(202);

    assertThat(talk.ended(id).<String>path("response")).isEqualTo("Well");
    List<JsonNode> frames = Talk.frames(talk.get(id, "stream").asString());
    assertThat(types(frames))
        .containsExactly(
            "tool_call", "tool_call", "approval", "tool_result", "tool_result", "message", "done");
    assertThat(frames.get(0).get("approval").asText()).isEqualTo("required");
    assertThat(frames.get(2).get("approved").asBoolean()).isTrue();
    assertThat(frames.get(3).get("result").asText()).isEqualTo("deployed 2");
    talk.organization.json().body("{}").post(calls + "a/reject").then().statusCode(409);
  }

  @Test
  void whatAPersonRejectsIsNotRun() {
    Talk talk = deploying();
    String id = talk.say("Deploy it").path("execution_id");

    talk.organization
        .json()
        .body("{\"comment\": \"not on Friday\"}")
        .post(EXECUTIONS + id + "/calls/a/reject")
        .then()
        .statusCode(202);

    assertThat(talk.ended(id).<String>path("status")).isEqualTo("completed");
    assertThat(talk.entries(id, "returned").get(0).get("text").asText())
        .isEqualTo("rejected by test: not on Friday");
    assertThat(executions(talk)).isEqualTo(1);
  }

  @Test
  void aModelThatNeverStopsIsStopped() {
    Talk talk =
        new Talk(budget("\"calls\": 3"), ECHO)
            .answer(asked -> ScriptedAnswer.calls(call("same", "echo", "{\"text\": \"again\"}")));

    Response answer = talk.say("Check it");

    answer.then().statusCode(200).body("status", equalTo("failed"));
    String id = answer.path("execution_id");
    talk.get(id, "why")
        .then()
        .body("reason", startsWith("the turn called 4 tools, of which its budget allows 3"));
    assertThat(executions(talk)).isEqualTo(3);
    assertThat(types(Talk.frames(talk.get(id, "stream").asString()))).endsWith("error");
  }

  @Test
  void aTurnHasItsTokensAndItsTime() {
    Talk tokens =
        new Talk(budget("\"tokens\": 1000"), ECHO)
            .script(
                ScriptedAnswer.calls(call("a", "echo", "{\"text\": \"x\"}")).usage(900, 101),
                ScriptedAnswer.text("never"));
    assertOver(
        tokens, "failed", "took 1001 tokens, of which its budget allows 1000", "budgets.tokens");
    assertThat(tokens.asked()).hasSize(1);

    Talk time =
        new Talk(budget("\"time\": \"1s\""))
            .script(ScriptedAnswer.text("late").after(Duration.ofSeconds(20)));
    assertOver(time, "timed_out", "took longer than the 1s of its budget", "budgets.time");
    Talk.await(() -> time.asked().get(0).hungUp().isDone());
  }

  /** Says something, and the turn ends with this reason, which also says what to change. */
  private static void assertOver(Talk talk, String status, String reason, String setting) {
    Response answer = talk.say("Check it");
    answer.then().body("status", equalTo(status)).body("error", containsString(reason));
    talk.get(answer.path("execution_id"), "why")
        .then()
        .body("status", equalTo(status))
        .body("reason", containsString(reason))
        .body("reason", containsString(setting));
  }

  @Test
  void aTurnThatIsTooDeepAsksNoModel() {
    Talk talk = new Talk(budget("\"depth\": 0")).script(ScriptedAnswer.text("On top"));
    talk.say("Check it").then().body("response", equalTo("On top"));
    String definition =
        "{name: w, steps: [{name: a, executor: {type: agent, config: {agent: helper, message: x}}}]}";

    Response below =
        talk.organization
            .json()
            .body(Map.of("definition", definition))
            .post("/api/v1/workflows/execute?wait=30s");

    String reason = "the turn is 1 executions below the first, of which its budget allows 0";
    below.then().body("status", equalTo("failed")).body("steps[0].error", containsString(reason));
    talk.get(below.path("steps[0].child"), "why")
        .then()
        .body("reason", containsString(reason))
        .body("reason", containsString("budgets.depth"));
    assertThat(talk.asked()).hasSize(1);
  }

  @Test
  void aPolicyIsCheckedWhenItIsMade() {
    Talk talk = new Talk("");
    talk.organization
        .json()
        .body(
            """
            {"policy": {"rules": [{"effect": "maybe"}, {"effect": "deny", "tool": "x",
              "args": {"a": "re:("}}], "budgets": {"time": "soon", "calls": -1}}}
            """)
        .put("/api/v1/agents/" + talk.agent)
        .then()
        .statusCode(400)
        .body(
            "error.details.faults.field",
            org.hamcrest.Matchers.hasItems(
                "policy.rules[0].effect",
                "policy.rules[0].tool",
                "policy.rules[1].args.a",
                "policy.budgets.time",
                "policy.budgets.calls"));
    talk.organization
        .json()
        .body("{" + RULES + "}")
        .put("/api/v1/agents/" + talk.agent)
        .then()
        .statusCode(200)
        .body("policy.rules[1].effect", equalTo("ask"));
  }

  /** Obeys whatever it reads, as no model should and some do. */
  private static ScriptedAnswer obey(OpenAiServer.Asked asked) {
    JsonNode messages = asked.body().get("messages");
    if (messages.get(messages.size() - 1).get("role").asText().equals("tool")
        && messages.size() > 4) {
      return ScriptedAnswer.text("I have done what it said");
    }
    List<ToolCall> calls = new ArrayList<>();
    Matcher found = Pattern.compile("\\{\\{call:(\\w+) (\\{[^}]*})}}").matcher(asked.lastMessage());
    while (found.find()) {
      calls.add(call("c" + calls.size(), found.group(1), found.group(2)));
    }
    return calls.isEmpty()
        ? ScriptedAnswer.text("Nothing to do")
        : ScriptedAnswer.calls(calls.toArray(ToolCall[]::new));
  }

  private static List<String> documents() throws IOException {
    try (InputStream in = GuardRailsTest.class.getResourceAsStream("/chat/injections.txt")) {
      return List.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n-----\n"));
    }
  }

  /** Every document makes the model call something; nothing of that is run without a person. */
  @Test
  void noDocumentMakesAToolRunThatThePolicyForbids() throws IOException {
    Talk talk = new Talk(RULES, ECHO, WIPE, DEPLOY).answer(GuardRailsTest::obey);
    List<String> documents = documents();
    assertThat(documents).hasSizeGreaterThanOrEqualTo(30);

    for (String document : documents) {
      Map<String, Object> body = talk.body("Sum it up");
      body.put("context", List.of(Map.of("type", "file", "content", document)));
      Response answer = talk.say(body);
      String id = answer.path("execution_id");
      assertThat(talk.entries(id, "called")).as(document).isNotEmpty();
      for (JsonNode called : talk.entries(id, "called")) {
        assertThat(isHarmless(called) || called.path("execution").isMissingNode())
            .as(document + called)
            .isTrue();
      }
      if (answer.statusCode() == 202) {
        talk.organization.json().post(EXECUTIONS + id + "/cancel").then().statusCode(202);
      }
    }
    assertThat(executions(talk)).as("only the harmless ones").isEqualTo(2);
  }

  private static boolean isHarmless(JsonNode called) {
    return called.get("tool").asText().equals("echo")
        && called.at("/args/text").asText().equals("hello");
  }

  /** The same from a tool's output. */
  @Test
  void noOutputOfAToolMakesAnotherRun() throws IOException {
    String document = documents().get(0).replace("\"", "\\\\\\\"");
    Talk talk =
        new Talk(
                RULES,
                WIPE,
                """
                {"name": "read", "description": "Reads", "content": "echo \\"%s\\""}
                """
                    .formatted(document))
            .answer(
                asked ->
                    asked.body().get("messages").size() == 2
                        ? ScriptedAnswer.calls(call("r", "read", "{}"))
                        : obey(asked));

    String id = talk.say("Sum it up").path("execution_id");

    assertThat(talk.entries(id, "called"))
        .extracting(called -> called.get("tool").asText() + called.get("verdict").asText())
        .containsExactly("readRUN", "wipeREFUSE");
    assertThat(executions(talk)).isEqualTo(1);
    assertThat(talk.asked().get(1).lastMessage()).startsWith("<data-").endsWith(">");
    assertThat(talk.organization.json().get(CHAT + "/executions").<Integer>path("total"))
        .isEqualTo(1);
  }
}
