package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.HeldSegments;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pause and resume, approve and reject, through the API and a real runner. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class SteeringTest {
  private static final String EXECUTIONS = "/api/v1/workflows/executions/";
  private static final String GATED =
      """
      name: gated
      steps:
        - {name: build, command: echo 1.4, output: VERSION}
        - name: the gate
          approval:
            message: Deploy ${VERSION}?
            input: [{name: TARGET, required: true}, {name: COPIES, type: integer, default: 2}]
        - {name: deploy, command: echo $TARGET $COPIES, output: DEPLOYED}
      """;
  private static TestOrganization mine;
  @TempDir private Path directory;

  @BeforeAll
  static void organize() {
    mine = TestOrganization.create("ADMIN");
  }

  private static String execute(String definition) {
    Response answer =
        mine.json()
            .body(Map.of("type", "inline", "definition", definition))
            .post("/api/v1/workflows/execute");
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(202);
    return answer.path("execution_id");
  }

  private static Response get(String id) {
    return mine.json().get(EXECUTIONS + id);
  }

  private static void await(String id, String path, Object value) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(get(id).<Object>path(path)).isEqualTo(value));
  }

  private static Response decide(String id, String what, Object body) {
    return mine.json().body(body).post(EXECUTIONS + id + "/steps/the gate/" + what);
  }

  private static void post(String id, String what) {
    mine.json().post(EXECUTIONS + id + "/" + what).then().statusCode(202);
  }

  @Test
  void anApprovalGoesOnWithWhatWasGiven() {
    String id = execute(GATED);
    await(id, "steps[1].status", "awaiting_approval");
    mine.json()
        .get(EXECUTIONS + id + "/why")
        .then()
        .body("owner", equalTo("approver"))
        .body("reason", equalTo("1 step waits for approval"))
        .body("steps[0].reason", equalTo("waits for approval: Deploy 1.4?"))
        .body("steps[0].since", notNullValue());

    decide(id, "approve", Map.of("input", Map.of("COPIES", "many", "SIZE", 1)))
        .then()
        .statusCode(400)
        .body(
            "error.details.faults.place",
            equalTo(List.of("input.SIZE", "input.TARGET", "input.COPIES")));
    decide(id, "reject", Map.of("input", Map.of("TARGET", "eu"))).then().statusCode(400);
    mine.json().post(EXECUTIONS + id + "/steps/deploy/approve").then().statusCode(409);
    mine.json().post(EXECUTIONS + id + "/steps/dploy/approve").then().statusCode(404);
    decide(id, "approve", Map.of("comment", "fine", "input", Map.of("TARGET", "eu")))
        .then()
        .statusCode(202);

    await(id, "status", "completed");
    Response ended = get(id);
    assertThat(ended.<String>path("steps[2].output")).isEqualTo("eu 2");
    assertThat(ended.<String>path("steps[1].output"))
        .contains("\"comment\":\"fine\"", "\"TARGET\":\"eu\"", "\"COPIES\":\"2\"");
    mine.json().get(EXECUTIONS + id + "/logs").then().body("completeness.complete", equalTo(true));
    mine.json()
        .get("/api/v1/audit?action=workflow.approve")
        .then()
        .body("entries[0].resource.id", equalTo(id))
        .body("entries[0].detail.step", equalTo("the gate"));
    decide(id, "approve", Map.of()).then().statusCode(409);
  }

  @Test
  void aRejectionFailsTheStep() {
    String id = execute(GATED);
    await(id, "steps[1].status", "awaiting_approval");
    decide(id, "reject", Map.of("comment", "not today")).then().statusCode(202);

    await(id, "status", "failed");
    get(id)
        .then()
        .body("error", startsWith("step 'the gate': rejected by "))
        .body("steps[2].status", equalTo("skipped"));
  }

  @Test
  void aPauseLetsEndWhatRunsAndBeginsNothingMore() throws IOException {
    Path go = directory.resolve("go");
    Path ran = directory.resolve("ran");
    String id =
        execute(
            """
            name: pausable
            steps:
              - {name: first, command: "until test -e %s; do sleep 0.02; done"}
              - {name: second, command: "echo second >> %s"}
            """
                .formatted(go, ran));
    await(id, "steps[0].status", "running");
    post(id, "pause");
    await(id, "status", "paused");
    HeldSegments.awaitTheFirstStepAlone(id);
    Files.createFile(go);
    await(id, "steps[0].status", "completed");

    mine.json()
        .get(EXECUTIONS + id + "/why")
        .then()
        .body("status", equalTo("paused"))
        .body("reason", equalTo("is paused until it is resumed; nothing is in hand"))
        .body("steps[0].reason", equalTo("begins when the execution is resumed"));
    assertThat(
            mine.json()
                .get("/api/v1/workflows/executions?status=paused")
                .<String>path("executions[0].execution_id"))
        .isEqualTo(id);
    assertThat(ran).doesNotExist();
    post(id, "resume");
    await(id, "status", "completed");
    assertThat(ran).hasContent("second");
    mine.json().post(EXECUTIONS + id + "/pause").then().statusCode(409);
  }

  @Test
  void aFailedStepIsRetriedWhileTheOthersGoOn() throws Exception {
    Path mark = directory.resolve("mark");
    Path go = directory.resolve("retried");
    String id =
        execute(
            """
            name: retried
            type: graph
            steps:
              - {name: once, command: "if [ -e %1$s ]; then true; else touch %1$s; exit 1; fi"}
              - {name: behind, command: "true", depends: once}
              - {name: long, command: "until [ -e %2$s ]; do sleep 0.05; done"}
            """
                .formatted(mark, go));
    await(id, "steps[1].status", "skipped");
    mine.json().post(EXECUTIONS + id + "/steps/long/retry").then().statusCode(409);
    mine.json().post(EXECUTIONS + id + "/steps/none/retry").then().statusCode(404);
    post(id, "steps/once/retry");
    await(id, "steps[1].status", "completed");
    await(id, "steps[0].attempt", 2);
    Files.createFile(go);
    await(id, "status", "completed");
    mine.json()
        .post(EXECUTIONS + id + "/steps/once/retry")
        .then()
        .statusCode(409)
        .body("error.message", containsString("rerun"));
  }
}
