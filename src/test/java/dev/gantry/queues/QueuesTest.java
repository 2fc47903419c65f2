package dev.gantry.queues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executions wait for their turn, through the API and a real runner. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class QueuesTest {
  private static final String EXECUTIONS = "/api/v1/workflows/executions/";

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  @TempDir private Path directory;

  private void limit(String queue, int most) {
    mine.json()
        .body(Map.of("name", queue, "max_active_runs", most))
        .post("/api/v1/queues")
        .then()
        .statusCode(201)
        .header("Location", containsString("/api/v1/queues/"));
  }

  /** Until the file is there. */
  private String waitsFor(String file) {
    return "until [ -e " + directory.resolve(file) + " ]; do sleep 0.05; done";
  }

  private void make(String file) throws IOException {
    Files.createFile(directory.resolve(file));
  }

  private Response execute(String definition, Map<String, Object> more) {
    Map<String, Object> body = new HashMap<>(more);
    body.put("type", "inline");
    body.put("definition", definition);
    Response answer = mine.json().body(body).post("/api/v1/workflows/execute");
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(202);
    return answer;
  }

  private String execute(String name, String command, Map<String, Object> more) {
    String definition = "{name: %s, steps: [{name: a, command: \"%s\"}]}".formatted(name, command);
    return execute(definition, more).path("execution_id");
  }

  private void await(String id, String status) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(status(id)).isEqualTo(status));
  }

  private String status(String id) {
    return mine.json().get(EXECUTIONS + id).path("status");
  }

  @Test
  void oneWaitsUntilTheOtherHasEnded() throws Exception {
    limit("deploys", 1);
    String first = execute("one", waitsFor("go"), Map.of("queue", "deploys"));
    await(first, "running");
    Response answer =
        execute(
            "{name: other, queue: deploys, steps: [{name: a, command: echo done}]}",
            Map.of("priority", 7));
    answer.then().body("status", equalTo("queued"));
    String second = answer.path("execution_id");

    mine.json()
        .get("/api/v1/queues/deploys")
        .then()
        .body("max_active_runs", equalTo(1))
        .body("running", equalTo(1))
        .body("queued", equalTo(1))
        .body("holders.execution_id", contains(first))
        .body("waiting.execution_id", contains(second))
        .body("waiting[0].priority", equalTo(7));
    mine.json()
        .get(EXECUTIONS + second + "/why")
        .then()
        .body("owner", equalTo("engine"))
        .body(
            "reason",
            equalTo(
                "waits for its turn: for a place of the queue 'deploys'"
                    + " (1 under way, 1 waiting)"));
    mine.json().post(EXECUTIONS + second + "/pause").then().statusCode(409);
    assertThat(status(second)).isEqualTo("queued");

    make("go");
    await(second, "completed");
    mine.json()
        .get("/api/v1/queues/deploys")
        .then()
        .body("running", equalTo(0))
        .body("queued", equalTo(0));
  }

  @Test
  void aWorkflowLimitsItselfAndIsSeenWithoutAnyOfOnesOwn() throws Exception {
    String definition =
        "{name: alone, maxActiveRuns: 1, steps: [{name: a, command: \"%s\"}]}"
            .formatted(waitsFor("go"));
    String first = execute(definition, Map.of()).path("execution_id");
    await(first, "running");
    String second = execute(definition, Map.of()).path("execution_id");

    mine.json()
        .get("/api/v1/queues")
        .then()
        .body("total", equalTo(1))
        .body("queues[0].name", equalTo("workflow:alone"))
        .body("queues[0].max_active_runs", equalTo(null))
        .body("queues[0].queued", equalTo(1));
    mine.json().post(EXECUTIONS + second + "/cancel?wait=10s").then().statusCode(202);
    await(second, "cancelled");
    make("go");
    await(first, "completed");
    mine.json().get("/api/v1/queues/workflow:alone").then().statusCode(404);
  }

  @Test
  void oneThatIsReleasedGivesUpItsPlaceOrGoesOn() throws Exception {
    limit("organization", 1);
    String first = execute("one", waitsFor("go"), Map.of());
    await(first, "running");
    String second = execute("two", waitsFor("go"), Map.of());
    String third = execute("three", waitsFor("go"), Map.of());
    assertThat(status(second)).isEqualTo("queued");

    String release = "/api/v1/queues/organization/release";
    mine.json()
        .body(Map.of("execution_id", first))
        .post(release)
        .then()
        .statusCode(200)
        .body("holders.execution_id", not(hasItem(first)));
    await(second, "running");
    mine.json().body(Map.of("execution_id", third)).post(release).then().statusCode(200);
    await(third, "running");
    assertThat(status(first)).isEqualTo("running");
    mine.json().body(Map.of("execution_id", third)).post(release).then().statusCode(404);
    make("go");
    await(first, "completed");
    await(third, "completed");
  }

  @Test
  void aLimitThatIsChangedHoldsAtOnce() throws Exception {
    limit("runner:default", 0);
    String waits = execute("one", "echo done", Map.of());
    assertThat(status(waits)).isEqualTo("queued");

    mine.json()
        .body(Map.of("max_active_runs", 1, "description", "back"))
        .put("/api/v1/queues/runner:default")
        .then()
        .statusCode(200)
        .body("description", equalTo("back"));
    await(waits, "completed");
    mine.json()
        .delete("/api/v1/queues/runner:default")
        .then()
        .statusCode(200)
        .body("message", equalTo("Queue deleted successfully"));
    mine.json().get("/api/v1/queues").then().body("queues", hasSize(0));
  }

  @Test
  void saysWhatIsWrong() {
    mine.json()
        .body(Map.of("name", "workflow:", "max_active_runs", -1))
        .post("/api/v1/queues")
        .then()
        .statusCode(400)
        .body("error.details.faults", hasSize(2))
        .body("error.details.error", startsWith("must be a queue's name"));
    mine.json()
        .body(Map.of("name", "t", "content", "true", "queue", "organization", "priority", 2000))
        .post("/api/v1/tools/execute")
        .then()
        .statusCode(400)
        .body("error.details.faults.field", contains("queue", "priority"));
    limit("twice", 1);
    mine.json()
        .body(Map.of("name", "twice", "max_active_runs", 1))
        .post("/api/v1/queues")
        .then()
        .statusCode(409);
    mine.json().get("/api/v1/queues/none").then().statusCode(404);
    mine.json()
        .body(Map.of("execution_id", "exec-none"))
        .post("/api/v1/queues/none/release")
        .then()
        .statusCode(404);
  }
}
