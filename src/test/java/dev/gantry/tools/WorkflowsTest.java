package dev.gantry.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TestSources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Walks the workflows' section of the API where it is about those that sources hold. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class WorkflowsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WORKFLOWS = "/api/v1/workflows";
  private static final String DEPLOY =
      """
      name: deploy-application # kept
      description: Deploys
      params:
        - {name: environment, required: true}
        - {name: version, default: v1}
      steps:
        - {name: build, command: 'echo ${environment} ${version}'}
        - {name: deploy, command: echo Deployment successful}
      """;

  private final TestOrganization mine = TestOrganization.create("ADMIN");

  private String source(String name, String... workflows) {
    return TestSources.scanned(
        mine, JSON.valueToTree(Map.of("name", name, "workflows", workflows)).toString());
  }

  private Response execute(Map<String, Object> body) {
    return mine.json().body(body).post(WORKFLOWS + "/execute?wait=30s");
  }

  private static JsonNode tree(Response answer) throws IOException {
    return JSON.readTree(answer.asByteArray());
  }

  private static ValidatableResponse fault(Response answer, String field) {
    return answer
        .then()
        .statusCode(400)
        .body("error.code", equalTo("VALIDATION_ERROR"))
        .body("error.details.field", equalTo(field));
  }

  @Test
  void listsAndGets() throws IOException {
    String source = source("a", DEPLOY);

    JsonNode answer = tree(mine.json().get(WORKFLOWS + "?filter=DEPLOYS&source=" + source));

    assertThat(answer.fieldNames())
        .toIterable()
        .containsExactly("workflows", "total", "limit", "offset", "has_more");
    ObjectNode workflow = (ObjectNode) answer.get("workflows").get(0);
    String uuid = workflow.remove("uuid").textValue();
    workflow.remove(List.of("created_at", "updated_at"));
    assertThat(workflow)
        .isEqualTo(
            JSON.readTree(
                """
                {"name": "deploy-application", "description": "Deploys", "source": "%s",
                 "params": [{"name": "environment", "type": "string", "required": true},
                            {"name": "version", "type": "string", "required": false,
                             "default": "v1"}],
                 "file": "workflows[0]"}
                """
                    .formatted(source)));
    mine.json()
        .get(WORKFLOWS + "/" + uuid)
        .then()
        .statusCode(200)
        .body("name", equalTo("deploy-application"))
        .body("definition", equalTo(DEPLOY));
    mine.json().get(WORKFLOWS + "?filter=nothing").then().body("total", equalTo(0));
    TestOrganization.create("ADMIN").json().get(WORKFLOWS + "/" + uuid).then().statusCode(404);
    fault(mine.json().get(WORKFLOWS + "?source=x"), "source");
  }

  @Test
  void executesGetsAndListsAsTheReferenceShows() {
    source("myorg/deploy-scripts", DEPLOY);
    Map<String, Object> body =
        Map.of(
            "workflow",
            "deploy-application",
            "source",
            "myorg/deploy-scripts",
            "variables",
            Map.of("environment", "production", "version", "v1.2.3"),
            "timeout",
            "1800s",
            "save_trace",
            true);

    Response accepted = mine.json().body(body).post(WORKFLOWS + "/execute");

    accepted
        .then()
        .statusCode(202)
        .body("execution_id", matchesPattern("exec-[0-9a-f-]{36}"))
        .body("status", equalTo("running"))
        .body("workflow.name", equalTo("deploy-application"))
        .body("workflow.source", equalTo("myorg/deploy-scripts"))
        .body("workflow.variables", equalTo(body.get("variables")));
    mine.json()
        .get(WORKFLOWS + "/executions/" + accepted.path("execution_id") + "?wait=30s")
        .then()
        .body("status", equalTo("completed"))
        .body("duration", matchesPattern("(\\d+[hms])*(\\d+ms)?"))
        .body("workflow.name", equalTo("deploy-application"))
        .body("steps.name", equalTo(List.of("build", "deploy")))
        .body("steps.status", equalTo(List.of("completed", "completed")))
        .body("steps.output", equalTo(List.of("production v1.2.3", "Deployment successful")));
    mine.json()
        .get(WORKFLOWS + "/executions?status=completed&workflow=deploy-application")
        .then()
        .body("executions.size()", equalTo(1))
        .body("executions[0].execution_id", equalTo(accepted.path("execution_id")))
        .body("executions[0].workflow.source", equalTo("myorg/deploy-scripts"))
        .body("total", equalTo(1))
        .body("limit", equalTo(50))
        .body("offset", equalTo(0));
  }

  @Test
  void asksWhichOfSeveralSources() {
    String first = source("first", DEPLOY);
    String second = source("second", DEPLOY.replace("Deployment", "Second"));
    Map<String, Object> variables = Map.of("environment", "x");

    fault(execute(Map.of("workflow", "deploy-application", "variables", variables)), "source")
        .body(
            "error.details.error",
            containsString("first (%s), second (%s)".formatted(first, second)));
    execute(Map.of("workflow", "deploy-application", "source", second, "variables", variables))
        .then()
        .body("status", equalTo("completed"))
        .body("steps[1].output", equalTo("Second successful"));
  }

  @Test
  void takesTheRunnerOfTheSourceWhenNoneIsNamed() {
    source("a", DEPLOY.replace("description: Deploys", "runner: none"));

    fault(
            execute(
                Map.of("workflow", "deploy-application", "variables", Map.of("environment", "x"))),
            "runner")
        .body("error.details.error", startsWith("no runner 'none'"));
    execute(
            Map.of(
                "workflow",
                "deploy-application",
                "runner",
                "default",
                "variables",
                Map.of("environment", "x")))
        .then()
        .body("runner", equalTo("default"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"workflow\": \"none\"} | workflow",
        "{\"workflow\": \"a\\u0000\"} | workflow",
        "{\"workflow\": \"deploy-application\", \"source\": \"none\"} | workflow",
        "{\"workflow\": \"deploy-application\", \"type\": \"github\"} | type",
        "{\"workflow\": \"deploy-application\", \"definition\": {}} | definition",
        "{\"workflow\": \"deploy-application\"} | variables.environment",
      })
  void namesTheFieldThatIsWrong(String body, String field) {
    source("a", DEPLOY);

    fault(mine.json().body(body).post(WORKFLOWS + "/execute"), field);
  }

  private List<String> created(Object... parameters) {
    RequestSpecification request = mine.json();
    for (int i = 0; i < parameters.length; i += 2) {
      request.queryParam("" + parameters[i], "" + parameters[i + 1]);
    }
    return request.get(WORKFLOWS + "/executions").path("executions.execution_id");
  }

  @Test
  void listsExecutionsOfATime() {
    source("a", DEPLOY);
    Map<String, Object> body =
        Map.of("workflow", "deploy-application", "variables", Map.of("environment", "x"));
    Response first = execute(body);
    Response second = execute(body);
    String earlier = first.path("execution_id");
    String later = second.path("execution_id");
    Instant one = Instant.parse(first.path("created_at"));
    Instant two = Instant.parse(second.path("created_at"));

    assertThat(created("created_after", two)).isEqualTo(List.of(later));
    assertThat(created("created_before", two)).isEqualTo(List.of(earlier));
    assertThat(created("created_after", one, "created_before", two.plusMillis(1))).hasSize(2);
    assertThat(created("created_after", two.plusNanos(1))).isEmpty();
    assertThat(created("created_after", two.atOffset(ZoneOffset.ofHours(2)))).hasSize(1);
    fault(mine.json().get(WORKFLOWS + "/executions?created_after=1"), "created_after");
    fault(
        mine.json().get(WORKFLOWS + "/executions?created_before=2026-01-01T00:00:00"),
        "created_before");
    fault(
        mine.json().get(WORKFLOWS + "/executions?created_after=0001-01-01T00:00:00Z"),
        "created_after");
  }

  @Test
  void findsATimeByIndex() throws SQLException {
    try (Connection connection = TestOrganization.connect();
        Statement statement = connection.createStatement()) {
      // Without the primary key, which is as good for a table of few rows.
      statement.execute("create temp table probe (like executions including indexes)");
      statement.execute("alter table probe drop constraint probe_pkey");
      statement.execute("set enable_seqscan = off");
      ResultSet plan =
          statement.executeQuery(
              "explain select * from probe where organization_id = '"
                  + mine.id()
                  + "' and kind = 'WORKFLOW' and parent_id is null and id >= '0190a000-0000-7000-8000-000000000000'"
                  + " and id < '0190b000-0000-7000-8000-000000000000' order by id desc limit 50");
      StringBuilder text = new StringBuilder();
      while (plan.next()) {
        text.append(plan.getString(1)).append('\n');
      }
      assertThat(text).containsPattern("Index Cond: .*organization_id = .*kind = .*id >= .*id < ");
    }
  }
}
