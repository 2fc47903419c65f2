package dev.gantry.logs;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;

import dev.gantry.testing.EventStream;
import dev.gantry.testing.EventStream.Frame;
import dev.gantry.testing.GantryServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every line that a step printed can be read: in pages, live, and again from behind any line. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
@Timeout(60)
class LogsTest {
  private static final String TOOLS = "api/v1/tools/executions/";
  private static final String WORKFLOWS = "api/v1/workflows/executions/";

  @TestHTTPResource("/")
  String url;

  private static RequestSpecification json() {
    return given()
        .header("Authorization", "Bearer " + GantryServers.KEY)
        .contentType("application/json");
  }

  private static String ended(String script) {
    return json()
        .body(Map.of("name", "logs", "content", script))
        .post("/api/v1/tools/execute?wait=30s")
        .then()
        .body("completed_at", matchesPattern(".*Z"))
        .extract()
        .path("execution_id");
  }

  private static String started(String script) {
    return json()
        .body(Map.of("name", "logs", "content", script))
        .post("/api/v1/tools/execute")
        .path("execution_id");
  }

  /** A loop that ends when the file is there, and some day also if the test failed before. */
  private static String waitFor(Path gate) {
    return "for n in $(seq 600); do if [ -e " + gate + " ]; then break; fi; sleep 0.05; done";
  }

  private static String workflow(String yaml) {
    return json()
        .body(Map.of("type", "inline", "definition", yaml))
        .post("/api/v1/workflows/execute?wait=30s")
        .path("execution_id");
  }

  private static ValidatableResponse page(String path) {
    return json().get("/" + path).then().statusCode(200);
  }

  private EventStream stream(String id, String lastId) throws IOException {
    return EventStream.open(url + TOOLS + id + "/logs", GantryServers.KEY, lastId);
  }

  private static List<String> messages(List<Frame> frames) {
    return frames.stream().filter(frame -> !frame.isEnd()).map(Frame::message).toList();
  }

  @Test
  void showsLinesAsTheReferenceDoes() {
    String id =
        workflow(
            """
            name: build
            steps:
              - {name: build, command: echo Starting build process}
              - {name: test, command: echo bad >&2}
            """);

    page(WORKFLOWS + id + "/logs")
        .body("logs", hasSize(2))
        .body("logs.timestamp", everyItem(matchesPattern("\\d{4}-\\d\\d-\\d\\dT\\d\\d:.*\\.\\d+Z")))
        .body("logs.level", contains("info", "error"))
        .body("logs.step", contains("build", "test"))
        .body("logs.message", contains("Starting build process", "bad"))
        .body("has_more", equalTo(false))
        .body("completeness.lines", equalTo(2))
        .body("completeness.complete", equalTo(true));
    page(WORKFLOWS + id + "/logs?step=test").body("logs.message", contains("bad"));
    page(WORKFLOWS + id + "/logs?since=2999-01-01T00:00:00Z").body("logs", hasSize(0));
  }

  @Test
  void pagesThroughAllLinesOnceEach() {
    String id = ended("i=0; while [ $i -lt 2500 ]; do echo line-$i; i=$((i+1)); done");

    List<String> read = new ArrayList<>();
    String after = null;
    JsonPath answer;
    do {
      answer =
          page(TOOLS + id + "/logs?limit=700" + (after == null ? "" : "&after=" + after))
              .extract()
              .jsonPath();
      read.addAll(answer.getList("logs.message", String.class));
      after = answer.getString("next");
    } while (answer.getBoolean("has_more"));

    assertThat(read).isEqualTo(IntStream.range(0, 2500).mapToObj(i -> "line-" + i).toList());
  }

  @Test
  void streamsEachLineWhileTheProgramWaits(@TempDir Path folder) throws IOException {
    Path gate = folder.resolve("gate");
    String id = started("echo one; " + waitFor(gate) + "; echo two");

    try (EventStream stream = stream(id, null)) {
      assertThat(stream.next().message()).isEqualTo("one");
      Files.createFile(gate);
      assertThat(stream.next().message()).isEqualTo("two");
      Frame end = stream.next();
      assertThat(end.isEnd()).isTrue();
      assertThat(end.data().path("status").asText()).isEqualTo("completed");
      assertThat(end.data().path("lines").asInt()).isEqualTo(2);
      assertThat(end.data().path("complete").asBoolean()).isTrue();
      assertThat(end.data().path("hash").asText()).isNotEmpty();
      assertThat(stream.next()).isNull();
    }
  }

  @Test
  void resumesBehindTheLastLineSeenWhileItRuns(@TempDir Path folder) throws IOException {
    Path gate = folder.resolve("gate");
    String id = started("for i in 1 2 3 4; do echo $i; done; " + waitFor(gate) + "; echo 5");
    String third;
    try (EventStream stream = stream(id, null)) {
      third = stream.next(3).get(2).id();
    }

    try (EventStream resumed = stream(id, third)) {
      assertThat(resumed.next().message()).isEqualTo("4");
      Files.createFile(gate);
      assertThat(messages(resumed.rest())).containsExactly("5");
    }
  }

  @Test
  void resumesAfterTheEndWithExactlyTheRest() throws IOException {
    String id = ended("for i in 1 2 3 4 5; do echo $i; done");
    List<Frame> all;
    try (EventStream stream = stream(id, null)) {
      all = stream.rest();
    }
    assertThat(messages(all)).containsExactly("1", "2", "3", "4", "5");
    assertThat(all.get(5).isEnd()).isTrue();

    for (int seen = 0; seen < all.size(); seen++) {
      try (EventStream resumed = stream(id, all.get(seen).id())) {
        List<Frame> rest = resumed.rest();
        assertThat(messages(rest)).isEqualTo(messages(all.subList(seen + 1, all.size())));
        assertThat(rest.get(rest.size() - 1).isEnd()).as("ends after line %d", seen).isTrue();
      }
    }
  }

  @Test
  void keepsWhatIsNoText() throws IOException {
    String id =
        ended(
            "printf 'a\\000b\\n\\377\\n'; head -c 200000 /dev/zero | tr '\\000' x; printf '\\nlast'");

    List<Frame> frames;
    try (EventStream stream = stream(id, null)) {
      frames = stream.rest();
    }

    List<String> read = messages(frames);
    assertThat(read.get(0)).isEqualTo("a\u0000b");
    assertThat(read.get(1)).isEqualTo("\ufffd");
    assertThat(String.join("", read.subList(2, read.size() - 1))).isEqualTo("x".repeat(200_000));
    assertThat(frames.get(2).data().path("continued").asBoolean()).isTrue();
    assertThat(read.get(read.size() - 1)).isEqualTo("last");
  }

  @Test
  void endsTheStreamOfAnExecutionThatPrintedNothing() throws IOException {
    String id = ended("true");

    try (EventStream stream = stream(id, null)) {
      Frame end = stream.next();
      assertThat(end.isEnd()).isTrue();
      assertThat(end.data().path("lines").asInt()).isZero();
    }
  }

  /** Each line comes at a time of its own, and so is stored in a chunk of its own. */
  @Test
  void findsWhatIsSoughtHoweverMuchLiesBeforeIt() throws IOException {
    String id = ended("for n in $(seq 12); do echo line-$n; sleep 0.1; done");
    List<String> times =
        page(TOOLS + id + "/logs?limit=20").extract().jsonPath().getList("logs.timestamp");

    String sought = TOOLS + id + "/logs?since=" + times.get(11);
    page(sought).body("logs.message", contains("line-12"));
    try (EventStream stream = EventStream.open(url + sought, GantryServers.KEY, null)) {
      assertThat(messages(stream.rest())).containsExactly("line-12");
    }
  }

  /** More than is kept for a client that reads slowly, so that it is read from the store. */
  @Test
  void streamsALargeLogWhole() throws IOException {
    String id = started("seq -f 'line %095.0f' 150000");

    try (EventStream stream = stream(id, null)) {
      List<Frame> frames = stream.rest();

      assertThat(frames).hasSize(150_001);
      assertThat(frames.get(150_000).data().path("lines").asInt()).isEqualTo(150_000);
    }
  }

  @Test
  void servesTheSameStreamAtItsOwnPath() throws IOException {
    String id = ended("echo here");

    try (EventStream stream =
        EventStream.open(url + TOOLS + id + "/logs/stream", GantryServers.KEY, null)) {
      assertThat(stream.next().message()).isEqualTo("here");
    }
  }

  @Test
  void refusesWhatItCannotRead() {
    String id = ended("true");

    json()
        .get("/" + TOOLS + id + "/logs?step=other")
        .then()
        .statusCode(400)
        .body("error.details.error", containsString("there is: logs"));
    json().get("/" + TOOLS + id + "/logs?after=nonsense").then().statusCode(400);
    json().get("/" + TOOLS + id + "/logs?since=yesterday").then().statusCode(400);
    json().get("/" + TOOLS + id + "/logs?limit=0").then().statusCode(400);
    json().get("/" + WORKFLOWS + id + "/logs").then().statusCode(404);
    given()
        .header("Accept", "text/event-stream")
        .get("/" + TOOLS + id + "/logs")
        .then()
        .statusCode(401)
        .body("error.code", equalTo("AUTHENTICATION_ERROR"));
  }
}
