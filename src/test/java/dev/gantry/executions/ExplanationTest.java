package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code /why} and {@code /graph} of executions: what waits, for whom, and how it hangs together.
 */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class ExplanationTest {
  private static final String WORKFLOW =
      """
      name: explained
      steps:
        - {name: build, command: "true"}
        - {name: 'say "hi" <b>', command: exit 3}
        - {name: deploy, command: "true"}
      handlerOn:
        failure: {command: "true"}
      """;
  private static TestOrganization mine;

  @BeforeAll
  static void organize() {
    mine = TestOrganization.create("ADMIN");
  }

  private static String execute(String definition, String runner, String wait) {
    Response answer =
        mine.json()
            .body(Map.of("type", "inline", "definition", definition, "runner", runner))
            .post("/api/v1/workflows/execute?wait=" + wait);
    assertThat(answer.statusCode()).as(answer.asString()).isBetween(200, 202);
    return answer.path("execution_id");
  }

  private static ValidatableResponse get(String id, String what) {
    return mine.json().get("/api/v1/workflows/executions/" + id + "/" + what).then();
  }

  @Test
  void namesTheRunnerThatNobodyHasSeenAndWhatWaitsBehindIt() {
    String runner = "absent-" + mine.id().toString().substring(0, 8);
    mine.json()
        .body(Map.of("name", runner, "type", "kubernetes"))
        .post("/api/v1/runners")
        .then()
        .statusCode(201);
    String id = execute(WORKFLOW + "maxActiveSteps: 1\n", runner, "0s");

    get(id, "why")
        .statusCode(200)
        .body("execution_id", equalTo(id))
        .body("status", equalTo("running"))
        .body("reason", containsString("runner " + runner + ", which has never been seen"))
        .body("owner", equalTo("runner " + runner))
        .body("deadline", notNullValue())
        .body("steps[0].name", equalTo("build"))
        .body("steps[0].status", equalTo("queued"))
        .body("steps[0].reason", containsString("has never been seen and has not told its start"))
        .body("steps[1].waits_for[0]", equalTo("build"))
        .body("steps[3].reason", equalTo("a handler, run when every step has ended"));

    mine.json().post("/api/v1/workflows/executions/" + id + "/cancel").then().statusCode(202);
    get(id, "why").body("owner", notNullValue());
  }

  @Test
  void tellsOfAnEndedExecutionWhatDidNotRunAndWhy() {
    String id = execute(WORKFLOW, "default", "30s");

    get(id, "why")
        .statusCode(200)
        .body("status", equalTo("failed"))
        .body("owner", nullValue())
        .body("reason", equalTo("step 'say \"hi\" <b>': exit code 3"))
        .body("steps.name", equalTo(java.util.List.of("say \"hi\" <b>", "deploy")))
        .body("steps[1].reason", containsString("did not complete"));
  }

  @Test
  void drawsTheGraphAsJsonAndAsMermaid() {
    String id = execute(WORKFLOW, "default", "30s");

    get(id, "graph")
        .statusCode(200)
        .body(
            "nodes.status",
            equalTo(java.util.List.of("completed", "failed", "skipped", "completed")))
        .body("nodes[3].handles", equalTo("failure"))
        .body("edges[0].from", equalTo("build"))
        .body("edges.size()", equalTo(2));
    String text =
        mine.json()
            .accept("text/vnd.mermaid")
            .get("/api/v1/workflows/executions/" + id + "/graph")
            .then()
            .statusCode(200)
            .contentType("text/vnd.mermaid")
            .extract()
            .asString();

    assertThat(text)
        .startsWith("flowchart TD\n")
        .contains("s0[\"build\"]:::completed\n")
        .contains("s1[\"say #34;hi#34; #60;b#62;\"]:::failed\n  s0 --> s1\n");
  }

  @Test
  void hidesTheExecutionsOfOthers() {
    String id = execute(WORKFLOW, "default", "0s");
    TestOrganization other = TestOrganization.create("ADMIN");

    for (String what : new String[] {"why", "graph"}) {
      other.json().get("/api/v1/workflows/executions/" + id + "/" + what).then().statusCode(404);
    }
    String tool = "/api/v1/tools/executions/tool-" + id + "/why";
    mine.json().get(tool).then().statusCode(404);
  }

  @Test
  void explainsAToolExecution() {
    Response answer =
        mine.json()
            .body(Map.of("name", "odd", "content", "exit 4"))
            .post("/api/v1/tools/execute?wait=30s");
    String id = answer.path("execution_id");

    mine.json()
        .get("/api/v1/tools/executions/" + id + "/why")
        .then()
        .statusCode(200)
        .body("status", equalTo("failed"))
        .body("steps[0].reason", containsString("exit code 4"));
  }
}
