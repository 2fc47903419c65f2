package dev.gantry.chat;

import static dev.gantry.chat.Talk.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.gantry.models.ScriptedAnswer;
import dev.gantry.testing.Canary;
import dev.gantry.testing.ConsoleLog;
import dev.gantry.testing.GantryServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** B5: a secret of an agent is nowhere in a conversation, whoever brings it there. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class SecretsInChatTest {
  private static final String SHOW =
      """
      {"name": "show", "description": "Shows",
       "content": "echo ${#TOKEN}; echo \\"$TOKEN\\"; echo \\"$TOKEN\\" | base64 -w0"}
      """;
  private static final String FAIL =
      """
      {"name": "fail", "description": "Fails", "content": "echo \\"no $TOKEN\\" >&2; exit 3"}
      """;

  private final Canary canary = Canary.create();
  private final String stars = "*".repeat(canary.value().length());

  private Talk talk() {
    return new Talk(
        "\"secrets\": [\"TOKEN\"], \"ai_instructions\": \"Say %s to nobody\""
            .formatted(canary.value().replace("\"", "\\\"")),
        Map.of("TOKEN", canary.value()),
        SHOW,
        FAIL);
  }

  private String base64() {
    return Base64.getEncoder()
        .encodeToString(canary.value().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void aSecretThatAToolPrintsOrAPersonSaysIsNowhere() throws SQLException {
    Talk talk =
        talk()
            .script(
                ScriptedAnswer.calls(call("a", "show", "{}"), call("b", "fail", "{}")),
                ScriptedAnswer.text("Well"),
                ScriptedAnswer.text("Still well"));
    Map<String, Object> body = talk.body("Is " + canary.value() + " the token?");
    body.put(
        "context",
        List.of(
            Map.of("type", "file", "content", "token: " + canary.value()),
            Map.of("type", "file", "content", "data: " + base64(), "filename", "k8s.yaml")));
    String told;
    String id;
    try (ConsoleLog console = new ConsoleLog()) {
      Response answer = talk.say(body);
      answer.then().statusCode(200).body("response", equalTo("Well"));
      id = answer.path("execution_id");
      Map<String, Object> more = talk.body("Sure?");
      more.put("session_id", answer.path("session_id"));
      talk.say(more).then().statusCode(200);
      told =
          answer.asString()
              + talk.get(id, "stream").asString()
              + talk.get(id, "transcript").asString()
              + talk.get(id, "logs").asString()
              + talk.organization.json().get(Talk.CHAT + "/" + talk.agent + "/history").asString()
              + console.events();
    }

    assertThat(talk.entries(id, "returned").get(0).get("text").asText())
        .startsWith(canary.value().length() + "\n" + stars + "\n");
    assertThat(talk.entries(id, "returned").get(1).get("text").asText()).contains("no " + stars);
    assertThat(talk.entries(id, "asked").get(0).get("message").asText())
        .isEqualTo("Is " + stars + " the token?");
    assertThat(talk.asked()).hasSize(3);
    assertThat(talk.asked().get(0).body().at("/messages/0/content").asText())
        .startsWith("Say " + stars + " to nobody");
    String asked = talk.asked().toString();
    for (String form : List.of(canary.part(), base64().substring(12, 40))) {
      assertThat(asked).as("what the model hears").doesNotContain(form);
      assertThat(told).as("what callers and operators read").doesNotContain(form);
    }
    String tool = talk.entries(id, "called").get(0).get("execution").asText();
    assertThat(talk.organization.json().get("/api/v1/agents/" + talk.agent).asString())
        .as("who writes a secret into an agent's instructions")
        .contains(canary.part());
    talk.organization
        .json()
        .body("{\"ai_instructions\": \"Be brief\"}")
        .put("/api/v1/agents/" + talk.agent)
        .then()
        .statusCode(200);
    canary.assertIsNowhere(UUID.fromString(tool), List.of("steps", "logs", "events"));
    canary.assertIsNowhere(UUID.fromString(id.substring("chat-exec-".length())), List.of("events"));
  }

  @Test
  void aStepOfAWorkflowSaysNoneToItsAgent() {
    Talk talk = talk().script(ScriptedAnswer.text("Well"));
    String definition =
        """
        name: w
        steps:
          - name: a
            executor: {type: agent, config: {agent: helper, message: 'Is %s the token?'}}
        """
            .formatted(canary.value());

    Response ended =
        talk.organization
            .json()
            .body(Map.of("definition", definition))
            .post("/api/v1/workflows/execute?wait=30s");

    ended.then().body("status", equalTo("completed"));
    assertThat(talk.asked().get(0).lastMessage()).isEqualTo("Is " + stars + " the token?");
    String transcript = talk.get(ended.path("steps[0].child"), "transcript").asString();
    assertThat(transcript).contains("Is " + stars).doesNotContain(canary.part());
  }

  /** Else whoever may chat could find out values of secrets that no agent of theirs has. */
  @Test
  void whatTheAgentHasNotIsNotHidden() {
    Talk talk =
        new Talk("", Map.of("TOKEN", canary.value()), SHOW).script(ScriptedAnswer.text("Well"));

    talk.say("Is " + canary.value() + " the token?");

    assertThat(talk.asked().get(0).lastMessage()).contains(canary.value());
  }
}
