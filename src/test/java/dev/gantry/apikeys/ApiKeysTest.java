package dev.gantry.apikeys;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.gantry.http.Actor;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Walks {@code /api-keys}, and what keys of each role, scope and age may do. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class ApiKeysTest {
  private static final String KEYS = "/api/v1/api-keys";

  @Inject KeyIssuer issuer;

  private final TestOrganization mine = TestOrganization.create("ADMIN");

  private Response create(String body) {
    return mine.json().body(body).post(KEYS);
  }

  private TestOrganization key(String body) {
    String key = create(body).then().statusCode(201).extract().path("key");
    return new TestOrganization(mine.id(), key);
  }

  private static ValidatableResponse call(TestOrganization key, String method, String path) {
    return key.json().urlEncodingEnabled(false).body("{}").request(method, "/api/v1" + path).then();
  }

  @Test
  void aKeyIsShownOnceAndWorks() {
    Response answer =
        create("{\"name\": \"ci\", \"role\": \"operator\", \"scopes\": [\"agents:read\"]}");
    answer
        .then()
        .statusCode(201)
        .header("Location", endsWith(":" + RestAssured.port + KEYS + "/" + answer.path("uuid")))
        .body("name", equalTo("ci"))
        .body("role", equalTo("operator"))
        .body("scopes", equalTo(List.of("agents:read")))
        .body("key", startsWith("gtk_"))
        .body("created_at", notNullValue());
    assertThat(answer.<Map<String, Object>>path("$")).doesNotContainKeys("expires_at", "runner");
    String uuid = answer.path("uuid");
    String key = answer.path("key");

    mine.json()
        .get("/api/v1/audit?action=api_key.create")
        .then()
        .body("entries[0].resource.id", equalTo(uuid))
        .body("entries[0].resource.name", equalTo("ci"));
    Map<String, Object> read = mine.json().get(KEYS + "/" + uuid).then().extract().path("$");
    assertThat(read).containsEntry("name", "ci").doesNotContainKey("key");
    mine.json()
        .get(KEYS + "?filter=CI&sort=name")
        .then()
        .body("total", equalTo(1))
        .body("api_keys[0].uuid", equalTo(uuid))
        .body("api_keys[0].key", equalTo(null));
    given().header("Authorization", "Bearer " + key).get("/api/v1/agents").then().statusCode(200);
  }

  @Test
  void theKeyItselfIsNotStored() throws SQLException {
    String key = key("{\"name\": \"x\", \"role\": \"viewer\"}").key();
    try (Connection connection = TestOrganization.connect();
        ResultSet row =
            connection
                .createStatement()
                .executeQuery(
                    "select count(*) from api_keys k where k::text like '%" + key + "%'")) {
      row.next();
      assertThat(row.getInt(1)).isZero();
    }
  }

  @Test
  void useIsRemembered() {
    TestOrganization other = key("{\"name\": \"used\", \"role\": \"viewer\"}");
    mine.json().get(KEYS + "?filter=used").then().body("api_keys[0].last_used_at", equalTo(null));
    call(other, "GET", "/agents").statusCode(200);
    String at =
        mine.json().get(KEYS + "?filter=used").then().extract().path("api_keys[0].last_used_at");
    assertThat(Instant.parse(at)).isAfter(Instant.now().minusSeconds(60));
  }

  @Test
  void aDeletedKeyIsRefusedAtOnce() {
    Response made = create("{\"name\": \"x\", \"role\": \"admin\"}");
    TestOrganization other = new TestOrganization(mine.id(), made.path("key"));
    call(other, "GET", "/agents").statusCode(200);
    mine.json()
        .delete(KEYS + "/" + made.path("uuid"))
        .then()
        .statusCode(200)
        .body("message", equalTo("API key deleted successfully"));
    call(other, "GET", "/agents")
        .statusCode(401)
        .body("error.code", equalTo("AUTHENTICATION_ERROR"));
    mine.json().get(KEYS + "/" + made.path("uuid")).then().statusCode(404);
  }

  @Test
  void aKeyCannotDeleteItself() {
    String own = mine.json().get(KEYS).then().extract().path("api_keys[0].uuid");
    mine.json()
        .delete(KEYS + "/" + own)
        .then()
        .statusCode(409)
        .body("error.message", containsString("another admin's key"));
    mine.json().get(KEYS).then().statusCode(200);
  }

  @Test
  void anExpiredKeyIsRefused() throws SQLException {
    Response made = create("{\"name\": \"x\", \"role\": \"viewer\", \"expires_in\": \"30d\"}");
    assertThat(Instant.parse(made.path("expires_at")))
        .isBetween(
            Instant.now().plus(Duration.ofDays(30)).minusSeconds(60),
            Instant.now().plus(Duration.ofDays(30)));
    try (Connection connection = TestOrganization.connect()) {
      connection
          .createStatement()
          .executeUpdate(
              "update api_keys set expires_at = now() - interval '1 second' where id = '"
                  + made.path("uuid")
                  + "'");
    }
    call(new TestOrganization(mine.id(), made.path("key")), "GET", "/agents").statusCode(401);
  }

  @ParameterizedTest
  @CsvSource({
    "viewer, GET, /agents, 200",
    "viewer, POST, /agents, 403",
    "viewer, DELETE, /agents/x, 403",
    "viewer, GET, /api-keys, 403",
    "viewer, GET, /audit, 403",
    "operator, POST, /agents, 400",
    "operator, GET, /api-keys, 403",
    "operator, POST, /api-keys, 403",
    "operator, GET, //api-keys, 403",
    "operator, GET, /%61pi-keys, 403",
    "operator, GET, /api-keys;x, 403",
    "operator, GET, /agents/../api-keys, 403",
    "operator, GET, /audit, 403",
    "admin, POST, /api-keys, 400",
    "admin, POST, /runner/steps, 403",
  })
  void rolesDecide(String role, String method, String path, int status) {
    TestOrganization key = key("{\"name\": \"x\", \"role\": \"%s\"}".formatted(role));
    call(key, method, path).statusCode(status);
  }

  @ParameterizedTest
  @CsvSource({
    "agents, GET, /agents, 200",
    "agents, POST, /agents, 400",
    "agents, GET, /secrets, 403",
    "agents:read, GET, /agents/x, 404",
    "agents:read, POST, /agents, 403",
    "agents:read, GET, /workflows/executions, 403",
    "workflows, GET, /workflows/executions, 200",
    "workflows, GET, /agents;workflows, 403",
    "workflows, GET, /, 403",
  })
  void scopesNarrowThat(String scope, String method, String path, int status) {
    TestOrganization key =
        key("{\"name\": \"x\", \"role\": \"admin\", \"scopes\": [\"%s\"]}".formatted(scope));
    call(key, method, path).statusCode(status);
  }

  @Test
  void aRunnersTokenOpensNothingElseAndIsReplaced() {
    String token = issue("west");
    TestOrganization runner = new TestOrganization(mine.id(), token);
    assertThat(token).startsWith("gtr_");
    call(runner, "GET", "/agents").statusCode(403).body("error.details.role", equalTo("runner"));
    call(runner, "GET", "/runner/nothing").statusCode(404);
    mine.json().get(KEYS).then().body("api_keys.runner", hasItem("west"));
    String next = issue("west");
    call(runner, "GET", "/runner/nothing").statusCode(401);
    call(new TestOrganization(mine.id(), next), "GET", "/runner/nothing").statusCode(404);
  }

  private String issue(String runner) {
    try {
      return VertxContextSupport.subscribeAndAwait(
          () -> issuer.issueToRunner(Actor.system(mine.id(), "test"), runner));
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|name",
        "{\"name\": \"\", \"role\": \"viewer\"}|name",
        "{\"name\": \"x\"}|role",
        "{\"name\": \"x\", \"role\": \"runner\"}|role",
        "{\"name\": \"x\", \"role\": \"ADMIN\"}|role",
        "{\"name\": \"x\", \"role\": \"admin\", \"scopes\": [\"agents\", \"all\"]}|scopes[1]",
        "{\"name\": \"x\", \"role\": \"admin\", \"scopes\": [null]}|scopes[0]",
        "{\"name\": \"x\", \"role\": \"admin\", \"expires_in\": \"soon\"}|expires_in",
        "{\"name\": \"x\", \"role\": \"admin\", \"expires_at\": \"2020-01-01T00:00:00Z\"}|expires_at",
        "{\"name\": \"x\", \"role\": \"admin\", \"key\": \"gtk_mine\"}|key",
      })
  void badInputIsRefused(String body, String field) {
    create(body)
        .then()
        .statusCode(400)
        .body("error.code", equalTo("VALIDATION_ERROR"))
        .body("error.details.field", equalTo(field));
  }

  @Test
  void anotherOrganizationsKeysAreNotThere() {
    String uuid = create("{\"name\": \"x\", \"role\": \"viewer\"}").path("uuid");
    TestOrganization other = TestOrganization.create("ADMIN");
    other.json().get(KEYS + "/" + uuid).then().statusCode(404);
    other.json().delete(KEYS + "/" + uuid).then().statusCode(404);
    other.json().get(KEYS).then().body("total", equalTo(1));
    mine.json().get(KEYS + "/" + uuid).then().statusCode(200);
  }
}
