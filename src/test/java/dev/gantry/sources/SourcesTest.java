package dev.gantry.sources;

import static dev.gantry.testing.TestSources.SOURCES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.GitServer;
import dev.gantry.testing.Servers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TestSources;
import dev.gantry.testing.TopicReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks the sources' section of the API, request by request. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class SourcesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KUBECTL =
      """
      tools:
        - name: kubectl
          type: docker
          description: Kubernetes CLI tool
          image: kubiya/kubectl:latest
          content: kubectl {{ .command }}
          args:
            - {name: command, description: kubectl command to execute, required: true}
      """;
  private static final String FLOW = "name: deploy\nsteps: [{name: a, command: 'true'}]\n";

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  @Inject ScanStore scans;
  @TempDir Path folder;
  private GitServer git;

  @BeforeEach
  void start() throws Exception {
    git = new GitServer(folder);
  }

  @AfterEach
  void stop() {
    git.close();
  }

  private Response create(String body) {
    return mine.json().body(body).post(SOURCES);
  }

  private Response put(String uuid, String body) {
    return mine.json().body(body).put(SOURCES + "/" + uuid);
  }

  private Response get(String uuid) {
    return mine.json().get(SOURCES + "/" + uuid);
  }

  private static JsonNode tree(Response answer) throws IOException {
    return JSON.readTree(answer.asByteArray());
  }

  /** The reference's source, where it lies in this test. */
  private String devOpsTools() {
    return """
        {"name": "DevOps Tools", "description": "Collection of DevOps automation tools",
         "type": "github", "url": "%s", "branch": "main", "path": "/tools",
         "runner": "default-runner"}
        """
        .formatted(git.url());
  }

  /** A runner is there once its topic is. */
  @BeforeEach
  void haveTheReferencesRunner() throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", Servers.get().kafka()))) {
      String topic = GantryServers.TOPIC_PREFIX + ".commands.default-runner";
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  private static ValidatableResponse fault(Response answer, String field) {
    return answer
        .then()
        .statusCode(400)
        .body("error.code", equalTo("VALIDATION_ERROR"))
        .body("error.details.field", equalTo(field));
  }

  /** What the reference shows of a source, its id and times replaced by their kind. */
  private static JsonNode shape(JsonNode source, String... fields) {
    ObjectNode shape = JSON.createObjectNode();
    for (String field : fields) {
      shape.set(field, source.get(field));
    }
    assertThat(UUID.fromString(source.get("uuid").textValue()).version()).isEqualTo(7);
    shape.put("uuid", "source-123-456");
    for (String time : List.of("created_at", "updated_at")) {
      if (shape.has(time)) {
        assertThat(Instant.parse(source.get(time).textValue()))
            .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
        shape.put(time, "2024-01-15T10:00:00Z");
      }
    }
    return shape;
  }

  @Test
  void createsAsTheReferenceShows() throws Exception {
    git.push(Map.of("tools/kubectl.yaml", KUBECTL));

    Response answer = create(devOpsTools());

    answer.then().statusCode(201).header("ETag", "\"0\"");
    assertThat(answer.header("Location")).endsWith(SOURCES + "/" + answer.path("uuid"));
    mine.json().get(answer.header("Location")).then().statusCode(200);
    assertThat(tree(answer).fieldNames())
        .toIterable()
        .containsExactly("uuid", "name", "status", "created_at");
    assertThat(shape(tree(answer), "uuid", "name", "status", "created_at"))
        .isEqualTo(
            JSON.readTree(
                """
                {"uuid": "source-123-456", "name": "DevOps Tools", "status": "scanning",
                 "created_at": "2024-01-15T10:00:00Z"}
                """));
  }

  @Test
  void listsAndGetsAsTheReferenceShows() throws Exception {
    String commit = git.push(Map.of("tools/kubectl.yaml", KUBECTL, "other/deploy.yaml", FLOW));
    String uuid = TestSources.scanned(mine, devOpsTools());

    JsonNode list = tree(mine.json().get(SOURCES + "?filter=AUTOMATION"));
    JsonNode one = tree(get(uuid));

    String common =
        """
        "uuid": "source-123-456", "name": "DevOps Tools",
        "description": "Collection of DevOps automation tools", "type": "github",
        "url": "%s", "branch": "main", "path": "/tools",
        "created_at": "2024-01-15T10:00:00Z", "updated_at": "2024-01-15T10:00:00Z"
        """
            .formatted(git.url());
    String[] shared = {
      "uuid", "name", "description", "type", "url", "branch", "path", "created_at", "updated_at"
    };
    assertThat(list.get("total").intValue()).isEqualTo(1);
    assertThat(list.get("limit").intValue()).isEqualTo(50);
    assertThat(list.get("offset").intValue()).isZero();
    JsonNode listed = list.get("sources").get(0);
    assertThat(shape(listed, shared)).isEqualTo(JSON.readTree("{" + common + "}"));
    assertThat(listed.get("tools_count").intValue()).isEqualTo(1);
    assertThat(listed.has("tools")).isFalse();
    assertThat(shape(one, shared)).isEqualTo(JSON.readTree("{" + common + "}"));
    assertThat(one.get("tools"))
        .isEqualTo(
            JSON.readTree(
                """
                [{"name": "kubectl", "type": "docker", "description": "Kubernetes CLI tool"}]
                """));
    get(uuid)
        .then()
        .body("status", equalTo("ready"))
        .body("commit", equalTo(commit))
        .body("runner", equalTo("default-runner"))
        .body("workflows_count", equalTo(0))
        .body("errors.size()", equalTo(0))
        .header("ETag", "\"1\"");
    assertThat(mine.json().get(SOURCES + "?filter=nothing").<Integer>path("total")).isZero();
  }

  @Test
  void previewsAsTheReferenceShowsAndKeepsNothing() throws Exception {
    String commit = git.push(Map.of("tools/kubectl.yaml", KUBECTL, "tools/flow.yaml", FLOW));
    String body =
        """
        {"url": "%s", "branch": "main", "path": "/tools", "runner": "default-runner"}
        """
            .formatted(git.url());
    git.hold();

    Response answer = mine.json().body(body).post(SOURCES + "/scan");

    answer
        .then()
        .statusCode(202)
        .body("scan_id", matchesPattern("scan-[0-9a-f-]{36}"))
        .body("status", equalTo("running"))
        .body("tools_found.size()", equalTo(0));
    assertThat(tree(answer).fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("scan_id", "status", "created_at", "tools_found");
    String scan = SOURCES + "/scans/" + answer.path("scan_id");
    assertThat(answer.header("Location")).endsWith(scan);
    mine.json()
        .get(answer.header("Location") + "?wait=200ms")
        .then()
        .body("status", equalTo("running"));
    git.letOthersPass().countDown();
    mine.json()
        .get(scan + "?wait=30s")
        .then()
        .body("status", equalTo("completed"))
        .body("commit", equalTo(commit))
        .body("tools_found.name", equalTo(List.of("kubectl")))
        .body("tools_found.file", equalTo(List.of("tools/kubectl.yaml")))
        .body("workflows_found.name", equalTo(List.of("deploy")))
        .body("errors.size()", equalTo(0));
    for (String list : List.of("sources", "tools", "workflows")) {
      mine.json().get("/api/v1/" + list).then().body("total", equalTo(0));
    }
    TestOrganization.create("ADMIN").json().get(scan).then().statusCode(404);
  }

  @Test
  void listsWhatIsSoundAndTellsWhatIsNot() throws Exception {
    git.push(
        Map.of(
            "a.yaml",
            KUBECTL
                + "  - {name: broken, description: x}\n"
                + "  - {name: second, description: x, content: 'true', nonsense: 1}\n",
            "b.yml",
            KUBECTL,
            "c.json",
            "{\"name\": \"deploy\", \"steps\": [{\"name\": \"a\"}]}",
            "d.yaml",
            "steps: [\n",
            "e.yaml",
            "{{ if .Values.on }}\nkind: Chart\n",
            "f.yaml",
            FLOW,
            ".github/workflows/ci.yml",
            "jobs:\n  build:\n    steps:\n      - run: make\n"));

    String uuid =
        TestSources.scanned(mine, "{\"name\": \"x\", \"url\": \"%s\"}".formatted(git.url()));

    get(uuid)
        .then()
        .body("status", equalTo("ready"))
        .body("tools.name", equalTo(List.of("kubectl")))
        .body("workflows_count", equalTo(1))
        .body("errors.file", equalTo(List.of("a.yaml", "b.yml", "c.json", "d.yaml")))
        .body("errors.type", equalTo(List.of("tool", "tool", "workflow", "workflow")))
        .body("errors[0].error", startsWith("tools[1]: runs nothing"))
        .body("errors[0].error", containsString("tools[2].nonsense: unknown key"))
        .body("errors[1].error", equalTo("'kubectl' is in a.yaml already"))
        .body("errors[2].error", containsString("steps[0]"));
  }

  @Test
  void takesDefinitionsInline() {
    String uuid =
        TestSources.scanned(
            mine,
            """
            {"name": "inline", "tools": [
               {"name": "one", "description": "1", "content": "echo"},
               "tools:\\n  - {name: two, description: '2', content: echo}"],
             "workflows": [{"name": "w", "steps": [{"name": "a", "command": "true"}]}, "steps: 1"]}
            """);

    get(uuid)
        .then()
        .body("type", equalTo("inline"))
        .body("tools.name", equalTo(List.of("one", "two")))
        .body("workflows_count", equalTo(1))
        .body("errors.file", equalTo(List.of("workflows[1]")));
    put(uuid, "{\"tools\": []}").then().statusCode(200).body("status", equalTo("scanning"));
    TestSources.awaitScan(mine, uuid);
    get(uuid).then().body("tools_count", equalTo(0)).body("workflows_count", equalTo(1));
  }

  @Test
  void scansAnewWhenItMovesAndKeepsWhatItHadWhenAScanFails() throws Exception {
    git.push(Map.of("tools/kubectl.yaml", KUBECTL));
    String uuid = TestSources.scanned(mine, devOpsTools());

    put(uuid, "{\"description\": \"\"}")
        .then()
        .statusCode(200)
        .body("status", equalTo("ready"))
        .body("description", equalTo(""));
    put(uuid, "{\"path\": \"/elsewhere\"}").then().body("status", equalTo("scanning"));
    TestSources.awaitScan(mine, uuid);

    get(uuid)
        .then()
        .body("status", equalTo("failed"))
        .body("errors[0].type", equalTo("source"))
        .body("errors[0].error", equalTo("has nothing at 'elsewhere'"))
        .body("tools.name", equalTo(List.of("kubectl")));
  }

  @Test
  void replacesWhatAnEarlierScanFound() throws Exception {
    git.push(Map.of("tools/kubectl.yaml", KUBECTL, "tools/flow.yaml", FLOW));
    String uuid = TestSources.scanned(mine, devOpsTools());
    String tool = mine.json().get("/api/v1/tools").path("tools[0].uuid");

    String commit =
        git.push(
            Map.of(
                "tools/kubectl.yaml",
                KUBECTL.replace("CLI", "command line")
                    + "  - {name: helm, description: charts, content: helm}\n",
                "tools/more.yaml",
                FLOW.replace("deploy", "rollback")));
    git.push(java.util.Collections.singletonMap("tools/flow.yaml", null));
    TestSources.sync(mine, uuid);

    get(uuid).then().body("tools.name", equalTo(List.of("helm", "kubectl")));
    mine.json()
        .get("/api/v1/tools/" + tool)
        .then()
        .body("description", equalTo("Kubernetes command line tool"));
    assertThat(mine.json().get("/api/v1/workflows").<List<String>>path("workflows.name"))
        .containsExactly("rollback");
    assertThat(get(uuid).<String>path("commit")).isNotEqualTo(commit).hasSize(40);
  }

  @Test
  void tellsWhatIsAddedAndWhatChanges() throws Exception {
    String first = git.push(Map.of("tools/kubectl.yaml", KUBECTL));
    String uuid = TestSources.scanned(mine, devOpsTools());
    TestSources.sync(mine, uuid);
    String second = git.push(Map.of("tools/kubectl.yaml", KUBECTL.replace("CLI", "cli")));
    TestSources.sync(mine, uuid);
    String flow = "name: flow\nsteps: [{name: a, command: 'true'}]\n";
    String third = git.push(Map.of("tools/flow.yaml", flow));
    TestSources.sync(mine, uuid);
    put(uuid, "{\"name\": \"Renamed\"}").then().statusCode(200);

    List<String> told =
        TopicReader.read(
                GantryServers.TOPIC_PREFIX + ".events", uuid, records -> records.size() >= 5)
            .stream()
            .map(
                r ->
                    TopicReader.header(r, "ce_type")
                        + " "
                        + TopicReader.header(r, "ce_sequence")
                        + " "
                        + new String(r.value(), java.nio.charset.StandardCharsets.UTF_8))
            .toList();

    assertThat(told).hasSize(5);
    assertThat(told.get(0)).startsWith("source.added 1 ").contains("\"name\":\"DevOps Tools\"");
    assertThat(told.get(1)).startsWith("source.updated 2 ").contains(first);
    assertThat(told.get(2)).startsWith("source.updated 3 ").contains(second);
    assertThat(told.get(3)).startsWith("source.updated 4 ").contains(third);
    assertThat(told.get(4)).startsWith("source.updated 5 ").contains("Renamed");
  }

  private static void sql(String sql, Object... values) throws SQLException {
    try (Connection connection = TestOrganization.connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }

  /** A process that died holds its scan until the lease has passed, and cannot end it later. */
  @Test
  void takesAScanAgainWhenItsLeaseHasPassed() throws Exception {
    String first = git.push(Map.of("tools/kubectl.yaml", KUBECTL));
    git.hold();
    String uuid = create(devOpsTools()).path("uuid");
    await().until(() -> git.held() == 1);
    CountDownLatch firstFetch = git.letOthersPass();
    git.hold();
    sql("update source_scans set not_before = now() where source_id = ?", UUID.fromString(uuid));
    await().until(() -> git.held() == 2);

    firstFetch.countDown();
    awaitThatTheFirstHasEnded();

    get(uuid).then().body("status", equalTo("scanning")).body("tools_count", equalTo(0));
    String second = git.push(Map.of("tools/kubectl.yaml", KUBECTL.replace("CLI", "2nd")));
    git.letOthersPass().countDown();
    TestSources.awaitScan(mine, uuid);
    assertThat(get(uuid).<String>path("commit")).isEqualTo(second).isNotEqualTo(first);
  }

  /** Two scans run at a time: a third one has the place of one of them. */
  private void awaitThatTheFirstHasEnded() {
    String third = mine.json().body("{\"tools\": []}").post(SOURCES + "/scan").path("scan_id");
    mine.json()
        .get(SOURCES + "/scans/" + third + "?wait=30s")
        .then()
        .body("status", equalTo("completed"));
  }

  @Test
  void forgetsScansThatEndedLongAgo() throws Exception {
    String scan = mine.json().body("{\"tools\": []}").post(SOURCES + "/scan").path("scan_id");
    mine.json().get(SOURCES + "/scans/" + scan + "?wait=30s").then().statusCode(200);

    scans.forget(Duration.ofDays(1)).await().atMost(Duration.ofSeconds(10));
    mine.json().get(SOURCES + "/scans/" + scan).then().statusCode(200);
    sql(
        "update source_scans set finished_at = now() - interval '25 hours' where id = ?",
        UUID.fromString(scan.substring("scan-".length())));
    scans.forget(Duration.ofDays(1)).await().atMost(Duration.ofSeconds(10));

    mine.json().get(SOURCES + "/scans/" + scan).then().statusCode(404);
  }

  @Test
  void givesUpAScanThatNeverComesToAnEnd() throws Exception {
    git.hold();
    String uuid = create(devOpsTools()).path("uuid");
    await().until(() -> git.held() == 1);

    sql(
        "update source_scans set not_before = now(), attempts = 3 where source_id = ?",
        UUID.fromString(uuid));
    TestSources.awaitScan(mine, uuid);

    get(uuid)
        .then()
        .body("status", equalTo("failed"))
        .body("errors[0].error", containsString("never came to an end"));
  }

  @Test
  void aLaterScanTakesThePlaceOfAnEarlierOne() throws Exception {
    git.push(Map.of("tools/kubectl.yaml", KUBECTL));
    String uuid = TestSources.scanned(mine, devOpsTools());
    git.hold();
    String first = mine.json().post(SOURCES + "/" + uuid + "/sync").path("scan_id");

    git.letOthersPass();
    String second = mine.json().post(SOURCES + "/" + uuid + "/sync").path("scan_id");

    mine.json()
        .get(SOURCES + "/scans/" + first)
        .then()
        .body("status", equalTo("failed"))
        .body("errors[0].error", equalTo("A later scan took its place"));
    mine.json()
        .get(SOURCES + "/scans/" + second + "?wait=30s")
        .then()
        .body("status", equalTo("completed"))
        .body("source", equalTo(uuid));
  }

  @Test
  void deletesWithAllThatItHas() throws Exception {
    git.push(Map.of("tools/kubectl.yaml", KUBECTL, "tools/flow.yaml", FLOW));
    String uuid = TestSources.scanned(mine, devOpsTools());

    assertThat(mine.json().delete(SOURCES + "/" + uuid).asString())
        .isEqualTo("{\"message\":\"Source deleted successfully\"}");

    get(uuid).then().statusCode(404);
    mine.json().get("/api/v1/tools").then().body("total", equalTo(0));
    mine.json().get("/api/v1/workflows").then().body("total", equalTo(0));
    mine.json().post(SOURCES + "/" + uuid + "/sync").then().statusCode(404);
  }

  @Test
  void agentsReferToSourcesThatThereAre() {
    String uuid = TestSources.scanned(mine, "{\"name\": \"a\", \"tools\": []}");
    String agent = "{\"name\": \"x\", \"sources\": [\"%s\"]}";

    mine.json().body(agent.formatted(uuid)).post("/api/v1/agents").then().statusCode(201);
    fault(mine.json().body(agent.formatted(UUID.randomUUID())).post("/api/v1/agents"), "sources")
        .body("error.details.error", startsWith("no source '"));
    fault(
        TestOrganization.create("ADMIN").json().body(agent.formatted(uuid)).post("/api/v1/agents"),
        "sources");
  }

  @Test
  void namesCredentialsThatExist() {
    mine.json().body("{\"name\": \"TOKEN\", \"value\": \"fake\"}").post("/api/v1/secrets");
    mine.json().body("{\"name\": \"GitHub\", \"type\": \"github\"}").post("/api/v1/integrations");
    String body = "{\"name\": \"%s\", \"url\": \"" + git.url() + "\", \"credentials\": %s}";

    String uuid = create(body.formatted("a", "{\"secret\": \"TOKEN\"}")).path("uuid");
    get(uuid).then().body("credentials", equalTo(Map.of("secret", "TOKEN")));
    create(body.formatted("b", "{\"integration\": \"GitHub\"}")).then().statusCode(201);
    fault(create(body.formatted("c", "{\"secret\": \"NONE\"}")), "credentials.secret");
    fault(create(body.formatted("c", "{\"integration\": \"N\"}")), "credentials.integration");
    fault(
        create(body.formatted("c", "{\"secret\": \"TOKEN\", \"integration\": \"GitHub\"}")),
        "credentials");
    put(uuid, "{\"credentials\": {}}").then().statusCode(200);
    assertThat(get(uuid).<Map<String, Object>>path("$")).doesNotContainKey("credentials");
  }

  private Response secret(String name, String value) {
    return mine.json().body(Map.of("name", name, "value", value)).post("/api/v1/secrets");
  }

  @Test
  void fetchesWithTheCredentialsThatItNames() throws Exception {
    git.push(Map.of("tools/kubectl.yaml", KUBECTL));
    git.require("fake-token-1");
    secret("TOKEN", "fake-token-1");
    secret("WRONG", "fake-token-2");
    mine.json()
        .body(
            """
            {"name": "GitHub", "type": "github",
             "secrets": {"GITHUB_TOKEN": "TOKEN", "OTHER": "WRONG"}}
            """)
        .post("/api/v1/integrations")
        .then()
        .statusCode(201);
    String body = "{\"name\": \"%s\", \"url\": \"" + git.url() + "\"%s}";

    String none = TestSources.scanned(mine, body.formatted("none", ""));
    String wrong =
        TestSources.scanned(
            mine, body.formatted("w", ", \"credentials\": {\"secret\": \"WRONG\"}"));
    String right =
        TestSources.scanned(
            mine, body.formatted("r", ", \"credentials\": {\"secret\": \"TOKEN\"}"));
    String integrated =
        TestSources.scanned(
            mine, body.formatted("i", ", \"credentials\": {\"integration\": \"GitHub\"}"));

    get(none).then().body("status", equalTo("failed"));
    get(wrong).then().body("status", equalTo("failed"));
    assertThat(get(wrong).asString()).doesNotContain("fake-token");
    get(right).then().body("status", equalTo("ready")).body("tools_count", equalTo(1));
    get(integrated).then().body("status", equalTo("ready")).body("tools_count", equalTo(1));
    mine.json().delete("/api/v1/secrets/TOKEN").then().statusCode(200);
    TestSources.sync(mine, right);
    get(right)
        .then()
        .body("status", equalTo("failed"))
        .body("errors[0].error", containsString("TOKEN"));
  }

  @Test
  void refusesANameThatIsTakenAndAVersionThatIsPast() {
    String uuid = TestSources.scanned(mine, "{\"name\": \"a\", \"tools\": []}");

    create("{\"name\": \"a\", \"tools\": []}")
        .then()
        .statusCode(409)
        .body("error.details.field", equalTo("name"));
    mine.json()
        .header("If-Match", "\"7\"")
        .body("{}")
        .put(SOURCES + "/" + uuid)
        .then()
        .statusCode(412);
  }

  @Test
  void showsAnotherOrganizationNothing() {
    String uuid = TestSources.scanned(mine, "{\"name\": \"a\", \"tools\": []}");
    TestOrganization other = TestOrganization.create("ADMIN");

    Stream.of(
            other.json().get(SOURCES + "/" + uuid),
            other.json().body("{\"name\": \"theirs\"}").put(SOURCES + "/" + uuid),
            other.json().post(SOURCES + "/" + uuid + "/sync"),
            other.json().delete(SOURCES + "/" + uuid))
        .forEach(answer -> answer.then().statusCode(404));
    other.json().get(SOURCES).then().body("total", equalTo(0));
  }

  @Test
  void letsAViewerReadOnly() {
    TestOrganization viewer = TestOrganization.create("VIEWER");

    viewer.json().get(SOURCES).then().statusCode(200);
    viewer.json().body("{\"name\": \"a\", \"tools\": []}").post(SOURCES).then().statusCode(403);
    viewer.json().body("{\"tools\": []}").post(SOURCES + "/scan").then().statusCode(403);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"tools\": []} | name",
        "{\"name\": \"x\"} | url",
        "{\"name\": \"x\", \"url\": \"\"} | url",
        "{\"name\": \"x\", \"url\": \"nonsense\"} | url",
        "{\"name\": \"x\", \"url\": \"gopher://localhost/a\"} | url",
        "{\"name\": \"x\", \"url\": \"https://user:fake@localhost/a/b\"} | url",
        "{\"name\": \"x\", \"type\": \"svn\", \"url\": \"a/b\"} | type",
        "{\"name\": \"x\", \"type\": \"inline\"} | tools",
        "{\"name\": \"x\", \"type\": \"inline\", \"tools\": [], \"url\": \"a/b\"} | url",
        "{\"name\": \"x\", \"type\": \"git\", \"url\": \"a/b\", \"tools\": []} | tools",
        "{\"name\": \"x\", \"tools\": {}} | tools",
        "{\"name\": \"x\", \"tools\": [1]} | tools[0]",
        "{\"name\": \"x\", \"url\": \"a/b\", \"branch\": \"-x\"} | branch",
        "{\"name\": \"x\", \"url\": \"a/b\", \"branch\": \"a..b\"} | branch",
        "{\"name\": \"x\", \"url\": \"a/b\", \"path\": \"/../x\"} | path",
        "{\"name\": \"x\", \"url\": \"a/b\", \"runner\": \"none\"} | runner",
        "{\"name\": \"x\", \"url\": \"a/b\", \"uuid\": \"z\"} | uuid",
        "[] | body",
      })
  void namesTheFieldThatIsWrong(String body, String field) {
    fault(create(body), field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "offset=-1", "sort=type", "filter=%00"})
  void namesABadParameter(String query) {
    fault(
        mine.json().urlEncodingEnabled(false).get(SOURCES + "?" + query),
        query.substring(0, query.indexOf('=')));
  }

  @Test
  void needsABodyAndAnId() {
    fault(mine.json().post(SOURCES), "body");
    fault(mine.json().post(SOURCES + "/scan"), "body");
    fault(mine.json().body("{\"name\": \"a\", \"tools\": []}").post(SOURCES + "/scan"), "name");
    get("nonsense").then().statusCode(404);
    mine.json().get(SOURCES + "/scans/scan-x").then().statusCode(404);
  }
}
