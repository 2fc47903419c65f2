package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code POST …/rerun}: what failed runs again, what completed is taken over. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class RerunTest {
  private static final String EXECUTIONS = "/api/v1/workflows/executions/";
  private static final String DEFINITION =
      """
      name: release
      params: {FIXED: "no"}
      env: {SAID: "fixed=${FIXED}"}
      steps:
        - {name: build, command: date +%s%N, output: BUILD}
        - {name: check, command: 'test "$FIXED" = yes'}
        - {name: deploy, command: 'echo "$BUILD $SAID"'}
      """;
  private static TestOrganization mine;

  @BeforeAll
  static void organize() {
    mine = TestOrganization.create("OPERATOR");
  }

  private static Response execute(Map<String, String> variables, String wait) {
    return mine.json()
        .body(Map.of("type", "inline", "definition", DEFINITION, "variables", variables))
        .post("/api/v1/workflows/execute?wait=" + wait);
  }

  private static Response rerun(String id, Map<String, Object> body) {
    return mine.json().body(body).post(EXECUTIONS + id + "/rerun?wait=30s");
  }

  @Test
  void runsWhatFailedAgainWithTheOutputsOfTheRest() {
    Response failed = execute(Map.of(), "30s");
    String id = failed.path("execution_id");
    String build = failed.path("steps[0].output");
    assertThat(failed.<String>path("status")).isEqualTo("failed");

    Response again = rerun(id, Map.of("variables", Map.of("FIXED", "yes")));

    again
        .then()
        .statusCode(200)
        .body("status", equalTo("completed"))
        .body("rerun_of", equalTo(id))
        .body("steps[0].status", equalTo("completed"))
        .body("steps[0].reused", equalTo(true))
        .body("steps[0].attempt", nullValue())
        .body("steps[0].output", equalTo(build))
        .body("steps[1].reused", nullValue())
        .body("steps[1].attempt", equalTo(1))
        .body("steps[2].output", equalTo(build + " fixed=yes"));
    mine.json()
        .get(EXECUTIONS + again.path("execution_id") + "/logs")
        .then()
        .statusCode(200)
        .body("completeness.complete", equalTo(true))
        .body("logs.step", equalTo(List.of("deploy")));
    mine.json().get(EXECUTIONS + id).then().body("status", equalTo("failed"));
  }

  @Test
  void answersThePlanAndRunsNothing() {
    String id = execute(Map.of(), "30s").path("execution_id");
    int before = mine.json().get(EXECUTIONS).path("total");

    rerun(id, Map.of("dry_run", true))
        .then()
        .statusCode(200)
        .body("dry_run", equalTo(true))
        .body("rerun", equalTo(List.of("check", "deploy")))
        .body("reuse", equalTo(List.of("build")));
    assertThat(mine.json().get(EXECUTIONS).<Integer>path("total")).isEqualTo(before);
  }

  @Test
  void runsChosenStepsAndAllBehindThemOfACompletedExecution() {
    Response completed = execute(Map.of("FIXED", "yes"), "30s");
    String id = completed.path("execution_id");

    mine.json()
        .post(EXECUTIONS + id + "/rerun")
        .then()
        .statusCode(409)
        .body("error.message", containsString("from_failed: false"));
    rerun(id, Map.of("steps", List.of("chek")))
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo("steps[0]"))
        .body("error.details.error", equalTo("there is no step 'chek'"));
    rerun(id, Map.of("steps", List.of("deploy")))
        .then()
        .statusCode(200)
        .body("status", equalTo("completed"))
        .body("steps.reused", equalTo(java.util.Arrays.asList(true, true, null)));
    Response all = rerun(id, Map.of("from_failed", false));
    assertThat(all.<String>path("steps[0].output")).isNotEqualTo(completed.path("steps[0].output"));
  }

  @Test
  void makesOneExecutionForOneKey() {
    String id = execute(Map.of(), "30s").path("execution_id");
    String first = keyed(id, "{}").path("execution_id");

    assertThat(keyed(id, "{}").<String>path("execution_id")).isEqualTo(first);
    keyed(id, "{\"from_failed\": false}").then().statusCode(422);
  }

  private static Response keyed(String id, String body) {
    return mine.json()
        .header("Idempotency-Key", "rerun-" + id)
        .body(body)
        .post(EXECUTIONS + id + "/rerun");
  }

  @Test
  void refusesWhatHasNotEndedAndWhatIsNotTheCallers() {
    String definition = "name: long\nsteps:\n  - {name: a, command: sleep 60}\n";
    String id =
        mine.json()
            .body(Map.of("type", "inline", "definition", definition))
            .post("/api/v1/workflows/execute")
            .path("execution_id");

    rerun(id, Map.of()).then().statusCode(409).body("error.details.status", equalTo("running"));
    TestOrganization.create("ADMIN")
        .json()
        .body("{}")
        .post(EXECUTIONS + id + "/rerun")
        .then()
        .statusCode(404);
    mine.json().post(EXECUTIONS + id + "/cancel?wait=20s").then().statusCode(202);
    rerun(id, Map.of("dry_run", true)).then().body("rerun", equalTo(List.of("a")));
  }
}
