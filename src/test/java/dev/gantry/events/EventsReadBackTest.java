package dev.gantry.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.testing.EventStream;
import dev.gantry.testing.EventStream.Frame;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TopicReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events are read back as they were told on Kafka: by pages and by streams. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class EventsReadBackTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EVENTS = "/api/v1/events";
  private static final String EXECUTE =
      """
      {"definition": {"name": "told", "steps": [
        {"name": "one", "command": "true"}, {"name": "two", "command": "%s", "depends": ["one"]}]}}
      """;
  private static final List<String> COMPLETED =
      List.of(
          "workflow.started",
          "workflow.step.started",
          "workflow.step.completed",
          "workflow.step.started",
          "workflow.step.completed",
          "workflow.completed");

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  private final TestOrganization foreign = TestOrganization.create("ADMIN");

  private String execute(TestOrganization organization, String command) {
    return organization
        .json()
        .body(EXECUTE.formatted(command))
        .post("/api/v1/workflows/execute?wait=30s")
        .path("execution_id");
  }

  private String agent(String name) {
    return mine.json().body("{\"name\": \"" + name + "\"}").post("/api/v1/agents").path("uuid");
  }

  private static String url(String path) {
    return RestAssured.baseURI + ":" + RestAssured.port + path;
  }

  private JsonNode page(String query) throws IOException {
    return JSON.readTree(
        mine.json().get(EVENTS + query).then().statusCode(200).extract().asByteArray());
  }

  /** As soon as there are so many. */
  private List<JsonNode> events(String query, int count) {
    List<JsonNode> events = new ArrayList<>();
    await()
        .untilAsserted(
            () -> {
              events.clear();
              page(query).get("events").forEach(events::add);
              assertThat(events).hasSize(count);
            });
    return events;
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream().map(event -> event.get("type").asText()).toList();
  }

  @Test
  void aPageHoldsWhatKafkaWasTold() throws IOException {
    String id = execute(mine, "true");

    List<JsonNode> events = events("?subject=" + id, 6);

    assertThat(types(events)).isEqualTo(COMPLETED);
    var told =
        TopicReader.read(GantryServers.TOPIC_PREFIX + ".events", id, found -> found.size() == 6);
    for (int i = 0; i < 6; i++) {
      JsonNode event = events.get(i);
      event
          .properties()
          .forEach(
              attribute -> {
                if (!List.of("data", "datacontenttype").contains(attribute.getKey())) {
                  assertThat(
                          TopicReader.header(
                              told.get(events.indexOf(event)), "ce_" + attribute.getKey()))
                      .as(attribute.getKey())
                      .isEqualTo(attribute.getValue().asText());
                }
              });
      assertThat(event.get("data")).isEqualTo(JSON.readTree(told.get(i).value()));
      assertThat(event.get("sequence").asText()).isEqualTo(Integer.toString(i + 1));
    }
  }

  @Test
  void nobodySeesWhatIsAnothersEvent() throws IOException {
    String id = execute(foreign, "true");
    String own = agent("mine");
    events("?subject=" + own, 1);

    assertThat(page("").get("events")).hasSize(1);
    assertThat(page("?subject=" + id).get("events")).isEmpty();
    mine.json().get("/api/v1/workflows/executions/" + id + "/events").then().statusCode(404);
  }

  @Test
  void filtersSelectAndPagesGoOn() throws IOException {
    Instant before = Instant.now();
    String id = execute(mine, "exit 3");
    agent("a");
    events("", 7);

    assertThat(types(events("?type=workflow.step.*,agent.created", 5)))
        .containsOnly(
            "workflow.step.started",
            "workflow.step.completed",
            "workflow.step.failed",
            "agent.created");
    assertThat(types(events("?subject=" + id + "&after_sequence=4", 2)))
        .containsExactly("workflow.step.failed", "workflow.failed");
    assertThat(page("?since=" + before).get("events")).hasSize(7);
    assertThat(page("?until=" + before).get("events")).isEmpty();

    JsonNode first = page("?limit=4");
    JsonNode second = page("?limit=4&after=" + first.get("next").asText());
    JsonNode none = page("?after=" + second.get("next").asText());
    assertThat(first.get("has_more").asBoolean()).isTrue();
    assertThat(first.get("events")).hasSize(4);
    assertThat(second.get("has_more").asBoolean()).isFalse();
    assertThat(second.get("events")).hasSize(3);
    assertThat(none.get("events")).isEmpty();
    assertThat(none.get("next")).isEqualTo(second.get("next"));
  }

  @ParameterizedTest
  @CsvSource({
    "type=workflow.ended, no event 'workflow.ended'",
    "after_sequence=3, needs a subject",
    "subject=x&after_sequence=-1, a number",
    "since=yesterday, must be a time",
    "after=x, must be what 'next'",
    "limit=1001, from 1 to 1000"
  })
  void whatCannotBeReadIsRefusedWithWhatToDo(String query, String told) {
    mine.json()
        .get(EVENTS + "?" + query)
        .then()
        .statusCode(400)
        .body("error.code", equalTo("VALIDATION_ERROR"))
        .body("error.details.toString()", containsString(told));
  }

  @Test
  void aStreamTellsWhatComes() throws IOException {
    try (EventStream stream = EventStream.open(url(EVENTS + "/stream"), mine.key(), null)) {
      String id = execute(mine, "true");
      execute(foreign, "true");
      String agent = agent("later");

      List<Frame> frames = stream.next(7);

      assertThat(frames.stream().limit(6).map(Frame::event)).isEqualTo(COMPLETED);
      assertThat(frames.stream().limit(6).map(f -> f.data().get("subject").asText()))
          .containsOnly(id);
      assertThat(frames.get(6).data().get("subject").asText()).isEqualTo(agent);
    }
  }

  @Test
  void aReaderThatIsCutOffAgainAndAgainEndsWithTheExactList() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 40; i++) {
      agent("agent " + i);
    }
    List<JsonNode> all = events("?type=agent.*&limit=1000", 40);
    List<JsonNode> read = new ArrayList<>();
    String last = "0";
    while (read.size() < 40) {
      try (EventStream stream =
          EventStream.open(url(EVENTS + "/stream?type=agent.created"), mine.key(), last)) {
        int upTo = Math.min(40, read.size() + random.nextInt(6));
        while (read.size() < upTo) {
          Frame frame = stream.next();
          read.add(frame.data());
          last = frame.id();
        }
      }
    }
    assertThat(read).isEqualTo(all);
  }

  @Test
  void aStreamOfAnExecutionEndsWithIt() throws IOException {
    String id =
        mine.json()
            .body(EXECUTE.formatted("sleep 0.3"))
            .post("/api/v1/workflows/execute")
            .path("execution_id");
    String url = url("/api/v1/workflows/executions/" + id + "/events");

    try (EventStream stream = EventStream.open(url, mine.key(), null)) {
      List<Frame> frames = stream.rest();

      assertThat(frames.stream().limit(6).map(Frame::event)).isEqualTo(COMPLETED);
      assertThat(frames).hasSize(7);
      assertThat(frames.get(6).isEnd()).isTrue();
      assertThat(frames.get(6).data().toString()).isEqualTo("{\"events\":6,\"complete\":true}");
      try (EventStream resumed = EventStream.open(url, mine.key(), frames.get(6).id())) {
        assertThat(resumed.rest()).singleElement().isEqualTo(frames.get(6));
      }
    }
  }

  @Test
  void aToolTellsOneEvent() throws IOException {
    String id =
        mine.json()
            .body("{\"name\": \"told\", \"content\": \"true\"}")
            .post("/api/v1/tools/execute?wait=30s")
            .path("execution_id");

    try (EventStream stream =
        EventStream.open(url("/api/v1/tools/executions/" + id + "/events"), mine.key(), null)) {
      assertThat(stream.rest().stream().map(Frame::event)).containsExactly("tool.executed", "end");
    }
  }

  @Test
  void eventsAreToldOnceMoreAsTheyWereTold() {
    String id = execute(mine, "exit 3");
    execute(foreign, "true");
    events("?subject=" + id, 6);
    String topic = "again-" + mine.id();
    String body =
        """
        {"topic": "%s", "types": ["workflow.step.*"], "since": "%s"}
        """
            .formatted(topic, Instant.now().minusSeconds(60));

    String replay = mine.json().body(body).post(EVENTS + "/replay").path("replay_id");

    String full = GantryServers.TOPIC_PREFIX + ".replays." + topic;
    await()
        .untilAsserted(
            () ->
                mine.json()
                    .get(EVENTS + "/replay/" + replay)
                    .then()
                    .body("status", equalTo("completed"))
                    .body("topic", equalTo(full))
                    .body("events", equalTo(4)));
    var again = TopicReader.read(full, record -> true, found -> found.size() >= 4);
    var first =
        TopicReader.read(GantryServers.TOPIC_PREFIX + ".events", id, found -> found.size() == 6);
    assertThat(again).hasSize(4);
    for (int i = 0; i < 4; i++) {
      assertThat(again.get(i).headers()).isEqualTo(first.get(i + 1).headers());
      assertThat(again.get(i).value()).isEqualTo(first.get(i + 1).value());
    }
    foreign.json().get(EVENTS + "/replay/" + replay).then().statusCode(404);
  }
}
