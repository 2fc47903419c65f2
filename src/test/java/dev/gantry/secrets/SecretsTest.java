package dev.gantry.secrets;

import static dev.gantry.testing.TopicReader.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.SqlLog;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TopicReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks the secrets' section of the API, request by request. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class SecretsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SECRETS = "/api/v1/secrets";
  private static final String EVENTS = GantryServers.TOPIC_PREFIX + ".events";
  private static final int MAX_BYTES = 64 << 10;
  private static final String DB_PASSWORD =
      """
      {"name": "DB_PASSWORD", "value": "secure-password-123",
       "description": "Database password", "expires_in": "30d"}
      """;

  private final TestOrganization mine = TestOrganization.create("ADMIN");

  @Inject SecretValues values;

  private Response create(String body) {
    return mine.json().body(body).post(SECRETS);
  }

  private void named(String name, String value) {
    mine.json().body(Map.of("name", name, "value", value)).post(SECRETS).then().statusCode(201);
  }

  private Response put(String name, String body) {
    return mine.json().body(body).put(SECRETS + "/" + name);
  }

  private Response get(String name) {
    return mine.json().get(SECRETS + "/" + name);
  }

  private Map<String, String> reveal(String... names) throws Throwable {
    return VertxContextSupport.subscribeAndAwait(
        () -> values.reveal(mine.id(), new LinkedHashSet<>(List.of(names))));
  }

  private static JsonNode tree(Response answer) throws IOException {
    return JSON.readTree(answer.asByteArray());
  }

  /** The tree with its times, once they have been looked at, replaced by their kind. */
  private static JsonNode shape(JsonNode secret) {
    Map<String, Object> fields = new LinkedHashMap<>();
    secret.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    for (String time : List.of("created_at", "updated_at", "expires_at")) {
      if (secret.has(time)) {
        Duration ahead = time.equals("expires_at") ? Duration.ofDays(30) : Duration.ZERO;
        assertThat(Instant.parse(secret.get(time).textValue()).minus(ahead))
            .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
        fields.put(time, "TIME");
      }
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

  private static List<List<String>> query(String sql, Object... arguments) throws SQLException {
    try (Connection connection = TestOrganization.connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      List<List<String>> rows = new ArrayList<>();
      if (statement.execute()) {
        ResultSet found = statement.getResultSet();
        while (found.next()) {
          List<String> row = new ArrayList<>();
          for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
            row.add(found.getString(i));
          }
          rows.add(row);
        }
      }
      return rows;
    }
  }

  @Test
  void createsAsTheReferenceShows() throws IOException {
    Response answer = create(DB_PASSWORD);

    answer.then().statusCode(201).header("ETag", "\"0\"");
    assertThat(answer.header("Location")).endsWith(SECRETS + "/DB_PASSWORD");
    mine.json().get(answer.header("Location")).then().statusCode(200);
    assertThat(shape(tree(answer)))
        .isEqualTo(
            JSON.readTree(
                """
                {"name": "DB_PASSWORD", "description": "Database password",
                 "created_at": "TIME", "expires_at": "TIME"}
                """));
  }

  @Test
  void listsAsTheReferenceShows() throws IOException {
    create(DB_PASSWORD);

    JsonNode answer = tree(mine.json().get(SECRETS));

    assertThat(answer.fieldNames())
        .toIterable()
        .containsExactly("secrets", "total", "limit", "offset", "has_more");
    assertThat(answer.get("total").intValue()).isEqualTo(1);
    assertThat(answer.get("limit").intValue()).isEqualTo(50);
    assertThat(shape(answer.get("secrets").get(0)))
        .isEqualTo(
            JSON.readTree(
                """
                {"name": "DB_PASSWORD", "description": "Database password",
                 "created_at": "TIME", "updated_at": "TIME", "expires_at": "TIME"}
                """));
  }

  @Test
  void getsWhatTheListShows() throws IOException {
    create(DB_PASSWORD);

    Response answer = get("DB_PASSWORD");

    answer.then().statusCode(200).header("ETag", "\"0\"");
    assertThat(tree(answer)).isEqualTo(tree(mine.json().get(SECRETS)).get("secrets").get(0));
  }

  @Test
  void updatesOnlyWhatIsNamed() throws Throwable {
    create(DB_PASSWORD);

    Response answer =
        put(
            "DB_PASSWORD",
            """
            {"value": "new-secure-password-456", "description": "Updated database password"}
            """);

    answer.then().statusCode(200).header("ETag", "\"1\"");
    assertThat(shape(tree(answer)))
        .isEqualTo(
            JSON.readTree(
                """
                {"name": "DB_PASSWORD", "description": "Updated database password",
                 "created_at": "TIME", "updated_at": "TIME", "expires_at": "TIME"}
                """));
    assertThat(tree(get("DB_PASSWORD"))).isEqualTo(tree(answer));
    assertThat(reveal("DB_PASSWORD")).containsEntry("DB_PASSWORD", "new-secure-password-456");
  }

  @Test
  void keepsTheValueThatAnUpdateDoesNotName() throws Throwable {
    create(DB_PASSWORD);
    put("DB_PASSWORD", "{\"description\": \"\", \"expires_in\": \"\", \"value\": null}")
        .then()
        .statusCode(200)
        .header("ETag", "\"1\"");

    assertThat(get("DB_PASSWORD").<Map<String, Object>>path("$"))
        .containsEntry("description", "")
        .doesNotContainKey("expires_at");
    assertThat(reveal("DB_PASSWORD")).containsEntry("DB_PASSWORD", "secure-password-123");
  }

  @Test
  void takesATimeToExpireAt() {
    Instant at = Instant.parse("2099-01-31T10:00:00Z");
    create("{\"name\": \"A\", \"value\": \"x\", \"expires_at\": \"2099-01-31T12:00:00+02:00\"}")
        .then()
        .statusCode(201)
        .body("expires_at", equalTo(at.toString()));

    put("A", "{\"name\": \"A\", \"expires_at\": \"2098-01-31T10:00:00Z\"}")
        .then()
        .body("expires_at", equalTo("2098-01-31T10:00:00Z"));
    put("A", "{\"expires_at\": \"\"}").then().body("$", not(hasKey("expires_at")));
  }

  @Test
  void deletesAsTheReferenceShows() {
    create(DB_PASSWORD);

    Response answer = mine.json().delete(SECRETS + "/DB_PASSWORD");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.asString()).isEqualTo("{\"message\":\"Secret deleted successfully\"}");
    get("DB_PASSWORD").then().statusCode(404);
    mine.json().delete(SECRETS + "/DB_PASSWORD").then().statusCode(404);
  }

  @Test
  void refusesANameThatIsTaken() {
    named("TAKEN", "x");

    create("{\"name\": \"TAKEN\", \"value\": \"y\"}")
        .then()
        .statusCode(409)
        .body("error.code", equalTo("CONFLICT"))
        .body("error.details.field", equalTo("name"));
    TestOrganization.create("ADMIN")
        .json()
        .body("{\"name\": \"TAKEN\", \"value\": \"y\"}")
        .post(SECRETS)
        .then()
        .statusCode(201);
  }

  @Test
  void changesOnlyTheVersionThatTheCallerHasSeen() throws Throwable {
    named("SEEN", "first");
    put("SEEN", "{\"value\": \"second\"}").then().statusCode(200);

    mine.json()
        .header("If-Match", "\"0\"")
        .body("{\"value\": \"third\"}")
        .put(SECRETS + "/SEEN")
        .then()
        .statusCode(412)
        .body("error.details.etag", equalTo("\"1\""));
    mine.json().header("If-Match", "\"0\"").delete(SECRETS + "/SEEN").then().statusCode(412);
    assertThat(reveal("SEEN")).containsEntry("SEEN", "second");
    mine.json().header("If-Match", "\"1\"").delete(SECRETS + "/SEEN").then().statusCode(200);
  }

  @Test
  void showsAnotherOrganizationNothing() throws Throwable {
    named("MINE", "x");
    TestOrganization other = TestOrganization.create("ADMIN");

    Stream.of(
            other.json().get(SECRETS + "/MINE"),
            other.json().body("{\"value\": \"theirs\"}").put(SECRETS + "/MINE"),
            other.json().delete(SECRETS + "/MINE"))
        .forEach(
            answer ->
                answer.then().statusCode(404).body("error.details.resource", equalTo("Secret")));
    other.json().get(SECRETS).then().body("total", equalTo(0)).body("secrets.size()", equalTo(0));
    assertThat(reveal("MINE")).containsEntry("MINE", "x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NOBODY", "%27", "%00", "a%2Fb", "%F0%9F%94%91", "%ED%A0%80"})
  void doesNotFind(String name) {
    mine.json()
        .urlEncodingEnabled(false)
        .get(SECRETS + "/" + name)
        .then()
        .statusCode(404)
        .body("error.code", equalTo("NOT_FOUND"));
  }

  @Test
  void letsAViewerReadOnly() {
    TestOrganization viewer = TestOrganization.create("VIEWER");

    viewer.json().get(SECRETS).then().statusCode(200);
    viewer.json().body(DB_PASSWORD).post(SECRETS).then().statusCode(403);
    TestOrganization.create("OPERATOR")
        .json()
        .body(DB_PASSWORD)
        .post(SECRETS)
        .then()
        .statusCode(201);
  }

  @Test
  void tellsAllThatIsWrongAtOnce() {
    Response answer =
        create(
            """
            {"name": "1X", "value": "", "description": "nul \\u0000", "expires_in": "30d",
             "expires_at": "2099-01-31T12:00:00Z"}
            """);

    fault(answer, "name");
    assertThat(answer.<List<String>>path("error.details.faults.field"))
        .containsExactly("name", "value", "description", "expires_at");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"value\": \"x\"} | name",
        "{\"name\": \"A\"} | value",
        "{\"name\": \"A\", \"value\": null} | value",
        "{\"name\": \"A\", \"value\": \"\"} | value",
        "{\"name\": \"A\", \"value\": \"\\u0000\"} | value",
        "{\"name\": \"A\", \"value\": \"\\ud800\"} | value",
        "{\"name\": \"A\", \"value\": {}} | value",
        "{\"name\": \"\", \"value\": \"x\"} | name",
        "{\"name\": \"A-B\", \"value\": \"x\"} | name",
        "{\"name\": \"A\\n\", \"value\": \"x\"} | name",
        "{\"name\": \"Ä\", \"value\": \"x\"} | name",
        "{\"name\": \"A\", \"value\": \"x\", \"expires_in\": \"soon\"} | expires_in",
        "{\"name\": \"A\", \"value\": \"x\", \"expires_in\": \"0s\"} | expires_in",
        "{\"name\": \"A\", \"value\": \"x\", \"expires_in\": \"-1d\"} | expires_in",
        "{\"name\": \"A\", \"value\": \"x\", \"expires_in\": \"999999d\"} | expires_in",
        "{\"name\": \"A\", \"value\": \"x\", \"expires_at\": \"2020-01-01T00:00:00Z\"} | expires_at",
        "{\"name\": \"A\", \"value\": \"x\", \"expires_at\": \"2099-01-01\"} | expires_at",
        "{\"name\": \"A\", \"value\": \"x\", \"expires_at\": \"+99999-01-01T00:00:00Z\"} | expires_at",
        "{\"name\": \"A\", \"valeu\": \"x\"} | valeu",
        "[] | body",
      })
  void namesTheFieldThatIsWrong(String body, String field) {
    fault(create(body), field);
  }

  @Test
  void needsABody() {
    named("A", "x");
    fault(mine.json().post(SECRETS), "body");
    fault(mine.json().put(SECRETS + "/A"), "body");
    fault(put("A", "{\"name\": \"B\"}"), "name");
    fault(put("A", "{\"value\": \"\"}"), "value");
  }

  @Test
  void takesNamesAndValuesUpToTheirBounds() throws Throwable {
    String longest = "_" + "a".repeat(254);
    named(longest, "ü".repeat(MAX_BYTES / 2));

    assertThat(reveal(longest)).containsEntry(longest, "ü".repeat(MAX_BYTES / 2));
    fault(create(body(longest + "a", "x")), "name");
    fault(create(body("A", "ü".repeat(MAX_BYTES / 2) + "u")), "value");
  }

  private static String body(String name, String value) {
    return JSON.valueToTree(Map.of("name", name, "value", value)).toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "offset=-1", "sort=value", "filter=%00"})
  void namesABadParameter(String query) {
    Response answer = mine.json().urlEncodingEnabled(false).get(SECRETS + "?" + query);

    fault(answer, query.substring(0, query.indexOf('=')));
  }

  private List<String> names(String query) {
    return mine.json()
        .get(SECRETS + "?" + query)
        .then()
        .statusCode(200)
        .extract()
        .path("secrets.name");
  }

  @Test
  void filtersSortsAndPages() {
    mine.json()
        .body(Map.of("name", "B_KEY", "value", "x", "description", "of the token"))
        .post(SECRETS);
    named("a_token", "x");
    named("C_TOKEN", "x");

    assertThat(names("offset=0")).containsExactly("C_TOKEN", "a_token", "B_KEY");
    assertThat(names("filter=token")).containsExactly("C_TOKEN", "a_token");
    assertThat(names("filter=_k&sort=name")).containsExactly("B_KEY");
    assertThat(names("sort=created_at&limit=1&offset=1")).containsExactly("a_token");
    mine.json().get(SECRETS + "?limit=2").then().body("has_more", equalTo(true));
  }

  @Test
  void readsNoValueToShowOrToChangeAllElse() {
    named("LARGE", "x".repeat(MAX_BYTES));

    try (SqlLog log = new SqlLog()) {
      mine.json().get(SECRETS).then().statusCode(200);
      get("LARGE").then().statusCode(200);
      put("LARGE", "{\"description\": \"y\"}").then().statusCode(200);
      mine.json().delete(SECRETS + "/LARGE").then().statusCode(200);

      assertThat(log.statements())
          .anyMatch(sql -> sql.contains("from secrets"))
          .noneMatch(sql -> sql.startsWith("select") && sql.contains("ciphertext"));
    }
  }

  @Test
  void keepsAValueFromAllButWhoMayRevealIt() throws Throwable {
    String canary = "canary-" + UUID.randomUUID();
    List<Response> answers =
        List.of(
            create(body("CANARY", canary)),
            create(body("CANARY", canary)),
            create(body("not a name", canary)),
            create("{\"name\": \"B\", \"value\": [\"" + canary + "\"]}"),
            create("{\"name\": \"B\", \"value\": \"" + canary + "\", }"),
            put("CANARY", "{\"value\": \"" + canary + "\"}"),
            put("CANARY", "{\"value\": \"" + canary + "\", \"expires_in\": \"x\"}"),
            get("CANARY"),
            mine.json().get(SECRETS));

    assertThat(answers).noneMatch(answer -> answer.asString().contains(canary));
    assertThat(reveal("CANARY")).isEqualTo(Map.of("CANARY", canary));
    assertThat(new SecretRequest("CANARY", canary, null, null, null).toString())
        .doesNotContain(canary);
    assertNoTableHas(canary);
    assertNoEventHas(canary);
  }

  private void assertNoTableHas(String canary) throws SQLException {
    String hex = HexFormat.of().formatHex(canary.getBytes(StandardCharsets.UTF_8));
    List<List<String>> tables =
        query("select quote_ident(tablename) from pg_tables where schemaname = 'public'");
    assertThat(tables).contains(List.of("secrets"));
    for (List<String> table : tables) {
      assertThat(query("select t::text from " + table.get(0) + " t").toString())
          .doesNotContain(canary, hex);
    }
    assertThat(query("select length(ciphertext) from secrets where name = 'CANARY'")).isNotEmpty();
  }

  /** What is told after a secret's changes is the first that is told of them. */
  private void assertNoEventHas(String canary) {
    String agent = mine.json().body("{\"name\": \"x\"}").post("/api/v1/agents").path("uuid");
    List<ConsumerRecord<String, byte[]>> events =
        TopicReader.read(
            EVENTS,
            // Another test puts there what is none of ours.
            event -> event.value() != null && header(event, "ce_type") != null,
            found -> found.stream().anyMatch(event -> agent.equals(event.key())));
    assertThat(events)
        .noneMatch(event -> header(event, "ce_type").startsWith("secret"))
        .noneMatch(event -> new String(event.value(), StandardCharsets.UTF_8).contains(canary));
  }

  @Test
  void writesDownWhichKeyEncrypted() throws SQLException {
    named("KEYED", "x");

    assertThat(
            query(
                "select key_id > 0, version, event_sequence from secrets where organization_id = ?",
                mine.id()))
        .containsExactly(List.of("t", "0", "0"));
  }

  @Test
  void doesNotRevealAValueThatWasMovedToAnotherSecret() throws Throwable {
    named("MOVED", "of another");
    named("PLACE", "of its own");
    query(
        "update secrets set ciphertext = (select ciphertext from secrets where name = 'MOVED'"
            + " and organization_id = ?) where name = 'PLACE' and organization_id = ?",
        mine.id(),
        mine.id());

    assertThat(reveal("MOVED")).containsEntry("MOVED", "of another");
    assertThatThrownBy(() -> reveal("MOVED", "PLACE"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("PLACE")
        .hasMessageNotContaining("of another");
  }

  @Test
  void revealsAllOrNamesWhatIsMissingAndExpired() throws Throwable {
    named("GOOD", "g");
    named("OLD", "o");
    query(
        "update secrets set expires_at = now() - interval '1 second'"
            + " where name = 'OLD' and organization_id = ?",
        mine.id());

    assertThat(reveal()).isEmpty();
    assertThat(reveal("GOOD")).isEqualTo(Map.of("GOOD", "g"));
    assertThatThrownBy(() -> reveal("GOOD", "OLD", "NONE", "no\u0000name"))
        .isInstanceOfSatisfying(
            UnusableSecretsException.class,
            e -> {
              assertThat(e.missing()).containsExactly("NONE", "no\u0000name");
              assertThat(e.expired()).containsExactly("OLD");
            })
        .hasMessageContaining("no secret 'NONE'; ")
        .hasMessageEndingWith("the secret 'OLD' has expired");
  }

  @Test
  void existForAgentsUntilTheyAreDeleted() throws SQLException {
    named("OLD", "o");
    query("update secrets set expires_at = now() where organization_id = ?", mine.id());
    String agent = "{\"name\": \"%s\", \"secrets\": [\"OLD\", \"NONE\", \"no\\u0000name\"]}";

    mine.json()
        .body("{\"name\": \"a\", \"secrets\": [\"OLD\"]}")
        .post("/api/v1/agents")
        .then()
        .statusCode(201);
    Response refused = mine.json().body(agent.formatted("b")).post("/api/v1/agents");
    assertThat(refused.<List<String>>path("error.details.faults.error"))
        .contains("no secret 'NONE'")
        .doesNotContain("no secret 'OLD'");
    fault(
        TestOrganization.create("ADMIN")
            .json()
            .body("{\"name\": \"a\", \"secrets\": [\"OLD\"]}")
            .post("/api/v1/agents"),
        "secrets");
  }
}
