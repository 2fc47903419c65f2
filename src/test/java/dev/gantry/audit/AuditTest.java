package dev.gantry.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.http.Actor;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who changed what is told to admins. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class AuditTest {
  private static final String API = "/api/v1";
  private static final String AUDIT = API + "/audit";
  private static final String VALUE = "a-value-nobody-may-read";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestOrganization mine = TestOrganization.create("ADMIN");

  @Inject AuditTrail trail;
  @Inject Pool pool;

  private List<String> actions(String query) {
    return mine.json().get(AUDIT + query).then().statusCode(200).extract().path("entries.action");
  }

  /** Creates, changes and deletes one of the collection; answers its id. */
  private String live(String collection, String field, String body, String change) {
    Response made = mine.json().body(body).post(API + collection);
    String id = made.then().statusCode(201).extract().path(field);
    mine.json().body(change).put(API + collection + "/" + id).then().statusCode(200);
    mine.json().delete(API + collection + "/" + id).then().statusCode(200);
    return id;
  }

  @Test
  void tellsOfEachChange() throws IOException {
    Response made =
        mine.json()
            .header("X-Request-Id", "req-of-the-test")
            .body("{\"name\": \"DevOps Agent\"}")
            .post(API + "/agents");

    JsonNode answer = JSON.readTree(mine.json().get(AUDIT).asByteArray());

    JsonNode entry = answer.get("entries").get(0);
    assertThat(UUID.fromString(entry.get("id").textValue()).version()).isEqualTo(7);
    assertThat(Instant.parse(entry.get("at").textValue()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(5));
    assertThat(UUID.fromString(entry.get("actor").get("id").textValue())).isNotNull();
    assertThat(entry.get("actor").get("name").textValue()).isEqualTo("test");
    assertThat(entry.get("action").textValue()).isEqualTo("agent.create");
    assertThat(entry.get("resource"))
        .isEqualTo(
            JSON.valueToTree(
                Map.of("kind", "agent", "id", made.path("uuid"), "name", "DevOps Agent")));
    assertThat(entry.get("request_id").textValue()).isEqualTo("req-of-the-test");
    assertThat(entry.get("detail")).isEqualTo(JSON.readTree("{\"version\": 0}"));
    assertThat(answer.get("total").intValue()).isEqualTo(1);
    assertThat(answer.get("limit").intValue()).isEqualTo(50);
    assertThat(answer.get("offset").intValue()).isZero();
    assertThat(answer.get("has_more").booleanValue()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/agents|uuid|agent|{\"name\": \"x\"}|{\"description\": \"y\"}",
        "/secrets|name|secret|{\"name\": \"X\", \"value\": \"v\"}|{\"value\": \"w\"}",
        "/integrations|uuid|integration|{\"name\": \"x\", \"type\": \"t\"}|{\"type\": \"u\"}"
      })
  void tellsOfEveryKind(String path, String field, String kind, String body, String change) {
    String id = live(path, field, body, change);

    assertThat(actions("?resource=" + id))
        .containsExactly(kind + ".delete", kind + ".update", kind + ".create");
  }

  @Test
  void tellsOfExecutionsAndTheirEndByHand() {
    String id =
        mine.json()
            .header("X-Request-Id", "req-execute")
            .body("{\"name\": \"long\", \"content\": \"sleep 60\"}")
            .post(API + "/tools/execute")
            .path("execution_id");
    mine.json().post(API + "/tools/executions/" + id + "/cancel?wait=20s").then().statusCode(202);

    mine.json()
        .get(AUDIT + "?resource=" + id)
        .then()
        .body("entries", hasSize(2))
        .body("entries[0].action", equalTo("tool.cancel"))
        .body("entries[1].action", equalTo("tool.execute"))
        .body("entries[1].actor.name", equalTo("test"))
        .body("entries[1].request_id", equalTo("req-execute"))
        .body("entries[1].resource.kind", equalTo("execution"))
        .body("entries[1].resource.name", equalTo("long"));
  }

  @Test
  void tellsNothingOfWhatWasRefused() {
    mine.json().body("{\"name\": \"x\"}").post(API + "/agents").then().statusCode(201);
    mine.json().body("{\"name\": \"x\"}").post(API + "/agents").then().statusCode(409);
    mine.json().body("{\"name\": \"\"}").post(API + "/agents").then().statusCode(400);
    mine.json().delete(API + "/agents/" + UUID.randomUUID()).then().statusCode(404);

    assertThat(actions("")).containsExactly("agent.create");
  }

  @Test
  void tellsOfARepeatedRequestOnce() {
    for (int i = 0; i < 2; i++) {
      mine.json()
          .header("Idempotency-Key", "once")
          .body("{\"name\": \"once\", \"content\": \"true\"}")
          .post(API + "/tools/execute")
          .then()
          .statusCode(anyOf(equalTo(202), equalTo(200))); // it may have ended by the second time
    }

    assertThat(actions("")).containsExactly("tool.execute");
  }

  @Test
  void addsWhatAnotherRoomTells() {
    AuditEntry entry =
        new AuditEntry(
            Actor.system(mine.id(), "runner default"),
            "secret.use",
            "secret",
            "DB_PASSWORD",
            "DB_PASSWORD",
            Map.of("step", "build"));

    trail.add(pool, entry).await().atMost(Duration.ofSeconds(10));

    mine.json()
        .get(AUDIT)
        .then()
        .body("entries[0].actor", equalTo(Map.of("name", "runner default")))
        .body("entries[0].detail.step", equalTo("build"))
        .body("entries[0].request_id", equalTo(null));
  }

  @Test
  void selects() {
    Instant before = Instant.now().minusSeconds(60);
    String id = live("/agents", "uuid", "{\"name\": \"x\"}", "{\"description\": \"y\"}");
    live("/secrets", "name", "{\"name\": \"X\", \"value\": \"v\"}", "{\"value\": \"w\"}");

    assertThat(actions("?action=agent.update")).containsExactly("agent.update");
    assertThat(actions("?actor=test")).hasSize(6);
    assertThat(actions("?actor=nobody")).isEmpty();
    assertThat(actions("?action=secret.create&resource=" + id)).isEmpty();
    assertThat(actions("?since=" + before)).hasSize(6);
    assertThat(actions("?until=" + before)).isEmpty();
    mine.json()
        .get(AUDIT + "?limit=2&offset=3")
        .then()
        .body("entries.action", equalTo(List.of("agent.delete", "agent.update")))
        .body("total", equalTo(6))
        .body("has_more", equalTo(true));
    String last = mine.json().get(AUDIT + "?limit=4").path("entries[3].at");
    assertThat(actions("?until=" + last)).containsExactly("agent.update", "agent.create");
  }

  @ParameterizedTest
  @CsvSource({
    "since=yesterday,since",
    "until=1,until",
    "until=%2B999999999-12-31T23:59:59Z,until",
    "limit=101,limit",
    "offset=10001,offset",
    "actor=a%00b,actor"
  })
  void refusesWhatItDoesNotUnderstand(String query, String field) {
    mine.json()
        .urlEncodingEnabled(false)
        .get(AUDIT + "?" + query)
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo(field));
  }

  @ParameterizedTest
  @ValueSource(strings = {"VIEWER", "OPERATOR"})
  void isForAdmins(String role) {
    TestOrganization.create(role)
        .json()
        .get(AUDIT)
        .then()
        .statusCode(403)
        .body("error.code", equalTo("AUTHORIZATION_ERROR"))
        .body("error.message", containsString("admin"));
  }

  @Test
  void keepsOrganizationsApart() {
    live("/agents", "uuid", "{\"name\": \"x\"}", "{\"description\": \"y\"}");

    TestOrganization.create("ADMIN").json().get(AUDIT).then().body("total", equalTo(0));
  }

  @Test
  void holdsNoValueOfASecret() throws SQLException {
    live(
        "/secrets",
        "name",
        "{\"name\": \"X\", \"value\": \"" + VALUE + "\"}",
        "{\"value\": \"" + VALUE + "-2\"}");

    assertThat(mine.json().get(AUDIT).asString()).contains("secret.update").doesNotContain(VALUE);
    try (Connection connection = TestOrganization.connect();
        PreparedStatement select =
            connection.prepareStatement("select 1 from audit a where a::text like ?")) {
      select.setString(1, "%" + VALUE + "%");
      assertThat(select.executeQuery().next()).isFalse();
    }
  }

  @Test
  void countsNoFurtherThanItMust() throws SQLException, IOException {
    try (Connection connection = TestOrganization.connect();
        PreparedStatement fill =
            connection.prepareStatement(
                """
                insert into audit (id, organization_id, at, actor_name, action, resource_kind,
                  resource_id, resource_name, request_id)
                select gen_random_uuid(), ?, now() - i * interval '1 s', 'test', 'agent.update',
                  'agent', i::text, '', '' from generate_series(1, 10200) i
                """)) {
      fill.setObject(1, mine.id());
      fill.executeUpdate();
    }

    JsonNode page = JSON.readTree(mine.json().get(AUDIT + "?offset=10000").asByteArray());

    assertThat(page.get("total").intValue()).isEqualTo(10001);
    assertThat(
            StreamSupport.stream(page.get("entries").spliterator(), false)
                .map(entry -> entry.get("resource").get("id").textValue()))
        .hasSize(50)
        .startsWith("10001");
  }
}
