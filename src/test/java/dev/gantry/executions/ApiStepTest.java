package dev.gantry.executions;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.gantry.platform.Sha256;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TestSources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Steps that call the API: with whose rights, and for how long. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class ApiStepTest {
  private static final String MAKES_AN_AGENT =
      """
      {name: make, steps: [{name: a, output: OUT, executor: {type: kubiya, config: {
        url: /api/v1/agents, headers: {Content-Type: application/json},
        body: '{"name": "made-by-a-step", "description": "x"}'}}}]}
      """;

  private final TestOrganization mine = TestOrganization.create("ADMIN");

  static boolean hasCurl() {
    return HttpStepTest.hasCurl();
  }

  private ValidatableResponse execute(TestOrganization by, String definition) {
    return by.json()
        .body(Map.of("definition", definition))
        .post("/api/v1/workflows/execute?wait=30s")
        .then()
        .statusCode(200);
  }

  private void agents(TestOrganization of, int count) {
    of.json()
        .get("/api/v1/agents?filter=made-by-a-step")
        .then()
        .statusCode(200)
        .body("total", equalTo(count));
  }

  @Test
  @EnabledIf("hasCurl")
  void changesWhatItsCallerMayChange() {
    execute(mine, MAKES_AN_AGENT)
        .body("status", equalTo("completed"))
        .body("steps[0].output", containsString("made-by-a-step"));

    agents(mine, 1);
  }

  @Test
  @EnabledIf("hasCurl")
  void hasTheRightsOfItsCallerAndNoOthers() {
    TestOrganization operator = TestOrganization.create("OPERATOR");
    execute(
            operator,
            """
            {name: w, steps: [{name: a, output: OUT, executor: {type: kubiya,
              config: {url: api/v1/api-keys}}}]}
            """)
        .body("status", equalTo("failed"))
        .body("steps[0].exit_code", equalTo(22))
        .body("steps[0].output", containsString("AUTHORIZATION_ERROR"));
  }

  @Test
  @EnabledIf("hasCurl")
  void hasThemInWhatItsCallersWorkflowRuns() {
    TestSources.scanned(
        mine,
        """
        {"name": "s", "type": "inline", "workflows": [
          {"name": "make", "steps": [{"name": "a", "executor": {"type": "kubiya", "config": {
            "url": "api/v1/agents", "headers": {"Content-Type": "application/json"},
            "body": "{\\"name\\": \\"made-by-a-step\\", \\"description\\": \\"x\\"}"}}}]}]}
        """);
    execute(mine, "{name: w, steps: [{name: a, run: make}]}").body("status", equalTo("completed"));

    agents(mine, 1);
  }

  @Test
  void hasNoneWhenNobodyWithAKeyHasAskedForIt() {
    TestSources.scanned(
        mine,
        """
        {"name": "s", "type": "inline", "workflows": [
          {"name": "look", "steps": [{"name": "a", "executor": {"type": "kubiya", "config": {
            "url": "api/v1/agents"}}}]}]}
        """);
    String url =
        mine.json()
            .body(Map.of("name", "open", "workflow", "look"))
            .post("/api/v1/webhooks")
            .then()
            .statusCode(201)
            .extract()
            .path("webhook_url");
    String location =
        given()
            .contentType("application/json")
            .body("{}")
            .post(URI.create(url).getPath())
            .then()
            .statusCode(202)
            .extract()
            .header("Location");

    mine.json()
        .get(location + "?wait=30s")
        .then()
        .body("status", equalTo("failed"))
        .body("steps[0].error", containsString("no API key has asked for this execution"));
  }

  @Test
  void aTokenIsWorthSomethingWhileItsAttemptRunsAndItsKeyIsThere() throws SQLException {
    String token = "gts_" + UUID.randomUUID();
    String id =
        mine.json()
            .body(Map.of("definition", "{name: w, steps: [{name: a, command: sleep 60}]}"))
            .post("/api/v1/workflows/execute")
            .then()
            .statusCode(202)
            .extract()
            .path("execution_id");
    keep(token, id, 1);
    keep(token + "-of-the-next-attempt", id, 2);

    assertThat(status(token)).isEqualTo(200);
    assertThat(status(token + "-of-the-next-attempt")).isEqualTo(401);
    mine.json().post("/api/v1/workflows/executions/" + id + "/cancel").then().statusCode(202);
    mine.json()
        .get("/api/v1/workflows/executions/" + id + "?wait=30s")
        .then()
        .body("status", equalTo("cancelled"));
    // As long as keys are remembered for.
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(status(token)).isEqualTo(401));
  }

  private static int status(String token) {
    return given().header("Authorization", "Bearer " + token).get("/api/v1/agents").statusCode();
  }

  private void keep(String token, String execution, int attempt) throws SQLException {
    try (Connection connection = TestOrganization.connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into step_tokens"
                    + " select ?, id, ?, 0, ?, now() + interval '1 hour' from api_keys"
                    + " where organization_id = ?")) {
      insert.setBytes(1, Sha256.of(token.getBytes(StandardCharsets.UTF_8)));
      insert.setObject(2, UUID.fromString(execution.replaceFirst("^[a-z]+-", "")));
      insert.setInt(3, attempt);
      insert.setObject(4, mine.id());
      assertThat(insert.executeUpdate()).isEqualTo(1);
    }
  }

  @Test
  void noOtherStepGetsOne() {
    execute(
            mine,
            "{name: w, steps: [{name: a, output: OUT, script: 'env | grep -c GANTRY_API || true'}]}")
        .body("steps[0].output", equalTo("0"));
  }
}
