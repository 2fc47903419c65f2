package dev.gantry.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasEntry;
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
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks the tools' section of the API, request by request. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class ToolsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOOLS = "/api/v1/tools";
  private static final String KUBECTL =
      """
      {"name": "kubectl", "type": "docker", "description": "Kubernetes CLI tool",
       "image": "kubiya/kubectl:latest", "content": "echo \\"ran {{ .command }}\\"",
       "args": [{"name": "command", "description": "kubectl command to execute",
                 "required": true}]}
      """;
  private static final String GREETER =
      """
      {"name": "greeter", "description": "Greets", "alias": "hi", "icon_url": "https://example.com/i",
       "metadata": {"team": "x"}, "env": {"MARK": "!", "END": "."},
       "content": "echo \\"$greeting $who$MARK$END $times\\"",
       "args": [{"name": "who", "required": true},
                {"name": "greeting", "default": "hello", "options": ["hello", "bye"]},
                {"name": "times", "type": "integer"}]}
      """;

  private static final String TESTED =
      """
      {"name": "tested", "description": "Tests", "content": "true",
       "with_files": [{"destination": "~/.npmrc", "content": "x"}],
       "withServices": [{"name": "db", "image": "postgres:18", "exposed_ports": [5432]}]}
      """;

  private final TestOrganization mine = TestOrganization.create("ADMIN");

  private String source(String name, String... tools) {
    return TestSources.scanned(
        mine, "{\"name\": \"%s\", \"tools\": [%s]}".formatted(name, String.join(",", tools)));
  }

  private Response execute(String body) {
    return mine.json().body(body).post(TOOLS + "/execute?wait=30s");
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
  void listsAsTheReferenceShows() throws IOException {
    String source = source("DevOps Tools", KUBECTL);

    JsonNode answer = tree(mine.json().get(TOOLS + "?source=" + source + "&type=docker"));

    assertThat(answer.fieldNames())
        .toIterable()
        .containsExactly("tools", "total", "limit", "offset", "has_more");
    ObjectNode tool = (ObjectNode) answer.get("tools").get(0);
    assertThat(UUID.fromString(tool.get("uuid").textValue()).version()).isEqualTo(7);
    tool.put("uuid", "tool-123-456");
    assertThat(Instant.parse(tool.remove("created_at").textValue())).isBefore(Instant.now());
    assertThat(Instant.parse(tool.remove("updated_at").textValue())).isBefore(Instant.now());
    assertThat(tool.remove("file").textValue()).isEqualTo("tools[0]");
    assertThat(tool)
        .isEqualTo(
            JSON.readTree(
                """
                {"uuid": "tool-123-456", "name": "kubectl", "description": "Kubernetes CLI tool",
                 "type": "docker", "image": "kubiya/kubectl:latest", "source": "%s",
                 "args": [{"name": "command", "type": "string",
                           "description": "kubectl command to execute", "required": true}]}
                """
                    .formatted(source)));
  }

  @Test
  void tellsWhatOneNeedsContainersFor() {
    source("a", TESTED);
    String uuid = mine.json().get(TOOLS).path("tools[0].uuid");

    mine.json()
        .get(TOOLS + "/" + uuid)
        .then()
        .statusCode(200)
        .body("with_files[0].destination", equalTo("~/.npmrc"))
        .body("with_services[0].image", equalTo("postgres:18"));
    execute("{\"name\": \"tested\"}")
        .then()
        .body("status", equalTo("failed"))
        .body(
            "error",
            startsWith("the tool asks for with_files, with_services, which needs containers"));
  }

  @Test
  void getsOneWithAllThatItDeclares() {
    String source = source("a", GREETER);
    String uuid = mine.json().get(TOOLS).path("tools[0].uuid");

    mine.json()
        .get(TOOLS + "/" + uuid)
        .then()
        .statusCode(200)
        .body("uuid", equalTo(uuid))
        .body("source", equalTo(source))
        .body("image", equalTo("alpine"))
        .body("content", startsWith("echo"))
        .body("env", equalTo(Map.of("MARK", "!", "END", ".")))
        .body("alias", equalTo("hi"))
        .body("icon_url", equalTo("https://example.com/i"))
        .body("metadata", equalTo(Map.of("team", "x")))
        .body("args[1].default", equalTo("hello"))
        .body("args[1].options", equalTo(List.of("hello", "bye")))
        .body("args[2].type", equalTo("integer"));
    TestOrganization.create("ADMIN").json().get(TOOLS + "/" + uuid).then().statusCode(404);
    mine.json()
        .get(TOOLS + "/nonsense")
        .then()
        .statusCode(404)
        .body("error.message", equalTo("Tool not found: nonsense"));
  }

  private List<String> names(String query) {
    return mine.json().get(TOOLS + "?" + query).path("tools.name");
  }

  @Test
  void filtersSortsAndPages() {
    String first = source("a", KUBECTL, GREETER);
    source("b", KUBECTL);

    assertThat(names("sort=name")).containsExactly("greeter", "kubectl", "kubectl");
    assertThat(names("sort=name&source=" + first)).containsExactly("greeter", "kubectl");
    assertThat(names("filter=GREET")).containsExactly("greeter");
    assertThat(names("type=other")).isEmpty();
    assertThat(names("sort=name&limit=1&offset=1")).containsExactly("kubectl");
    assertThat(names("source=" + UUID.randomUUID())).isEmpty();
    TestOrganization.create("ADMIN").json().get(TOOLS).then().body("total", equalTo(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "sort=type", "source=x", "type=%00", "filter=%00"})
  void namesABadParameter(String query) {
    fault(
        mine.json().urlEncodingEnabled(false).get(TOOLS + "?" + query),
        query.substring(0, query.indexOf('=')));
  }

  @Test
  void executesAndGetsAsTheReferenceShows() {
    Response accepted =
        mine.json()
            .body(
                """
                {"name": "kubectl", "type": "docker", "image": "kubiya/kubectl:latest",
                 "content": "echo $KUBECONFIG", "runner": "default", "timeout": "60s",
                 "environment": {"KUBECONFIG": "/etc/kubeconfig"}}
                """)
            .post(TOOLS + "/execute");

    accepted
        .then()
        .statusCode(202)
        .body("execution_id", matchesPattern("tool-exec-[0-9a-f-]{36}"))
        .body("status", equalTo("running"))
        .body("created_at", matchesPattern("\\d{4}-\\d\\d-\\d\\dT.*Z"));
    mine.json()
        .get(TOOLS + "/executions/" + accepted.path("execution_id") + "?wait=30s")
        .then()
        .statusCode(200)
        .body("status", equalTo("completed"))
        .body("completed_at", matchesPattern("\\d{4}-\\d\\d-\\d\\dT.*Z"))
        .body("duration", matchesPattern("(\\d+[hms])*(\\d+ms)?"))
        .body("output", equalTo("/etc/kubeconfig"))
        .body("exit_code", equalTo(0));
  }

  @Test
  void executesAToolOfASourceByItsName() {
    String source = source("a", GREETER);

    execute("{\"name\": \"greeter\", \"args\": {\"who\": \"Ada\", \"times\": 2}}")
        .then()
        .statusCode(200)
        .body("status", equalTo("completed"))
        .body("name", equalTo("greeter"))
        .body("source", equalTo(source))
        .body("output", equalTo("hello Ada!. 2"));
    execute(
            """
            {"name": "greeter", "args": {"who": "Ada", "greeting": "bye"},
             "environment": {"MARK": "?"}}
            """)
        .then()
        .body("output", equalTo("bye Ada?."));
  }

  @Test
  void theRequestWinsOverTheSource() {
    TestSources.scanned(
        mine,
        """
        {"name": "a", "runner": "default",
         "tools": [{"name": "slow", "description": "x", "content": "exec sleep 60"}]}
        """);

    execute("{\"name\": \"slow\", \"timeout\": \"1s\"}")
        .then()
        .body("status", equalTo("timed_out"))
        .body("runner", equalTo("default"));
    fault(execute("{\"name\": \"slow\", \"runner\": \"none\"}"), "runner");
  }

  @Test
  void aToolOfASourceGetsTheSecretsThatItDeclares() {
    mine.json().body("{\"name\": \"TOKEN\", \"value\": \"fake-token\"}").post("/api/v1/secrets");
    mine.json().body("{\"name\": \"MORE\", \"value\": \"fake\"}").post("/api/v1/secrets");
    source(
        "a",
        """
        {"name": "counts", "description": "x", "secrets": ["TOKEN"],
         "content": "echo ${#TOKEN} ${#MORE}"}
        """);

    execute("{\"name\": \"counts\"}").then().body("output", equalTo("10 0"));
    execute("{\"name\": \"counts\", \"secrets\": [\"MORE\"]}")
        .then()
        .body("output", equalTo("10 4"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | args.who | is missing",
        "{\"who\": null} | args.who | is missing",
        "{\"who\": \"a\", \"whom\": \"b\"} | args.whom | has no argument",
        "{\"who\": \"a\", \"times\": \"x\"} | args.times | must be a whole number",
        "{\"who\": \"a\", \"greeting\": \"hey\"} | args.greeting | must be one of",
      })
  void refusesArgumentsThatAreNotAsDeclared(String args, String field, String error) {
    source("a", GREETER);

    fault(execute("{\"name\": \"greeter\", \"args\": %s}".formatted(args)), field)
        .body("error.details.error", containsString(error))
        .body("error.message", equalTo("The call of the tool 'greeter' has a fault"));
  }

  @Test
  void asksWhichOfSeveralSources() {
    String first = source("first", KUBECTL);
    String second = source("second", KUBECTL.replace("ran", "second ran"));
    String body = "{\"name\": \"kubectl\", \"args\": {\"command\": \"x\"}, \"source\": \"%s\"}";

    fault(execute("{\"name\": \"kubectl\", \"args\": {\"command\": \"x\"}}"), "source")
        .body(
            "error.details.error",
            equalTo(
                "several sources have the tool 'kubectl'; name one of: first (%s), second (%s)"
                    .formatted(first, second)));
    execute(body.formatted("second")).then().body("output", equalTo("second ran x"));
    execute(body.formatted(first)).then().body("output", equalTo("ran x"));
    fault(execute(body.formatted("third")), "name")
        .body("error.details.error", startsWith("no tool 'kubectl' in a source 'third'"));
  }

  @Test
  void runsNoToolOfAnotherOrganization() {
    source("a", GREETER);

    fault(
            TestOrganization.create("ADMIN")
                .json()
                .body("{\"name\": \"greeter\", \"args\": {\"who\": \"x\"}}")
                .post(TOOLS + "/execute"),
            "name")
        .body("error.details.error", startsWith("no tool 'greeter' in any source"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | name",
        "{\"name\": \"a\\u0000b\"} | name",
        "{\"name\": \"x\", \"source\": \"a\\u0000b\"} | source",
        "{\"name\": \"x\", \"image\": \"y\"} | content",
        "{\"name\": \"x\", \"content\": \"y\", \"source\": \"z\"} | source",
        "{\"name\": \"x\", \"type\": \"y\"} | type",
      })
  void namesTheFieldThatIsWrong(String body, String field) {
    fault(execute(body), field);
  }

  @Test
  void listsExecutions() {
    source("a", GREETER);
    String id =
        execute("{\"name\": \"greeter\", \"args\": {\"who\": \"Ada\"}}").path("execution_id");
    execute("{\"name\": \"fails\", \"content\": \"exit 3\"}");
    String list = TOOLS + "/executions";
    String created = mine.json().get(list + "/" + id).path("created_at");

    mine.json()
        .get(list + "?tool=greeter&status=completed")
        .then()
        .body("total", equalTo(1))
        .body("executions[0].execution_id", equalTo(id))
        .body("executions[0]", hasEntry("name", "greeter"));
    assertThat(mine.json().get(list).<List<String>>path("executions.name"))
        .containsExactly("fails", "greeter");
    assertThat(mine.json().get(list + "?status=failed").<List<String>>path("executions.name"))
        .containsExactly("fails");
    mine.json()
        .get(list + "?created_after=" + created + "&tool=greeter")
        .then()
        .body("total", equalTo(1));
    mine.json()
        .get(list + "?created_before=" + created + "&tool=greeter")
        .then()
        .body("total", equalTo(0));
    fault(mine.json().get(list + "?status=on"), "status");
    fault(mine.json().get(list + "?created_after=yesterday"), "created_after");
    fault(mine.json().get(list + "?created_before=2026-01-01"), "created_before");
  }
}
