package dev.gantry.executions;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;

import dev.gantry.testing.GantryServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The whole way: REST, outbox, Kafka, runner, process, Kafka, engine, REST. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class ExecutionsTest {
  private static final String DURATION = "(\\d+[hms])*(\\d+ms)?";

  private static RequestSpecification json() {
    return given()
        .header("Authorization", "Bearer " + GantryServers.KEY)
        .contentType("application/json");
  }

  private static Response run(String yaml, Map<String, Object> variables) {
    return json()
        .body(Map.of("type", "inline", "definition", yaml, "variables", variables))
        .post("/api/v1/workflows/execute?wait=30s");
  }

  @Test
  void acceptsAWorkflowAsTheReferenceShows() {
    Response accepted =
        json()
            .body(
                Map.of(
                    "type",
                    "inline",
                    "definition",
                    Map.of(
                        "name",
                        "deploy",
                        "steps",
                        new Object[] {Map.of("name", "a", "command", "true")}),
                    "variables",
                    Map.of("version", "v1")))
            .post("/api/v1/workflows/execute");

    accepted
        .then()
        .statusCode(202)
        .body("execution_id", matchesPattern("exec-[0-9a-f-]{36}"))
        .body("status", equalTo("running"))
        .body("created_at", matchesPattern("\\d{4}-\\d\\d-\\d\\dT.*Z"))
        .body("workflow.name", equalTo("deploy"))
        .body("workflow.variables.version", equalTo("v1"))
        .header("Location", containsString(accepted.path("execution_id")));
    json().get(accepted.header("Location")).then().statusCode(200);
  }

  @Test
  void runsAChainAndHandsOutputsOn() {
    run(
            """
            name: greet
            params: {who: nobody}
            steps:
              - name: make
                command: echo "hello ${who}"
                output: GREETING
              - name: show
                command: echo "said ${GREETING} and $GREETING"
            """,
            Map.of("who", "world"))
        .then()
        .statusCode(200)
        .body("status", equalTo("completed"))
        .body("duration", matchesPattern(DURATION))
        .body("completed_at", notNullValue())
        .body("steps[0].output", equalTo("hello world"))
        .body("steps[1].output", equalTo("said hello world and hello world"))
        .body("steps[1].status", equalTo("completed"))
        .body("steps[1].exit_code", equalTo(0));
  }

  @Test
  void tellsWhichStepFailed() {
    run(
            """
            name: broken
            steps:
              - name: ok
                command: "true"
              - name: bad
                command: echo oops >&2; exit 3
              - name: never
                command: "true"
            """,
            Map.of())
        .then()
        .body("status", equalTo("failed"))
        .body("error", containsString("bad"))
        .body("steps[1].exit_code", equalTo(3))
        .body("steps[2].status", equalTo("skipped"));
  }

  @Test
  void retriesUntilItWorks() {
    run(
            """
            name: flaky
            steps:
              - name: third-time
                command: '[ "$GANTRY_ATTEMPT" = 3 ]'
                retryPolicy: {limit: 5, intervalSec: 0}
            """,
            Map.of())
        .then()
        .body("status", equalTo("completed"))
        .body("steps[0].attempt", equalTo(3));
  }

  @Test
  void runsADiamond() {
    run(
            """
            name: diamond
            type: graph
            steps:
              - {name: top, command: echo t, output: T}
              - {name: left, command: "echo ${T}l", depends: top, output: L}
              - {name: right, command: "echo ${T}r", depends: top, output: R}
              - {name: join, command: "echo ${L}${R}", depends: [left, right]}
            """,
            Map.of())
        .then()
        .body("status", equalTo("completed"))
        .body("steps[3].output", equalTo("tltr"));
  }

  @Test
  void runsATool() {
    json()
        .body(
            Map.of(
                "name", "hello", "content", "echo \"$WHO\"", "environment", Map.of("WHO", "you")))
        .post("/api/v1/tools/execute?wait=30s")
        .then()
        .statusCode(200)
        .body("execution_id", matchesPattern("tool-exec-[0-9a-f-]{36}"))
        .body("status", equalTo("completed"))
        .body("output", equalTo("you"))
        .body("exit_code", equalTo(0));
  }

  @Test
  void cancelsARunningTool() {
    String id =
        json()
            .body(Map.of("name", "long", "content", "sleep 60"))
            .post("/api/v1/tools/execute")
            .path("execution_id");

    json()
        .post("/api/v1/tools/executions/" + id + "/cancel?wait=20s")
        .then()
        .statusCode(202)
        .body("status", equalTo("cancelled"));
    json().post("/api/v1/tools/executions/" + id + "/cancel").then().statusCode(409);
  }

  @Test
  void stopsAStepAtItsTimeout() {
    json()
        .body(Map.of("name", "slow", "content", "sleep 60", "timeout", "1s"))
        .post("/api/v1/tools/execute?wait=30s")
        .then()
        .body("status", equalTo("timed_out"))
        .body("error", containsString("timeout"));
  }

  @Test
  void listsExecutionsNewestFirst() {
    String id =
        run("{name: listed, steps: [{name: a, command: 'true'}]}", Map.of()).path("execution_id");

    json()
        .get("/api/v1/workflows/executions?workflow=listed&status=completed&limit=1")
        .then()
        .body("executions[0].execution_id", equalTo(id))
        .body("total", greaterThanOrEqualTo(1))
        .body("limit", equalTo(1))
        .body("offset", equalTo(0))
        .body("executions.workflow.name", hasItem("listed"));
  }

  @Test
  void answersTheSameIdempotencyKeyWithTheSameExecution() {
    String key = "key-" + System.nanoTime();
    Map<String, Object> body = Map.of("name", "once", "content", "echo once");
    String first =
        json()
            .header("Idempotency-Key", key)
            .body(body)
            .post("/api/v1/tools/execute")
            .path("execution_id");
    String second =
        json()
            .header("Idempotency-Key", key)
            .body(body)
            .post("/api/v1/tools/execute")
            .path("execution_id");

    assertThat(second).isEqualTo(first);
    json()
        .header("Idempotency-Key", key)
        .body(Map.of("name", "once", "content", "echo twice"))
        .post("/api/v1/tools/execute")
        .then()
        .statusCode(422)
        .body("error.code", equalTo("VALIDATION_ERROR"));
  }
}
