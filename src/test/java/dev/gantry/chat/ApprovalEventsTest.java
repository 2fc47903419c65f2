package dev.gantry.chat;

import static dev.gantry.chat.Talk.CHAT;
import static dev.gantry.chat.Talk.EXECUTIONS;
import static dev.gantry.chat.Talk.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.executions.AgentSteps;
import dev.gantry.executions.AgentSteps.AskedCall;
import dev.gantry.executions.Gate;
import dev.gantry.models.ScriptedAnswer;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** That a call waits for a person is told to the world, once for each call and with its number. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class ApprovalEventsTest {
  private static final String DEPLOY =
      """
      {"name": "deploy", "description": "Deploys", "content": "echo deployed $version",
       "args": [{"name": "version", "default": "1"}]}
      """;
  private static final String ASK =
      """
      "policy": {"rules": [{"effect": "ask", "tool": "deploy", "reason": "It is seen by customers"}]}
      """;
  private static final List<AskedCall> OF_A_TEST =
      List.of(new AskedCall("test", "deploy", Map.of(), null));

  @Inject AgentSteps steps;

  private static Talk deploying() {
    return new Talk(ASK, DEPLOY)
        .script(
            ScriptedAnswer.calls(
                call("a", "deploy", "{\"version\": \"2\"}"), call("b", "deploy", "{}")),
            ScriptedAnswer.text("Well"));
  }

  private static List<JsonNode> events(Talk talk, String id) {
    List<JsonNode> events = new ArrayList<>();
    Talk.tree(talk.get(id, "events").asString()).get("events").forEach(events::add);
    return events;
  }

  /** Once the last one is there. */
  private static List<JsonNode> allEvents(Talk talk, String id) {
    talk.ended(id);
    Talk.await(
        () ->
            events(talk, id).stream()
                .anyMatch(event -> event.get("type").asText().matches("chat.(comp|canc|fail).*")));
    return events(talk, id);
  }

  private static void decide(Talk talk, String id, String call, String word) {
    String path = EXECUTIONS + id + "/calls/" + call + "/" + word;
    assertThat(talk.organization.json().body("{}").post(path).statusCode()).isEqualTo(202);
  }

  private static void sql(String id, String statement) {
    try (Connection connection = TestOrganization.connect();
        var update = connection.prepareStatement(statement)) {
      update.setObject(1, uuid(id));
      assertThat(update.executeUpdate()).isEqualTo(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static UUID uuid(String id) {
    return UUID.fromString(id.substring("chat-exec-".length()));
  }

  @Test
  void eachAskedCallIsToldOnceInTheTurnsOwnOrder() {
    Talk talk = deploying();
    Response paused = talk.say("Deploy it");
    paused.then().statusCode(202);
    String id = paused.path("execution_id");
    Talk.await(() -> events(talk, id).size() == 3);
    // Whoever takes the turn again finds it told.
    sql(id, "update chat_turns set look_at = now() where execution_id = ?");
    decide(talk, id, "a", "approve");
    decide(talk, id, "b", "reject");

    List<JsonNode> events = allEvents(talk, id);

    assertThat(events)
        .extracting(event -> event.get("type").asText())
        .containsExactly(
            "chat.started", "chat.awaiting_approval", "chat.awaiting_approval", "chat.completed");
    assertThat(events)
        .extracting(event -> event.get("sequence").asInt())
        .containsExactly(1, 2, 3, 4);
    assertThat(events)
        .extracting(event -> event.get("traceparent").asText())
        .containsOnly(events.get(0).get("traceparent").asText());
    JsonNode asked = events.get(1).get("data");
    assertThat(asked.get("chat")).isEqualTo(events.get(0).at("/data/chat"));
    assertThat(asked.get("approval"))
        .isEqualTo(
            Talk.tree(
                """
                {"call_id": "a", "tool": "deploy", "args": {"version": "2"},
                 "reason": "It is seen by customers"}
                """));
    assertThat(events.get(2).at("/data/approval/args/version").asText()).isEqualTo("1");
    assertThat(talk.asked()).hasSize(2);
  }

  /** The engine's copy of the execution is of before what was told. */
  @Test
  void theEngineCountsOnFromWhatWasTold() {
    Talk talk = deploying();
    String id = talk.say("Deploy it").path("execution_id");

    talk.organization.json().post(EXECUTIONS + id + "/cancel").then().statusCode(202);

    assertThat(allEvents(talk, id))
        .extracting(event -> event.get("sequence").asInt() + event.get("type").asText())
        .containsExactly(
            "1chat.started",
            "2chat.awaiting_approval",
            "3chat.awaiting_approval",
            "4chat.cancelled");
  }

  private Boolean ask(String id, Gate gate) {
    return steps.askApproval(uuid(id), OF_A_TEST, gate).await().atMost(Duration.ofSeconds(20));
  }

  /** Told exactly when the entry is there: not when the turn is another's, nor when it fails. */
  @Test
  void nothingIsToldOfWhatIsNotStored() {
    Talk talk = deploying();
    String id = talk.say("Deploy it").path("execution_id");

    assertThat(ask(id, (transaction, execution) -> Uni.createFrom().item(false))).isFalse();
    assertThatThrownBy(
            () ->
                ask(
                    id,
                    (transaction, execution) ->
                        transaction.query("select 1 / 0").execute().replaceWith(true)))
        .hasMessageContaining("division by zero");

    decide(talk, id, "a", "reject");
    decide(talk, id, "b", "reject");
    assertThat(allEvents(talk, id))
        .extracting(event -> event.get("sequence").asInt() + event.get("type").asText())
        .contains("4chat.completed")
        .hasSize(4);
    assertThat(ask(id, (transaction, execution) -> Uni.createFrom().item(true))).isTrue();
    assertThat(events(talk, id)).as("nothing follows the end").hasSize(4);
  }

  @Test
  void whoIsOvertakenByTheEngineBeginsAnew() {
    Talk talk = deploying();
    String id = talk.say("Deploy it").path("execution_id");
    Talk.await(() -> events(talk, id).size() == 3);
    AtomicInteger tries = new AtomicInteger();

    assertThat(
            ask(
                id,
                (transaction, execution) -> {
                  if (tries.incrementAndGet() == 1) {
                    sql(
                        id,
                        "update executions set version = version + 1,"
                            + " event_sequence = event_sequence where id = ?");
                  }
                  return Uni.createFrom().item(true);
                }))
        .isTrue();

    assertThat(tries).hasValue(2);
    Talk.await(() -> events(talk, id).size() == 4);
    assertThat(events(talk, id).get(3).at("/data/approval/call_id").asText()).isEqualTo("test");
    assertThat(events(talk, id).get(3).get("sequence").asInt()).isEqualTo(4);
    talk.organization.json().post(EXECUTIONS + id + "/cancel").then().statusCode(202);
    talk.ended(id);
    assertThat(talk.organization.json().get(CHAT + "/executions").<Integer>path("total"))
        .isEqualTo(1);
  }
}
