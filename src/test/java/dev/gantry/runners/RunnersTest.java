package dev.gantry.runners;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.runners.protocol.Heartbeat;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.Servers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks the runners' section of the API, request by request. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class RunnersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String RUNNERS = "/api/v1/runners";

  /** As the reference shows a runner, and what it does not show behind that. */
  private static final String SHOWN =
      """
      {"name": "NAME", "status": "healthy", "type": "kubernetes",
       "capacity": {"cpu": "4", "memory": "8Gi"}, "usage": {"cpu": "2", "memory": "4Gi"},
       "configuration": {"kubernetes_namespace": "team-runners", "image_pull_policy": "Always"},
       "created_at": "TIME", "last_seen": "TIME",
       "description": "", "shared": false, "slots": {"used": 3, "total": 64},
       "version": "1.2.3", "instances": 1, "updated_at": "TIME"}
      """;

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  private final TestOrganization other = TestOrganization.create("ADMIN");
  private final String name = "r-" + UUID.randomUUID().toString().substring(0, 13);

  private static Response register(TestOrganization by, String name, String more) {
    return by.json()
        .body("{\"name\": \"%s\", \"type\": \"kubernetes\"%s}".formatted(name, more))
        .post(RUNNERS);
  }

  private String registered() {
    return register(
            mine,
            name,
            ", \"configuration\": {\"kubernetes_namespace\": \"team-runners\","
                + " \"image_pull_policy\": \"Always\"}")
        .then()
        .statusCode(201)
        .extract()
        .path("token");
  }

  private Response get() {
    return mine.json().get(RUNNERS + "/" + name);
  }

  private Response put(String body) {
    return mine.json().body(body).put(RUNNERS + "/" + name);
  }

  private void beat() {
    Heartbeats process = Heartbeats.of(name);
    var beat = process.beat(1, 4000, false);
    var usage = new Heartbeat.Amount(2000, 4L << 30);
    Heartbeats.send(
        beat.key(),
        ProtocolJson.write(
            new Heartbeat(
                beat.runner(),
                beat.instance(),
                beat.sequence(),
                beat.backend(),
                beat.version(),
                beat.capacity(),
                usage,
                beat.slots(),
                beat.intervalMillis(),
                beat.stopping(),
                beat.startedAt(),
                beat.sentAt())));
    await().atMost(SOON).until(() -> "healthy".equals(get().path("status")));
  }

  private static JsonNode tree(Response answer) throws IOException {
    return JSON.readTree(answer.asByteArray());
  }

  /** The tree with its name and times, once they have been looked at, replaced by their kind. */
  private JsonNode shape(JsonNode runner) {
    Map<String, Object> fields = new LinkedHashMap<>();
    runner.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    assertThat(fields.put("name", "NAME")).hasToString("\"" + name + "\"");
    for (String time : List.of("created_at", "updated_at", "last_seen")) {
      assertThat(Instant.parse(runner.get(time).textValue()))
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

  private Optional<JsonNode> listed(String query) throws IOException {
    for (JsonNode runner : tree(mine.json().get(RUNNERS + "?limit=100&" + query)).get("runners")) {
      if (name.equals(runner.get("name").textValue())) {
        return Optional.of(runner);
      }
    }
    return Optional.empty();
  }

  @Test
  void listsAsTheReferenceShows() throws IOException {
    registered();
    beat();

    JsonNode answer = tree(mine.json().get(RUNNERS));

    assertThat(answer.fieldNames())
        .toIterable()
        .containsExactly("runners", "total", "limit", "offset", "has_more");
    JsonNode shown = JSON.readTree(SHOWN);
    ((ObjectNode) shown).remove("configuration");
    assertThat(shape(listed("").orElseThrow())).isEqualTo(shown);
  }

  @Test
  void getsAsTheReferenceShows() throws IOException {
    registered();
    beat();

    assertThat(shape(tree(get()))).isEqualTo(JSON.readTree(SHOWN));
    get().then().header("ETag", equalTo("\"0\""));
  }

  @Test
  void filtersByHealthAndPages() throws IOException {
    registered();
    assertThat(listed("healthy=false").orElseThrow().get("status").textValue())
        .isEqualTo("never_seen");
    assertThat(listed("healthy=true")).isEmpty();
    beat();
    assertThat(listed("healthy=true")).isPresent();
    assertThat(listed("healthy=false")).isEmpty();

    int total = mine.json().get(RUNNERS + "?limit=1").path("total");
    mine.json()
        .get(RUNNERS + "?limit=1&offset=" + total)
        .then()
        .body("runners", equalTo(List.of()))
        .body("has_more", equalTo(false));
    // The newest comes first.
    mine.json().get(RUNNERS + "?limit=1").then().body("runners[0].name", equalTo(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"healthy=yes", "limit=0", "limit=101", "offset=-1"})
  void namesABadParameter(String query) {
    fault(mine.json().get(RUNNERS + "?" + query), query.substring(0, query.indexOf('=')));
  }

  @Test
  void registersAndShowsTheTokenOnce() {
    Response answer = register(mine, name, ", \"description\": \"In the lab\"");

    answer
        .then()
        .statusCode(201)
        .header("ETag", "\"0\"")
        .body("status", equalTo("never_seen"))
        .body("description", equalTo("In the lab"))
        .body("configuration", equalTo(Map.of()))
        .body("instances", equalTo(0));
    assertThat(answer.header("Location")).endsWith(RUNNERS + "/" + name);
    mine.json().get(answer.header("Location")).then().statusCode(200);
    assertThat(answer.<String>path("token")).startsWith("gtr_").hasSizeGreaterThan(40);
    assertThat(answer.<Map<String, Object>>path("$"))
        .doesNotContainKeys("capacity", "usage", "last_seen", "version");
    assertThat(get().<Map<String, Object>>path("$")).doesNotContainKey("token");
  }

  /** A runner's key reaches no route of callers, which is told apart from a key that is revoked. */
  private static int statusOf(String token) {
    return given().header("Authorization", "Bearer " + token).get(RUNNERS).statusCode();
  }

  @Test
  void aNewTokenRevokesTheFormerOne() {
    String first = registered();
    assertThat(statusOf(first)).isEqualTo(403);

    String second = mine.json().post(RUNNERS + "/" + name + "/token").path("token");

    assertThat(statusOf(second)).isEqualTo(403);
    assertThat(statusOf(first)).isEqualTo(401);
    other.json().post(RUNNERS + "/" + name + "/token").then().statusCode(404);
    assertThat(statusOf(second)).isEqualTo(403);
  }

  @Test
  void updatesOnlyWhatIsNamed() {
    registered();

    put("{\"description\": \"new\"}").then().statusCode(200).header("ETag", "\"1\"");

    get()
        .then()
        .body("description", equalTo("new"))
        .body("configuration.image_pull_policy", equalTo("Always"));
    put("{\"configuration\": {}, \"description\": null, \"name\": \"%s\"}".formatted(name))
        .then()
        .body("configuration", equalTo(Map.of()))
        .body("description", equalTo("new"));
    mine.json()
        .header("If-Match", "\"0\"")
        .body("{}")
        .put(RUNNERS + "/" + name)
        .then()
        .statusCode(412);
    fault(put("{\"name\": \"other\"}"), "name");
    fault(put("{\"type\": \"docker\"}"), "type");
    fault(put("{\"configuration\": {\"network\": \"n\"}}"), "configuration.network");
  }

  @Test
  void deletesWithItsTokens() {
    String token = registered();

    mine.json().header("If-Match", "\"9\"").delete(RUNNERS + "/" + name).then().statusCode(412);
    assertThat(mine.json().delete(RUNNERS + "/" + name).asString())
        .isEqualTo("{\"message\":\"Runner deleted successfully\"}");

    get().then().statusCode(404);
    assertThat(statusOf(token)).isEqualTo(401);
  }

  private static Response execute(TestOrganization by, String runner) {
    return by.json()
        .body(Map.of("name", "t", "content", "echo", "runner", runner))
        .post("/api/v1/tools/execute");
  }

  @Test
  void acceptsExecutionsForARunnerThatHasNotRunYetAndKeepsItMeanwhile() {
    registered();
    String id = execute(mine, name).then().statusCode(202).extract().path("execution_id");

    mine.json()
        .delete(RUNNERS + "/" + name)
        .then()
        .statusCode(409)
        .body("error.details.executions", equalTo(1));

    mine.json().post("/api/v1/tools/executions/" + id + "/cancel").then().statusCode(202);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> mine.json().delete(RUNNERS + "/" + name).statusCode() == 200);
    fault(execute(mine, name), "runner");
  }

  @Test
  void anotherOrganizationsRunnerIsAsOneThatIsNotThere() {
    registered();
    String unknown = execute(other, "none-" + name).path("error.details.error");

    String foreign = fault(execute(other, name), "runner").extract().path("error.details.error");

    assertThat(foreign).isEqualTo(unknown.replace("none-" + name, name)).doesNotContain("default");
    fault(other.json().body(Map.of("name", "a", "runner", name)).post("/api/v1/agents"), "runner");
    mine.json()
        .body(Map.of("name", "a", "runner", name))
        .post("/api/v1/agents")
        .then()
        .statusCode(201);
    Stream.of(
            other.json().get(RUNNERS + "/" + name),
            other.json().body("{}").put(RUNNERS + "/" + name),
            other.json().delete(RUNNERS + "/" + name),
            other.json().get(RUNNERS + "/" + name + "/manifest"))
        .forEach(answer -> answer.then().statusCode(404));
    assertThat(other.json().get(RUNNERS + "?limit=100").<List<String>>path("runners.name"))
        .doesNotContain(name);
    get().then().statusCode(200);
  }

  @Test
  void aNameIsTakenForGood() {
    registered();

    register(mine, name, "").then().statusCode(409).body("error.details.field", equalTo("name"));
    Response taken = register(other, name, "");
    taken.then().statusCode(409).body("error.details.field", equalTo("name"));
    assertThat(taken.asString()).doesNotContain(mine.id().toString());
    mine.json().delete(RUNNERS + "/" + name).then().statusCode(200);
    register(other, name, "").then().statusCode(409);
    fault(execute(other, name), "runner");
    register(mine, name, "").then().statusCode(201);
  }

  @Test
  void aNameThatTheInstallationServesIsNotToBeHad() throws Exception {
    register(mine, "default", "").then().statusCode(409);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", Servers.get().kafka()))) {
      String topic = GantryServers.TOPIC_PREFIX + ".commands." + name;
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }

    register(mine, name, "").then().statusCode(409);

    execute(mine, name).then().statusCode(202);
    execute(other, name).then().statusCode(202);
  }

  @Test
  void aSharedRunnerIsChangedByNobody() {
    await().atMost(SOON).until(() -> mine.json().get(RUNNERS + "/default").statusCode() == 200);

    Stream.of(
            mine.json().body("{}").put(RUNNERS + "/default"),
            mine.json().delete(RUNNERS + "/default"),
            mine.json().post(RUNNERS + "/default/token"),
            mine.json().get(RUNNERS + "/default/manifest"))
        .forEach(answer -> answer.then().statusCode(403));
  }

  @Test
  void isChangedByAdminsOnly() {
    TestOrganization operator = TestOrganization.create("OPERATOR");

    register(operator, name, "").then().statusCode(403);
    operator.json().get(RUNNERS).then().statusCode(200);
  }

  @Test
  void tellsAllThatIsWrongAtOnce() {
    Response answer =
        mine.json()
            .body(
                """
                {"name": "A.b", "type": "docker", "description": "\\u0000",
                 "configuration": {"network": "", "limits": {"cpu": "x"}, "shape": 1}}
                """)
            .post(RUNNERS);

    assertThat(answer.<List<String>>path("error.details.faults.field"))
        .containsExactlyInAnyOrder(
            "name",
            "configuration.network",
            "configuration.limits.cpu",
            "configuration.shape",
            "description");
    assertThat(answer.<List<String>>path("error.details.faults.error"))
        .contains("is not known; there is: image_pull_policy, limits, network");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\": \"local\"} | name",
        "{\"name\": \"x\"} | type",
        "{\"name\": \"x\", \"type\": \"vm\"} | type",
        "{\"name\": \"-x\", \"type\": \"local\"} | name",
        "{\"name\": \"x.dlq\", \"type\": \"local\"} | name",
        "{\"name\": \"12345678901234567890123456789012345678901\", \"type\": \"local\"} | name",
        "{\"name\": \"x\", \"type\": \"local\", \"configuration\": []} | configuration",
        "{\"name\": \"x\", \"type\": \"local\", \"configuration\": {\"a\": 1}} | configuration.a",
        "{\"name\": \"x\", \"type\": \"local\", \"labels\": {}} | labels",
        "[] | body",
      })
  void namesTheFieldThatIsWrong(String body, String field) {
    fault(mine.json().body(body).post(RUNNERS), field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"kubernetes_namespace\": \"A\" | kubernetes_namespace",
        "\"image_pull_policy\": \"always\" | image_pull_policy",
        "\"image_pull_secrets\": \"s\" | image_pull_secrets",
        "\"image_pull_secrets\": [\"s\", null] | image_pull_secrets[1]",
        "\"node_selector\": {\"a b\": \"c\"} | node_selector.a b",
        "\"node_selector\": {\"a\": 1} | node_selector.a",
        "\"tolerations\": [{\"effect\": \"Never\"}] | tolerations[0].effect",
        "\"tolerations\": [{\"toleration_seconds\": 1.5}] | tolerations[0].toleration_seconds",
        "\"tolerations\": [{\"tolerationSeconds\": 1}] | tolerations[0].tolerationSeconds",
        "\"service_account\": {} | service_account",
        "\"pod_security\": \"privileged\" | pod_security",
        "\"resources\": {\"limits\": {\"cpu\": 4}} | resources.limits.cpu",
        "\"resources\": {\"limits\": {\"memory\": \"-1Gi\"}} | resources.limits.memory",
        "\"resources\": {\"limits\": {\"gpu\": \"1\"}} | resources.limits.gpu",
        "\"resources\": {\"requests\": {\"memory\": \"8 GB\"}} | resources.requests.memory",
        "\"allowed_volumes\": [1] | allowed_volumes[0]",
        "\"network\": \"n\" | network",
      })
  void namesThePlaceInAConfigurationThatIsWrong(String entry, String place) {
    fault(register(mine, name, ", \"configuration\": {" + entry + "}"), "configuration." + place);
  }

  @Test
  void keepsEveryKeyThatIsKnown() throws IOException {
    String configuration =
        """
        {"kubernetes_namespace": "team-runners", "image_pull_policy": "IfNotPresent",
         "image_pull_secrets": ["registry"], "node_selector": {"kubernetes.io/arch": "arm64"},
         "tolerations": [{"key": "gpu", "operator": "Equal", "value": "yes",
                          "effect": "NoExecute", "toleration_seconds": 60}],
         "service_account": "steps", "pod_security": "baseline",
         "resources": {"requests": {"cpu": "250m", "memory": "64Mi"},
                       "limits": {"cpu": "2", "memory": "8Gi", "ephemeral-storage": "1G"}},
         "allowed_volumes": ["cache"]}
        """;

    register(mine, name, ", \"configuration\": " + configuration).then().statusCode(201);

    assertThat(tree(get()).get("configuration")).isEqualTo(JSON.readTree(configuration));
  }

  @Test
  void needsABodyAndAName() {
    fault(mine.json().post(RUNNERS), "body");
    registered();
    fault(mine.json().put(RUNNERS + "/" + name), "body");
    mine.json().get(RUNNERS + "/no%20name").then().statusCode(404);
    mine.json().get(RUNNERS + "/none-" + name).then().statusCode(404);
  }
}
