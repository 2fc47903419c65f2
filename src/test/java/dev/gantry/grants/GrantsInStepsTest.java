package dev.gantry.grants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.testing.Canary;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** Secrets and integrations reach the steps that name them, and nobody else (B5). */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class GrantsInStepsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final TestOrganization mine = TestOrganization.create("ADMIN");
  private final String canary = Canary.create().value();

  private void secret(String name, String value) {
    post("/secrets", Map.of("name", name, "value", value)).statusCode(201);
  }

  private ValidatableResponse post(String path, Object body) {
    return mine.json().body(json(body)).post("/api/v1" + path).then();
  }

  private static String json(Object body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private ValidatableResponse tool(String content, Map<String, Object> more) {
    Map<String, Object> body = new LinkedHashMap<>(Map.of("name", "t", "content", content));
    body.putAll(more);
    return post("/tools/execute?wait=30s", body);
  }

  @Test
  void aToolGetsItsSecretAndNobodyReadsIt() throws SQLException {
    secret("TOKEN", canary);
    String script =
        "echo ${#TOKEN}; echo \"$TOKEN\"; echo \"$TOKEN\" | base64; echo \"$TOKEN\" >&2";
    ValidatableResponse answer = tool(script, Map.of("secrets", List.of("TOKEN")));
    answer
        .statusCode(200)
        .body("status", equalTo("completed"))
        .body("output", containsString(canary.length() + "\n" + "*".repeat(canary.length())));
    String id = answer.extract().path("execution_id");
    String log = mine.json().get("/api/v1/tools/executions/" + id + "/logs").asString();
    assertThat(log).contains("*".repeat(canary.length())).doesNotContain(canary.substring(7, 20));
    mine.json()
        .get("/api/v1/audit?action=secret.use")
        .then()
        .body("total", equalTo(1))
        .body("entries[0].resource.name", equalTo("TOKEN"))
        .body("entries[0].detail.execution_id", equalTo(id));
    new Canary(canary)
        .assertIsNowhere(
            UUID.fromString(id.substring("tool-exec-".length())),
            List.of("commands.default", "steps", "logs", "events"));
  }

  @Test
  void everyStepOfAWorkflowGetsItsSecrets() {
    secret("TOKEN", canary);
    secret("OTHER", "other-" + canary);
    String definition =
        """
        name: w
        secrets:
          - TOKEN
          - DB_PASSWORD=OTHER
        steps:
          - name: a
            command: echo ${#TOKEN}
          - name: b
            command: echo ${#DB_PASSWORD}
        """;
    post("/workflows/execute?wait=30s", Map.of("definition", definition))
        .statusCode(200)
        .body("status", equalTo("completed"))
        .body("steps[0].output", equalTo("" + canary.length()))
        .body("steps[1].output", equalTo("" + (canary.length() + 6)));
  }

  @Test
  void aMissingSecretFailsTheStepBeforeItStarts() {
    tool("echo started", Map.of("secrets", List.of("NO_SUCH")))
        .statusCode(200)
        .body("status", equalTo("failed"))
        .body("error", containsString("no secret 'NO_SUCH'"));
  }

  @Test
  void anExpiredSecretFailsTheStepBeforeItStarts() throws SQLException {
    secret("OLD", canary);
    try (Connection connection = TestOrganization.connect()) {
      connection
          .createStatement()
          .executeUpdate(
              "update secrets set expires_at = now() - interval '1 second' where name = 'OLD'"
                  + " and organization_id = '"
                  + mine.id()
                  + "'");
    }
    tool("echo started", Map.of("secrets", List.of("OLD")))
        .body("status", equalTo("failed"))
        .body("error", containsString("'OLD' has expired"));
  }

  @Test
  void anotherOrganizationsSecretIsMissing() {
    TestOrganization other = TestOrganization.create("ADMIN");
    other
        .json()
        .body(json(Map.of("name", "THEIRS", "value", canary)))
        .post("/api/v1/secrets")
        .then()
        .statusCode(201);
    tool("echo started", Map.of("secrets", List.of("THEIRS")))
        .body("status", equalTo("failed"))
        .body("error", containsString("no secret 'THEIRS'"));
  }

  @Test
  void anIntegrationGivesItsConfigurationAndItsSecrets() {
    secret("MY_KEY", canary);
    Map<String, Object> aws =
        Map.of(
            "name",
            "aws/production",
            "type",
            "aws",
            "configuration",
            Map.of("region", "eu-west-1", "accounts", List.of("a", "b")),
            "secrets",
            Map.of("AWS_SECRET_ACCESS_KEY", "MY_KEY"));
    String uuid = post("/integrations", aws).statusCode(201).extract().path("uuid");
    String script = "echo \"$AWS_REGION $AWS_ACCOUNTS ${#AWS_SECRET_ACCESS_KEY}\"";
    String expected = "eu-west-1 [\"a\",\"b\"] " + canary.length();
    for (String named : List.of("aws/production", uuid)) {
      tool(script, Map.of("integrations", List.of(named))).body("output", equalTo(expected));
    }
    mine.json().body("{\"status\": \"inactive\"}").put("/api/v1/integrations/" + uuid);
    tool(script, Map.of("integrations", List.of(uuid)))
        .body("status", equalTo("failed"))
        .body("error", containsString("is not active"));
  }

  @Test
  void theClusterIsThereWithoutBeingMade() {
    String id =
        tool("echo fine", Map.of("integrations", List.of("kubernetes/incluster")))
            .body("status", equalTo("completed"))
            .extract()
            .path("execution_id");
    mine.json()
        .get("/api/v1/tools/executions/" + id + "/logs")
        .then()
        .body("logs[0].message", containsString("runs in no cluster"));
  }

  @Test
  void anUnknownIntegrationIsRefused() {
    tool("echo started", Map.of("integrations", List.of("none")))
        .statusCode(400)
        .body("error.details.error", equalTo("no integration 'none'"));
    tool("echo started", Map.of("secrets", List.of("no name")))
        .statusCode(400)
        .body("error.details.field", equalTo("secrets[0]"));
  }

  @Test
  void onlyTheRunnerInHandIsAnswered() {
    secret("TOKEN", canary);
    String id =
        post(
                "/tools/execute",
                Map.of("name", "t", "content", "sleep 30", "secrets", List.of("TOKEN")))
            .extract()
            .path("execution_id");
    String uuid = id.substring("tool-exec-".length());
    String token = ConfigProvider.getConfig().getValue("gantry.runner.token", String.class);
    TestOrganization runner = new TestOrganization(null, token);
    String grants = "/api/v1/runner/executions/" + uuid + "/steps/0/attempts/";
    runner
        .json()
        .get(grants + "1/grants")
        .then()
        .statusCode(200)
        .header("Cache-Control", "no-store")
        .body("variables.TOKEN", equalTo(canary))
        .body("secrets", equalTo(List.of("TOKEN")));
    runner.json().get(grants + "2/grants").then().statusCode(404);
    runner.json().get(grants + "x/grants").then().statusCode(404);
    mine.json().get(grants + "1/grants").then().statusCode(403);
    post("/tools/executions/" + id + "/cancel?wait=20s", Map.of());
    runner.json().get(grants + "1/grants").then().statusCode(404);
  }
}
