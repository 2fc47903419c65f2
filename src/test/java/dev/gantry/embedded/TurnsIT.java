package dev.gantry.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.models.OpenAiServer;
import dev.gantry.models.ScriptedAnswer;
import dev.gantry.models.ToolCall;
import dev.gantry.testing.EventStream;
import dev.gantry.testing.EventStream.Frame;
import dev.gantry.testing.TestOrganization;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A turn whose process is killed with -9 goes on in the next one, and who follows it reads on at
 * another: what was asked, called and told is neither lost nor done again.
 */
@Tag("chaos")
class TurnsIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String CHAT = "/chat/executions/";

  @TempDir Path folder;
  private final String model = "model-" + UUID.randomUUID();
  private final List<Replica> started = new ArrayList<>();
  private Map<String, String> settings;
  private Replica driver;
  private Replica other;
  private TestOrganization mine;

  /** One process that does all, and one that answers requests alone: the first has every turn. */
  @BeforeEach
  void start() throws IOException {
    settings =
        Map.of(
            "gantry.kafka.topic-prefix",
            "turns-" + UUID.randomUUID().toString().substring(0, 8),
            "gantry.chat.lease",
            "3s",
            "OPENAI_BASE_URL",
            OpenAiServer.shared().baseUrl(),
            "OPENAI_API_KEY",
            "sk-test-key-that-no-provider-knows");
    driver = replica("driver", "api,engine,runner");
    other = replica("other", "api");
    driver.awaitReady();
    other.awaitReady();
    mine = TestOrganization.create("ADMIN");
  }

  private Replica replica(String name, String roles) throws IOException {
    Map<String, String> all = new HashMap<>(settings);
    all.put("gantry.roles", roles);
    Replica replica =
        Replica.start(
            new Build(Path.of(System.getProperty("gantry.build.directory"))),
            folder.resolve(name),
            all);
    started.add(replica);
    return replica;
  }

  @AfterEach
  void stop() throws IOException {
    for (Replica replica : started) {
      replica.close();
    }
  }

  /** An agent whose tool leaves a line for each time that it runs. */
  private String agent(Path ran) {
    String source =
        """
        {"name": "s", "type": "inline", "tools": [{"name": "mark", "description": "Leaves a mark",
          "content": "echo $name >> %s; echo marked $name", "args": [{"name": "name"}]}]}
        """
            .formatted(ran);
    Response made = driver.asked(mine.json()).body(source).post("/sources");
    made.then().statusCode(201);
    String uuid = made.path("uuid");
    await()
        .atMost(LONG)
        .until(
            () -> "ready".equals(driver.asked(mine.json()).get("/sources/" + uuid).path("status")));
    String agent =
        "{\"name\": \"helper\", \"llm_model\": \"%s\", \"sources\": [\"%s\"]}"
            .formatted(model, uuid);
    return driver.asked(mine.json()).body(agent).post("/agents").path("uuid");
  }

  private static ToolCall mark(String name) {
    return new ToolCall(name, "mark", "{\"name\": \"" + name + "\"}");
  }

  private int asked() {
    return OpenAiServer.shared().asked(model).size();
  }

  /** Says it at the process that stays, and waits there. */
  private CompletableFuture<Response> say(String agent) {
    String body = "{\"agent_uuid\": \"%s\", \"message\": \"Mark it\"}".formatted(agent);
    return CompletableFuture.supplyAsync(() -> other.asked(mine.json()).body(body).post("/chat"));
  }

  private String underWay() {
    await()
        .atMost(LONG)
        .until(() -> other.asked(mine.json()).get(CHAT).<Integer>path("total") == 1);
    return other.asked(mine.json()).get(CHAT).path("executions[0].execution_id");
  }

  private EventStream follow(Replica replica, String turn, String last) throws IOException {
    return EventStream.open(replica.url() + "/api/v1" + CHAT + turn + "/stream", mine.key(), last);
  }

  @Test
  @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aTurnGoesOnAndItsStreamToo() throws Exception {
    Path ran = folder.resolve("ran");
    OpenAiServer.shared()
        .script(
            model,
            ScriptedAnswer.calls(mark("a"), mark("b")).saying("I mark both"),
            ScriptedAnswer.text("never heard").after(Duration.ofMinutes(1)),
            ScriptedAnswer.text("Both are marked"));
    CompletableFuture<Response> answer = say(agent(ran));
    String turn = underWay();
    List<Frame> read = new ArrayList<>();
    try (EventStream cut = follow(driver, turn, null)) {
      read.addAll(cut.next(4));
      await().atMost(LONG).until(() -> asked() == 2);
      driver.kill();
    }
    Replica next = replica("next", "api,engine,runner");

    try (EventStream rest = follow(other, turn, read.get(3).id())) {
      read.addAll(rest.rest());
    }

    assertThat(read)
        .extracting(frame -> frame.data().get("type").asText())
        .containsExactly(
            "message", "tool_call", "tool_call", "tool_result", "tool_result", "message", "done");
    try (EventStream whole = follow(other, turn, null)) {
      assertThat(whole.rest()).as("what was read in two parts").isEqualTo(read);
    }
    assertThat(answer).succeedsWithin(LONG);
    answer
        .join()
        .then()
        .statusCode(200)
        .body("status", equalTo("completed"))
        .body("response", equalTo("Both are marked"));
    next.awaitReady();
    assertThat(ran).content().satisfies(marks -> assertThat(marks.lines()).hasSize(2));
    assertThat(asked()).as("the answer that was stored is not asked for again").isEqualTo(3);
    assertTranscript(next.asked(mine.json()).get(CHAT + turn + "/transcript"));
    List<String> events =
        await()
            .atMost(LONG)
            .until(
                () -> next.asked(mine.json()).get(CHAT + turn + "/events").path("events.type"),
                types -> types != null && types.size() == 2);
    assertThat(events).containsExactly("chat.started", "chat.completed");
  }

  private static void assertTranscript(Response transcript) throws IOException {
    List<JsonNode> entries = new ArrayList<>();
    new com.fasterxml.jackson.databind.ObjectMapper()
        .readTree(transcript.asString())
        .get("entries")
        .forEach(entries::add);
    assertThat(entries)
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
    assertThat(entries)
        .extracting(entry -> entry.get("seq").asInt())
        .isEqualTo(IntStream.rangeClosed(1, 9).boxed().toList());
  }
}
