package dev.gantry.integrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks the integrations' section of the API, request by request. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class IntegrationsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String INTEGRATIONS = "/api/v1/integrations";
  private static final String GITHUB =
      """
      {"name": "GitHub Integration", "type": "github", "status": "active",
       "configuration": {"organization": "myorg", "repositories": ["repo1", "repo2"]}}
      """;
  private static final String SHOWN =
      """
      {"uuid": "ID", "name": "GitHub Integration", "type": "github", "status": "active",
       "configuration": {"organization": "myorg", "repositories": ["repo1", "repo2"]},
       "created_at": "TIME", "updated_at": "TIME"}
      """;

  private final TestOrganization mine = TestOrganization.create("ADMIN");

  private Response create(String body) {
    return mine.json().body(body).post(INTEGRATIONS);
  }

  private String created(String body) {
    return create(body).then().statusCode(201).extract().path("uuid");
  }

  private String named(String name, String type) {
    return created("{\"name\": \"%s\", \"type\": \"%s\"}".formatted(name, type));
  }

  private Response put(String uuid, String body) {
    return mine.json().body(body).put(INTEGRATIONS + "/" + uuid);
  }

  private Response get(String uuid) {
    return mine.json().get(INTEGRATIONS + "/" + uuid);
  }

  private static JsonNode tree(Response answer) throws IOException {
    return JSON.readTree(answer.asByteArray());
  }

  /** The tree with its id and times, once they have been looked at, replaced by their kind. */
  private static JsonNode shape(JsonNode integration) {
    Map<String, Object> fields = new LinkedHashMap<>();
    integration.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    assertThat(UUID.fromString(integration.get("uuid").textValue()).version()).isEqualTo(7);
    fields.put("uuid", "ID");
    for (String time : List.of("created_at", "updated_at")) {
      assertThat(Instant.parse(integration.get(time).textValue()))
          .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
      fields.put(time, "TIME");
    }
    return JSON.valueToTree(fields);
  }

  private static ValidatableResponse fault(Response answer, String field) {
    return answer
        .then()
        .statusCode(400)
        .body("error.code", equalTo("VALIDATION_ERROR"))
        .body("error.details.field", equalTo(field));
  }

  @Test
  void listsAsTheReferenceShows() throws IOException {
    created(GITHUB);

    JsonNode answer = tree(mine.json().get(INTEGRATIONS));

    assertThat(answer.fieldNames())
        .toIterable()
        .containsExactly("integrations", "total", "limit", "offset", "has_more");
    assertThat(shape(answer.get("integrations").get(0))).isEqualTo(JSON.readTree(SHOWN));
  }

  @Test
  void createsAndGetsWhatTheListShows() throws IOException {
    Response answer = create(GITHUB);

    answer.then().statusCode(201).header("ETag", "\"0\"");
    String uuid = answer.path("uuid");
    assertThat(answer.header("Location")).endsWith(INTEGRATIONS + "/" + uuid);
    mine.json().get(answer.header("Location")).then().statusCode(200);
    assertThat(shape(tree(answer))).isEqualTo(JSON.readTree(SHOWN));
    assertThat(tree(get(uuid))).isEqualTo(tree(answer));
  }

  @Test
  void updatesOnlyWhatIsNamed() throws IOException {
    String uuid = created(GITHUB);

    put(uuid, "{\"status\": \"inactive\", \"type\": null}").then().header("ETag", "\"1\"");

    assertThat(shape(tree(get(uuid))))
        .isEqualTo(JSON.readTree(SHOWN.replace("\"active\"", "\"inactive\"")));
    put(uuid, "{\"configuration\": {}}").then().statusCode(200);
    assertThat(tree(get(uuid)).get("configuration")).isEqualTo(JSON.readTree("{}"));
  }

  @Test
  void deletes() {
    String uuid = created(GITHUB);

    assertThat(mine.json().delete(INTEGRATIONS + "/" + uuid).asString())
        .isEqualTo("{\"message\":\"Integration deleted successfully\"}");
    get(uuid).then().statusCode(404);
  }

  @Test
  void namesSecretsThatExist() {
    mine.json().body("{\"name\": \"TOKEN\", \"value\": \"t\"}").post("/api/v1/secrets");

    String uuid =
        created(
            "{\"name\": \"a\", \"type\": \"github\", \"secrets\": {\"GITHUB_TOKEN\": \"TOKEN\"}}");

    get(uuid).then().body("secrets", equalTo(Map.of("GITHUB_TOKEN", "TOKEN")));
    fault(put(uuid, "{\"secrets\": {\"A\": \"NONE\"}}"), "secrets")
        .body("error.details.error", equalTo("no secret 'NONE'"));
    assertThat(put(uuid, "{\"secrets\": {}}").<Map<String, Object>>path("$"))
        .doesNotContainKey("secrets");
    fault(
        TestOrganization.create("ADMIN")
            .json()
            .body("{\"name\": \"a\", \"type\": \"b\", \"secrets\": {\"A\": \"TOKEN\"}}")
            .post(INTEGRATIONS),
        "secrets");
  }

  @Test
  void refusesANameThatIsTakenAndAVersionThatIsPast() {
    String uuid = created(GITHUB);

    create(GITHUB).then().statusCode(409).body("error.details.field", equalTo("name"));
    mine.json()
        .header("If-Match", "\"7\"")
        .body("{}")
        .put(INTEGRATIONS + "/" + uuid)
        .then()
        .statusCode(412);
    mine.json()
        .header("If-Match", "\"7\"")
        .delete(INTEGRATIONS + "/" + uuid)
        .then()
        .statusCode(412);
  }

  @Test
  void showsAnotherOrganizationNothing() {
    String uuid = created(GITHUB);
    TestOrganization other = TestOrganization.create("ADMIN");

    Stream.of(
            other.json().get(INTEGRATIONS + "/" + uuid),
            other.json().body("{\"name\": \"theirs\"}").put(INTEGRATIONS + "/" + uuid),
            other.json().delete(INTEGRATIONS + "/" + uuid))
        .forEach(answer -> answer.then().statusCode(404));
    other.json().get(INTEGRATIONS).then().body("total", equalTo(0));
    get(uuid).then().body("name", equalTo("GitHub Integration"));
  }

  @Test
  void letsAViewerReadOnly() {
    TestOrganization viewer = TestOrganization.create("VIEWER");

    viewer.json().get(INTEGRATIONS).then().statusCode(200);
    viewer.json().body(GITHUB).post(INTEGRATIONS).then().statusCode(403);
  }

  private List<String> names(String query) {
    return mine.json().get(INTEGRATIONS + "?" + query).path("integrations.name");
  }

  @Test
  void filtersSortsAndPages() {
    named("b", "github");
    String off = named("a", "github");
    named("kubernetes/incluster", "kubernetes");
    put(off, "{\"status\": \"inactive\"}").then().statusCode(200);

    assertThat(names("type=github")).containsExactly("a", "b");
    assertThat(names("type=github&status=active")).containsExactly("b");
    assertThat(names("status=inactive")).containsExactly("a");
    assertThat(names("filter=INCL")).containsExactly("kubernetes/incluster");
    assertThat(names("sort=name&limit=1&offset=1")).containsExactly("b");
    assertThat(names("type=%27")).isEmpty();
  }

  @Test
  void tellsAllThatIsWrongAtOnce() {
    Response answer =
        create(
            """
            {"type": " ", "status": "on", "configuration": {"a": 1e999},
             "secrets": {"1X": "NONE"}}
            """);

    fault(answer, "name");
    assertThat(answer.<List<String>>path("error.details.faults.field"))
        .containsExactly("name", "type", "status", "configuration", "secrets.1X", "secrets");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\": \"x\"} | name",
        "{\"name\": \"x\"} | type",
        "{\"name\": \"x\", \"type\": \"y\", \"configuration\": []} | configuration",
        "{\"name\": \"x\", \"type\": \"y\", \"configuration\": \"z\"} | configuration",
        "{\"name\": \"x\", \"type\": \"y\", \"configuration\": {\"a\": \"\\ud800\"}} | configuration",
        "{\"name\": \"x\", \"type\": \"y\", \"secrets\": {\"A\": null}} | secrets.A",
        "{\"name\": \"x\", \"type\": \"y\", \"secrets\": [\"A\"]} | secrets",
        "{\"name\": \"x\", \"type\": \"y\", \"uuid\": \"z\"} | uuid",
        "[] | body",
      })
  void namesTheFieldThatIsWrong(String body, String field) {
    fault(create(body), field);
  }

  @Test
  void boundsAConfiguration() {
    String around = "{\"name\": \"%s\", \"type\": \"x\", \"configuration\": %s}";
    String large = "{\"a\": \"" + "x".repeat((64 << 10) - 8) + "\"}";
    String deep = "{\"a\":".repeat(31) + "{}" + "}".repeat(31);

    create(around.formatted("large", large)).then().statusCode(201);
    create(around.formatted("deep", deep)).then().statusCode(201);
    fault(create(around.formatted("x", large.replace("xx\"", "xxx\""))), "configuration");
    fault(create(around.formatted("x", "{\"a\":" + deep + "}")), "configuration");
    fault(
        create(around.formatted("x", "{\"a\":" + "[".repeat(900) + "]".repeat(900) + "}")),
        "configuration");
    create(around.formatted("x", "{\"a\":" + "[".repeat(9000) + "]".repeat(9000) + "}"))
        .then()
        .statusCode(400);
  }

  @Test
  void keepsAConfigurationAsItIs() throws IOException {
    String configuration =
        "{\"__proto__\": {\"camelCase\": null}, \"n\": 12345678901234567890, \"f\": 0.1,"
            + " \"t\": \"nul \\u0000, line\\n, {{.event}}\", \"\": [[], {}, true]}";

    String uuid =
        created("{\"name\": \"a\", \"type\": \"b\", \"configuration\": " + configuration + "}");

    assertThat(tree(get(uuid)).get("configuration")).isEqualTo(JSON.readTree(configuration));
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "sort=type", "status=on", "type=%00", "filter=%00"})
  void namesABadParameter(String query) {
    Response answer = mine.json().urlEncodingEnabled(false).get(INTEGRATIONS + "?" + query);

    fault(answer, query.substring(0, query.indexOf('=')));
  }

  @Test
  void needsABodyAndAnId() {
    fault(mine.json().post(INTEGRATIONS), "body");
    fault(mine.json().put(INTEGRATIONS + "/" + named("x", "y")), "body");
    get("nonsense").then().statusCode(404);
  }
}
