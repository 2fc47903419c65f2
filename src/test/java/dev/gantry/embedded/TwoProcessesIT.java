package dev.gantry.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.equalToIgnoringCase;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.secrets.KeysetTool;
import dev.gantry.testing.EventStream;
import dev.gantry.testing.TestOrganization;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes of the built application, with all roles each, on one database and one broker: it
 * makes no difference which of them is asked. They start at the same moment on an empty database.
 */
class TwoProcessesIT {
  private static final int LIMIT = 400;
  private static final Duration FORGOTTEN = Duration.ofSeconds(15);

  @TempDir static Path folder;
  private static Replica one;
  private static Replica other;

  private final TestOrganization mine = TestOrganization.create("ADMIN");

  @BeforeAll
  static void start() throws IOException {
    Path keys = folder.resolve("secrets.key");
    assertThat(KeysetTool.run(List.of("create", keys.toString()), System.err)).isZero();
    Build build = new Build(Path.of(System.getProperty("gantry.build.directory")));
    Map<String, String> settings =
        Map.of(
            "gantry.kafka.topic-prefix",
            "two-" + UUID.randomUUID().toString().substring(0, 8),
            "gantry.kafka.partitions",
            "4",
            "gantry.limits.requests-per-key",
            "" + LIMIT,
            "gantry.secrets.key-file",
            keys.toString());
    one = Replica.start(build, folder.resolve("one"), settings);
    other = Replica.start(build, folder.resolve("other"), settings);
    one.awaitReady();
    other.awaitReady();
  }

  @AfterAll
  static void stop() throws IOException {
    for (Replica started : new Replica[] {one, other}) {
      if (started != null) {
        started.close();
      }
    }
  }

  private Response create(Replica replica, String group, String body) {
    Response created = replica.asked(mine.json()).body(body).post("/" + group);
    created.then().statusCode(201);
    return created;
  }

  private static String path(Response created) {
    String location = created.header("Location");
    assertThat(location).startsWith("http://127.0.0.1:").containsOnlyOnce("/api/v1/");
    return location.substring(location.indexOf("/api/v1") + "/api/v1".length());
  }

  @Test
  void aKeysLimitHoldsOverBoth() throws Exception {
    List<ApiClient> clients =
        List.of(new ApiClient(one.url(), mine.key()), new ApiClient(other.url(), mine.key()));
    List<Callable<Integer>> requests =
        IntStream.range(0, 3 * LIMIT)
            .<Callable<Integer>>mapToObj(i -> () -> clients.get(i % 2).get("/agents").status())
            .toList();
    ExecutorService callers = Executors.newFixedThreadPool(16);
    List<Integer> statuses = new ArrayList<>();
    try {
      for (Future<Integer> answered : callers.invokeAll(requests)) {
        statuses.add(answered.get());
      }
    } finally {
      callers.shutdownNow();
    }

    assertThat(statuses).containsOnly(200, 429);
    assertThat(statuses.stream().filter(status -> status == 200).count())
        .as("admitted by both together")
        .isBetween(LIMIT * 95L / 100, (long) LIMIT);
    other.asked(TestOrganization.create("VIEWER").json()).get("/agents").then().statusCode(200);
  }

  @Test
  void whatOneMakesTheOtherReadsAtOnce() {
    Map<String, String> bodies =
        Map.of(
            "agents", "{\"name\": \"shared\"}",
            "secrets", "{\"name\": \"SHARED\", \"value\": \"example-value-not-secret\"}",
            "integrations", "{\"name\": \"shared\", \"type\": \"github\"}",
            "sources",
                """
                {"name": "shared", "type": "inline",
                 "tools": [{"name": "t", "content": "echo found"}]}
                """);

    bodies.forEach(
        (group, body) -> {
          Response created = create(one, group, body);
          Response read = other.asked(mine.json()).get(path(created));
          read.then().statusCode(200).body("name", equalToIgnoringCase("shared"));
          other.asked(mine.json()).get("/" + group).then().body("total", equalTo(1));
          one.asked(mine.json()).delete(path(created)).then().statusCode(200);
          other.asked(mine.json()).get(path(created)).then().statusCode(404);
        });
  }

  @Test
  void anETagOfOneGuardsOnTheOther() {
    Response created = create(one, "agents", "{\"name\": \"guarded\"}");
    String etag = created.header("ETag");

    Response changed =
        other
            .asked(mine.json())
            .header("If-Match", etag)
            .body("{\"description\": \"changed on the other\"}")
            .put(path(created));
    changed.then().statusCode(200);
    one.asked(mine.json())
        .header("If-Match", etag)
        .body("{\"description\": \"too late\"}")
        .put(path(created))
        .then()
        .statusCode(412)
        .body("error.details.etag", equalTo(changed.header("ETag")));
    one.asked(mine.json())
        .get(path(created))
        .then()
        .header("ETag", changed.header("ETag"))
        .body("description", equalTo("changed on the other"));
  }

  @Test
  void whatOneAcceptsTheOtherSeesToItsEnd() throws IOException {
    create(one, "secrets", "{\"name\": \"GREETING\", \"value\": \"abcdefgh\"}");
    for (int i = 0; i < 6; i++) {
      Replica accepts = i % 2 == 0 ? one : other;
      Replica waits = i % 2 == 0 ? other : one;
      String body =
          """
          {"type": "inline", "definition": {"name": "shared-%1$d", "secrets": ["GREETING"],
           "steps": [{"name": "a", "command": "sleep 0.5; echo line-%1$d; echo ${#GREETING}"}]}}
          """
              .formatted(i);
      Response accepted = accepts.asked(mine.json()).body(body).post("/workflows/execute");
      accepted.then().statusCode(202);
      String path = "/workflows/executions/" + accepted.path("execution_id");

      long started = System.nanoTime();
      waits
          .asked(mine.json())
          .get(path + "?wait=30s")
          .then()
          .statusCode(200)
          .body("status", equalTo("completed"))
          .body("steps[0].output", equalTo("line-" + i + "\n8"));
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(20));
      assertThat(linesOf(waits, path)).containsExactly("line-" + i, "8");
    }
  }

  /** What the program printed, as a stream of this process shows it. */
  private List<String> linesOf(Replica replica, String path) throws IOException {
    List<String> lines = new ArrayList<>();
    List<JsonNode> ends = new ArrayList<>();
    new ApiClient(replica.url(), mine.key())
        .stream(
            path + "/logs",
            null,
            (id, event, data) -> {
              if ("end".equals(event)) {
                ends.add(data);
                return false;
              }
              if ("info".equals(data.path("level").asText())) {
                lines.add(data.path("message").asText());
              }
              return true;
            });
    assertThat(ends).singleElement().matches(end -> end.path("complete").asBoolean());
    return lines;
  }

  @Test
  void aKeyThatOneKnowsIsRepeatedOnTheOther() {
    String agent = "{\"name\": \"once\"}";
    Response first =
        one.asked(mine.json()).header("Idempotency-Key", "a").body(agent).post("/agents");
    first.then().statusCode(201);
    Response again =
        other.asked(mine.json()).header("Idempotency-Key", "a").body(agent).post("/agents");
    again.then().statusCode(201).header("ETag", first.header("ETag"));
    assertThat(again.asString()).isEqualTo(first.asString());
    assertThat(path(again)).isEqualTo(path(first));
    other
        .asked(mine.json())
        .header("Idempotency-Key", "a")
        .body("{\"name\": \"another\"}")
        .post("/agents")
        .then()
        .statusCode(422);

    Path ran = folder.resolve("ran-once");
    String tool = "{\"name\": \"once\", \"content\": \"echo ran >> %s\"}".formatted(ran);
    List<String> ids = new ArrayList<>();
    for (Replica replica : List.of(one, other, one)) {
      Response answer =
          replica
              .asked(mine.json())
              .header("Idempotency-Key", "b")
              .body(tool)
              .post("/tools/execute?wait=30s");
      ids.add(answer.path("execution_id"));
    }
    assertThat(ids).doesNotContainNull().allMatch(ids.get(0)::equals);
    assertThat(ran).hasContent("ran");
  }

  @Test
  void aKeyThatOneRevokesTheOtherRefusesSoon() {
    Response made = create(one, "api-keys", "{\"name\": \"short-lived\", \"role\": \"viewer\"}");
    TestOrganization brief = new TestOrganization(mine.id(), made.path("key"));
    other.asked(brief.json()).get("/agents").then().statusCode(200);

    one.asked(mine.json()).delete(path(made)).then().statusCode(200);

    one.asked(brief.json()).get("/agents").then().statusCode(401);
    await()
        .atMost(FORGOTTEN)
        .until(() -> other.asked(brief.json()).get("/agents").statusCode() == 401);
  }

  @Test
  void aReaderOfEventsThatGoesFromOneToTheOtherEndsWithTheExactList() throws IOException {
    int executions = 20;
    String body =
        """
        {"definition": {"name": "told", "steps": [{"name": "a", "command": "sleep 0.0%d"}]}}
        """;
    Random random = new Random(executions);
    List<JsonNode> read = new ArrayList<>();
    String last = "0";
    int started = 0;
    for (int turn = 0; read.size() < 4 * executions; turn++) {
      Replica asked = turn % 2 == 0 ? one : other;
      if (started < executions) {
        String execution = body.formatted(1 + random.nextInt(9));
        asked.asked(mine.json()).body(execution).post("/workflows/execute").then().statusCode(202);
        started++;
      }
      String stream = asked.url() + "/api/v1/events/stream?type=workflow.*";
      try (EventStream events = EventStream.open(stream, mine.key(), last)) {
        int upTo = Math.min(4 * started, read.size() + random.nextInt(12));
        while (read.size() < upTo) {
          EventStream.Frame frame = events.next();
          read.add(frame.data());
          last = frame.id();
        }
      }
    }

    List<JsonNode> all = new ArrayList<>();
    new ApiClient(other.url(), mine.key())
        .get("/events?type=workflow.*&limit=1000")
        .body()
        .get("events")
        .forEach(all::add);
    assertThat(read).isEqualTo(all).hasSize(4 * executions);
    Map<String, Integer> sequences = new HashMap<>();
    for (JsonNode event : read) {
      assertThat(event.get("sequence").asInt())
          .isEqualTo(sequences.merge(event.get("subject").asText(), 1, Integer::sum));
    }
  }
}
