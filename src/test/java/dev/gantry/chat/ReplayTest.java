package dev.gantry.chat;

import static dev.gantry.chat.Talk.CHAT;
import static dev.gantry.chat.Talk.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.models.OpenAiServer;
import dev.gantry.models.ScriptedAnswer;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TestSources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A recorded turn is done again without a model: the same calls, results and frames. {@code
 * -Dgolden.write=true} records it anew.
 */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class ReplayTest {
  private static final Path EXAMPLES = Path.of("examples/agents");
  private static final Path RECORDING = EXAMPLES.resolve("disk-check.json");
  private static final String MESSAGE = "Are the disks of web-1 and web-2 all right?";

  private TestOrganization mine = TestOrganization.create("ADMIN");

  private String agent(String source, String model) throws IOException {
    String id = TestSources.scanned(mine, source);
    String body = Files.readString(EXAMPLES.resolve("agent.json")).replace("SOURCE", id);
    return mine.json()
        .body(body.replace("recording:disk-check", model))
        .post("/api/v1/agents")
        .then()
        .statusCode(201)
        .extract()
        .path("uuid");
  }

  private Response say(String agent) {
    return mine.json().body(Map.of("agent_uuid", agent, "message", MESSAGE)).post(CHAT);
  }

  private static String source() throws IOException {
    return Files.readString(EXAMPLES.resolve("source.json"));
  }

  /** What is told of each entry, without the executions' ids. */
  private static List<JsonNode> told(JsonNode entries) {
    List<JsonNode> told = new ArrayList<>();
    for (JsonNode entry : entries) {
      ObjectNode plain = entry.deepCopy();
      plain.remove(List.of("at", "execution"));
      if (!plain.get("type").asText().equals("prompted")) {
        told.add(plain);
      }
    }
    return told;
  }

  private JsonNode transcript(String execution) {
    return Talk.tree(mine.json().get(Talk.EXECUTIONS + execution + "/transcript").asString());
  }

  private void record() throws IOException {
    OpenAiServer.shared()
        .script(
            "disk-check",
            ScriptedAnswer.calls(
                    call("call-1", "disk_usage", "{\"host\": \"web-1\"}"),
                    call("call-2", "disk_usage", "{\"host\": \"web-2\"}"))
                .saying("I look at both disks.")
                .usage(612, 48),
            ScriptedAnswer.calls(call("call-3", "largest_directory", "{\"host\": \"web-2\"}"))
                .usage(701, 21),
            ScriptedAnswer.text("web-1 is fine (41 %). web-2 is at 97 %: /var/log takes the most.")
                .usage(744, 26));
    String execution = say(agent(source(), "disk-check")).path("execution_id");
    Files.writeString(RECORDING, transcript(execution).toPrettyString() + "\n");
    mine = TestOrganization.create("ADMIN");
  }

  @Test
  void aRecordedTurnIsDoneAgain() throws IOException {
    if (Boolean.getBoolean("golden.write")) {
      record();
    }
    JsonNode recorded = Talk.tree(Files.readString(RECORDING)).get("entries");

    Response answer = say(agent(source(), "recording:disk-check"));

    answer.then().statusCode(200).body("status", equalTo("completed"));
    String execution = answer.path("execution_id");
    assertThat(told(transcript(execution).get("entries"))).isEqualTo(told(recorded));
    List<JsonNode> frames =
        Talk.frames(mine.json().get(Talk.EXECUTIONS + execution + "/stream").asString());
    assertThat(Talk.types(frames))
        .containsExactly(
            "message",
            "tool_call",
            "tool_call",
            "tool_result",
            "tool_result",
            "tool_call",
            "tool_result",
            "message",
            "done");
    for (JsonNode frame : frames) {
      if (frame.get("type").asText().equals("tool_call")) {
        mine.json()
            .get("/api/v1/tools/executions/" + frame.get("execution_id").asText())
            .then()
            .body("status", equalTo("completed"));
      }
    }
  }

  @Test
  void aTurnThatPartsFromItsRecordingSaysWhere() throws IOException {
    Response answer = say(agent(source().replace("41 %", "55 %"), "recording:disk-check"));

    answer
        .then()
        .body("status", equalTo("failed"))
        .body("error", containsString("parts from its recording"))
        .body("error", containsString("disk_usage returns '41 %'"))
        .body("error", containsString("disk_usage returns '55 %'"));
  }

  @Test
  void noOtherFileIsARecording() throws IOException {
    for (String name : List.of("../agents/disk-check", "agent.json", "none")) {
      say(agent(source(), "recording:" + name))
          .then()
          .statusCode(400)
          .body("error.details.field", equalTo("llm_model"));
      mine = TestOrganization.create("ADMIN");
    }
  }
}
