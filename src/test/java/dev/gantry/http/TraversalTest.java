package dev.gantry.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TestSources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * B4: a name is never a path, and a path leads nowhere but below its own directory. No route takes
 * an archive. The rest of the promise is kept where its code is: {@code
 * dev.gantry.sources.GitLimitsTest} (links, submodules, names in trees that are paths, packs that
 * are bombs), {@code dev.gantry.sources.GitWorkflowTest} (links of a local repository), {@code
 * dev.gantry.sources.SourceAddressTest} and {@code SourcesTest} ({@code path} of a source), {@code
 * dev.gantry.workflows.DocumentLimitsTest} (bombs in YAML), {@code
 * dev.gantry.runner.local.LaunchTest} ({@code dir} of a step) and {@code
 * dev.gantry.runner.local.SweepTest} (links that a program has left).
 */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class TraversalTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String API = "/api/v1";

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  private final String mark = "mark-" + UUID.randomUUID();

  @ConfigProperty(name = "gantry.runner.local.directory")
  Path data;

  private Response post(String path, Object body) {
    return mine.json().body(body).post(API + path);
  }

  private Response asked(String path) {
    return mine.json().urlEncodingEnabled(false).get(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../../x", "/etc/passwd", "..", ".", "..\\..\\x", "a/b", "a\0b", "%2e%2e%2fx"})
  void namesThatBecomeTopicsOrVariablesAreRefused(String name) {
    post("/runners", Map.of("name", name, "type", "kubernetes"))
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo("name"));
    post("/secrets", Map.of("name", name, "value", "v"))
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo("name"));
    post("/tools/execute", Map.of("name", "t", "content", "true", "runner", name))
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo("runner"));
    post("/agents", Map.of("name", "a", "runner", name)).then().statusCode(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../x", "/etc/passwd", "..", "..\\..\\x", "%2e%2e%2fx"})
  void namesThatAreForPeopleStayAsTheyAre(String name) {
    for (Map.Entry<String, Map<String, String>> made :
        Map.of(
                "/agents", Map.of("name", name),
                "/integrations", Map.of("name", name, "type", "t"),
                "/api-keys", Map.of("name", name, "role", "viewer"))
            .entrySet()) {
      Response answer = post(made.getKey(), made.getValue());
      answer.then().statusCode(201);
      assertThat(answer.header("Location")).endsWith(made.getKey() + "/" + answer.path("uuid"));
      mine.json().get(answer.header("Location")).then().body("name", equalTo(name));
    }
  }

  @Test
  void namesOfWorkflowsStepsAndToolsNeverBecomeFiles() throws IOException {
    String up = "../../../../../../" + mark;
    String absolute = data.toAbsolutePath().getParent().resolve(mark).toString();
    ObjectNode definition = JSON.createObjectNode().put("name", up);
    ArrayNode steps = definition.putArray("steps");
    for (String name : List.of(up, absolute, mark + "/../..", "..")) {
      steps.addObject().put("name", name).put("command", "echo out").put("output", "OUT");
    }

    ObjectNode body = JSON.createObjectNode().put("type", "inline").set("definition", definition);
    Response ran = post("/workflows/execute?wait=30s", body.toString());
    ran.then()
        .statusCode(200)
        .body("status", equalTo("completed"))
        .body("steps.name", equalTo(List.of(up, absolute, mark + "/../..", "..")));
    post("/tools/execute?wait=30s", Map.of("name", up, "content", "echo out"))
        .then()
        .body("status", equalTo("completed"));
    post("/tools/execute?wait=30s", Map.of("name", absolute, "content", "echo out"))
        .then()
        .body("status", equalTo("completed"));
    TestSources.scanned(
        mine,
        JSON.createObjectNode()
            .put("name", up)
            .put("type", "inline")
            .set(
                "tools",
                JSON.createArrayNode()
                    .add(JSON.createObjectNode().put("name", up).put("content", "true")))
            .toString());

    assertThat(data).isDirectory();
    assertThatNothingIsNamed(mark);
  }

  /** Neither in the data directory, wherever it is, nor beside any folder above it. */
  private void assertThatNothingIsNamed(String name) throws IOException {
    try (Stream<Path> inside = Files.walk(data)) {
      assertThat(inside).noneMatch(file -> file.getFileName().toString().contains(name));
    }
    Path tmp = Path.of(System.getProperty("java.io.tmpdir"));
    for (Path at = data.toAbsolutePath(); at != null; at = at.getParent()) {
      assertThat(at.resolve(name)).doesNotExist();
    }
    assertThat(tmp.resolve(name)).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../%s", "a/../../../%s", "${UP}/%s", "./.././../%s"})
  void aDirThatLeadsOutFailsItsStepAndIsNotMade(String dir) throws IOException {
    ObjectNode definition = JSON.createObjectNode().put("name", "out");
    definition.putObject("params").put("UP", "../..");
    definition
        .putArray("steps")
        .addObject()
        .put("name", "a")
        .put("command", "touch " + mark)
        .put("dir", dir.formatted(mark));
    ObjectNode body = JSON.createObjectNode().put("type", "inline").set("definition", definition);

    post("/workflows/execute?wait=30s", body.toString())
        .then()
        .body("status", equalTo("failed"))
        .body("steps[0].error", containsString("leads out of the execution's work directory"));

    assertThatNothingIsNamed(mark);
  }

  @Test
  void aNulIsInNoNameAndNoPath() {
    for (String step : List.of("{\"name\": \"a\\u0000\", \"command\": \"true\"}")) {
      post(
              "/workflows/execute",
              "{\"type\": \"inline\", \"definition\": {\"name\": \"w\", \"steps\": ["
                  + step
                  + "]}}")
          .then()
          .statusCode(400)
          .body("error.details.faults[0].place", equalTo("steps[0].name"));
    }
    post("/tools/execute", "{\"name\": \"a\\u0000\", \"content\": \"true\"}")
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo("name"));
    post("/agents", "{\"name\": \"a\\u0000\"}").then().statusCode(400);
    post("/integrations", "{\"name\": \"a\\u0000\", \"type\": \"t\"}").then().statusCode(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/agents/..%2f..%2f..%2fetc%2fpasswd",
        "/api/v1/agents/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/api/v1/secrets/..%2fapi-keys",
        "/api/v1/runners/..%2f..%2fetc%2fpasswd/manifest",
        "/api/v1/runners/%2e%2e/manifest",
        "/api/v1/tools/executions/..%2f..%2fetc/logs",
        "/api/v1/sources/scans/..%2f..%2fetc",
        "/..%2f..%2fetc/passwd",
        "/q/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/api/v1/..%5c..%5cetc%5cpasswd"
      })
  void aPathOfARequestLeadsToNoFile(String path) {
    Response answer = asked(path);
    answer.then().statusCode(404);
    assertThat(answer.asString()).doesNotContain("root:");
  }

  @Test
  void aManifestNamesNoFile() {
    String name = "r-" + UUID.randomUUID().toString().substring(0, 8);
    post("/runners", Map.of("name", name, "type", "kubernetes")).then().statusCode(201);

    Response manifest = mine.json().get(API + "/runners/" + name + "/manifest");

    manifest.then().statusCode(200);
    assertThat(manifest.header("Content-Disposition")).isNull();
    mine.json()
        .get(API + "/runners/" + name + "/manifest?format=../../etc")
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo("format"));
    post(
            "/runners",
            Map.of(
                "name",
                name + "x",
                "type",
                "kubernetes",
                "configuration",
                Map.of("kubernetes_namespace", "../kube-system")))
        .then()
        .statusCode(400);
  }

  /** A body that unpacks to something larger is not unpacked at all. */
  @Test
  void aPackedBodyIsNotUnpacked() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write("{\"name\": \"packed\"}".getBytes(StandardCharsets.UTF_8));
    }
    mine.json()
        .header("Content-Encoding", "gzip")
        .body(packed.toByteArray())
        .post(API + "/agents")
        .then()
        .statusCode(400);
    mine.json().get(API + "/agents").then().body("total", equalTo(0));
  }
}
