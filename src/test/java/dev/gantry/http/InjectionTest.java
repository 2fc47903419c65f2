package dev.gantry.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.testing.ConsoleLog;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.Servers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TestSources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * B8: what a caller sends stays data, whichever language it is written in. The rest of the promise
 * is kept where its code is: {@code dev.gantry.workflows.DocumentLimitsTest} (tags, aliases and
 * merges of YAML), {@code dev.gantry.workflows.SubstitutionTest} (markers in values), {@code
 * dev.gantry.agents.AgentsTest} (wildcards in a filter are letters) and {@code
 * dev.gantry.integrations.IntegrationsTest} ({@code __proto__} in a configuration).
 */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class InjectionTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String API = "/api/v1";
  private static final List<String> SQL =
      List.of(
          "' or 1=1 --",
          "') or ('1'='1",
          "\"; drop table agents; --",
          "name desc; select pg_sleep(9)",
          "name, (select 1)",
          "$1",
          ":organization",
          "%",
          "_",
          "\\",
          "\\'");

  private static final String SCHEDULE =
      """
      {"name": "one schedule", "cron": "0 0 1 1 *", "execute": {"definition":
        {"name": "f", "steps": [{"name": "a", "command": "true"}]}}}
      """;

  private final TestOrganization mine = TestOrganization.create("ADMIN");

  private record Route(String method, String path, JsonNode operation, JsonNode document) {
    boolean isOne() {
      return path.contains("{");
    }

    List<String> queries() {
      List<String> names = new ArrayList<>();
      for (JsonNode each : operation.path("parameters")) {
        JsonNode parameter =
            each.has("$ref") ? document.at(each.get("$ref").asText().substring(1)) : each;
        if (parameter.path("in").asText().equals("query")) {
          names.add(parameter.path("name").asText());
        }
      }
      return names;
    }
  }

  private static List<Route> routes(String method) throws IOException {
    JsonNode document =
        JSON.readTree(given().get(API + "/openapi?format=json").then().extract().asByteArray());
    List<Route> routes = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      JsonNode operation = path.getValue().path(method);
      if (!operation.isMissingNode()) {
        routes.add(
            new Route(
                method.toUpperCase(java.util.Locale.ROOT), path.getKey(), operation, document));
      }
    }
    return routes;
  }

  private Response made(String path, String body) {
    Response answer = mine.json().body(body).post(API + path);
    assertThat(answer.statusCode()).as(path + answer.asString()).isBetween(200, 202);
    return answer;
  }

  private void makeOneOfEach() {
    String agent =
        made("/agents", "{\"name\": \"one agent\", \"llm_model\": \"none\"}").path("uuid");
    made("/chat", "{\"agent_uuid\": \"%s\", \"message\": \"hello\"}".formatted(agent));
    made("/integrations", "{\"name\": \"one\", \"type\": \"one type\"}");
    made("/webhooks", "{\"name\": \"one hook\"}");
    made("/secrets", "{\"name\": \"ONE\", \"value\": \"example-value-not-secret\"}");
    made("/queues", "{\"name\": \"one\", \"max_active_runs\": 1}");
    made("/schedules", SCHEDULE);
    made("/runners", "{\"name\": \"r-" + mine.id() + "\", \"type\": \"kubernetes\"}");
    made("/api-keys", "{\"name\": \"one key\", \"role\": \"viewer\"}");
    TestSources.scanned(
        mine,
        """
        {"name": "one", "type": "inline", "tools": [{"name": "one tool", "description": "d", "content": "true"}],
         "workflows": [{"name": "one flow", "steps": [{"name": "a", "command": "true"}]}]}
        """);
    made("/tools/execute?wait=30s", "{\"name\": \"one tool\"}");
    made("/workflows/execute?wait=30s", "{\"workflow\": \"one flow\"}");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private Response asked(String method, String path) {
    return mine.json().urlEncodingEnabled(false).request(method, path);
  }

  @Test
  void sqlInAParameterSelectsNothingOrIsRefused() throws IOException {
    makeOneOfEach();
    int tried = 0;
    for (Route list : routes("get")) {
      if (list.isOne()
          || list.path.contains("/schemas")
          || list.path.contains("/asyncapi")
          || list.path.contains("/admin")
          || list.path.contains("/events")) {
        continue;
      }
      assertThat(asked("GET", list.path).<Integer>path("total")).as(list.path).isPositive();
      for (String parameter : list.queries()) {
        for (String sql : SQL) {
          Response answer = asked("GET", list.path + "?" + parameter + "=" + encoded(sql));
          if (answer.statusCode() == 200) {
            assertThat(answer.<Integer>path("total")).as(answer.asString()).isZero();
          } else {
            answer.then().statusCode(400).body("error.details.field", equalTo(parameter));
          }
          tried++;
        }
      }
    }
    assertThat(tried).isGreaterThan(40 * SQL.size());
  }

  @Test
  void sqlInAFilterOfEventsFindsNone() {
    for (String sql : SQL) {
      Response answer = asked("GET", "/api/v1/events?subject=" + encoded(sql));
      assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
      assertThat(answer.<List<?>>path("events")).as(sql).isEmpty();
      asked("GET", "/api/v1/events?type=" + encoded(sql)).then().statusCode(400);
    }
  }

  @Test
  void sqlInAPathNamesNothing() throws IOException {
    makeOneOfEach();
    for (String method : List.of("get", "delete")) {
      for (Route route : routes(method)) {
        if (!route.isOne() || route.path.contains("/runner/")) {
          continue;
        }
        for (String sql : SQL) {
          String path = route.path.replaceAll("\\{[a-z_]+}", encoded(sql));
          asked(route.method, path).then().statusCode(404).body("error.code", equalTo("NOT_FOUND"));
        }
      }
    }
    for (String list : List.of("agents", "integrations", "secrets", "sources", "tools")) {
      mine.json().get(API + "/" + list).then().body("total", equalTo(1));
    }
  }

  @Test
  void aMarkerInAValueIsNeverExpanded() {
    String marker = "{{ .OTHER }} ${OTHER} ${OTHER:-x} $(id) `id` %s";
    ObjectMapper json = JSON;
    var body = json.createObjectNode().put("type", "inline");
    body.put(
        "definition",
        """
        name: markers
        params: {VALUE: "", OTHER: expanded}
        env:
          FIRST: ${VALUE}
          SECOND: ${FIRST}
        steps:
          - {name: text, command: "printf '%s' '${VALUE}'", output: OUT}
          - {name: env, command: 'printf "%s" "$SECOND"'}
          - {name: own, command: 'printf "%s" "$OWN"', env: {OWN: "${SECOND}"}}
          - {name: output, command: "printf '%s' '${OUT}'"}
        """);
    body.putObject("variables").put("VALUE", marker);

    made("/workflows/execute?wait=30s", body.toString())
        .then()
        .statusCode(200)
        .body("status", equalTo("completed"))
        .body("steps.output", equalTo(List.of(marker, marker, marker, marker)));

    var tool = json.createObjectNode().put("name", "markers");
    tool.put("content", "printf '%s|%s' '{{ .value }}' \"$value\"");
    tool.putObject("args").put("value", marker).put("OTHER", "expanded");
    made("/tools/execute?wait=30s", tool.toString())
        .then()
        .body("output", equalTo(marker + "|" + marker));
    mine.json()
        .body("{\"name\": \"{{ .OTHER }} ${jndi:ldap://127.0.0.1/a} #{7*7}\"}")
        .post(API + "/agents")
        .then()
        .statusCode(201)
        .body("name", equalTo("{{ .OTHER }} ${jndi:ldap://127.0.0.1/a} #{7*7}"));
  }

  @Test
  void nothingThatComesInForgesALineOfTheLog() throws Exception {
    String mark = "mark-" + UUID.randomUUID();
    String forged = mark + "\r\n2026-01-01 INFO forged\u001b[2J\u202e\u2028end";
    try (ConsoleLog log = new ConsoleLog()) {
      asked("GET", API + "/agents/" + encoded(forged)).then().statusCode(404);
      poison(forged);
      Logger.getLogger("dev.gantry.example")
          .errorf(
              new IllegalStateException(forged, new IOException(forged)), "it failed: %s", forged);

      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> log.events().stream().filter(event -> event.contains(mark)).count() >= 3);
      List<String> events = log.events().stream().filter(event -> event.contains(mark)).toList();
      assertThat(events)
          .allSatisfy(event -> assertThat(event).doesNotContainPattern("[\\x00-\\x08\\x0b-\\x1f]"))
          .allSatisfy(event -> assertThat(event).doesNotContainPattern("[\\u202e\\u2028]"))
          .allSatisfy(event -> assertThat(event.lines()).noneMatch(l -> l.startsWith("2026-01-01")))
          .anySatisfy(event -> assertThat(event).contains("dead letter from").hasLineCount(1))
          .anySatisfy(event -> assertThat(event).contains("GET /api/v1/agents").hasLineCount(1))
          .anySatisfy(
              event ->
                  assertThat(event)
                      .contains("it failed: " + mark + "\\r\\n2026-01-01 INFO forged\\u001b[2J")
                      .contains("Caused by: java.io.IOException: " + mark + "\\r\\n")
                      .contains("at dev.gantry.http.InjectionTest."));
    }
  }

  /** A message that cannot be read, whose text is in the reason for which it is refused. */
  private static void poison(String text) throws Exception {
    Map<String, Object> config = Map.of("bootstrap.servers", Servers.get().kafka());
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
      byte[] value = JSON.writeValueAsBytes(Map.of("sequence", text.replace("\r\n", "\u001b")));
      producer
          .send(new ProducerRecord<>(GantryServers.TOPIC_PREFIX + ".heartbeats", "k", value))
          .get();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a b", "a\tb", "a;b=c", "é", "<script>", "a\rSet-Cookie: x=1", "a\u0000b", ""})
  void aRequestIdThatIsNoneIsNotTakenOver(String id) throws IOException {
    String head = raw("GET /api/v1/agents HTTP/1.1\r\nX-Request-Id: " + id + "\r\n");
    assertThat(head).doesNotContain("Set-Cookie").startsWith("HTTP/1.1 4");
    if (!head.startsWith("HTTP/1.1 400")) {
      assertThat(head).containsPattern("(?i)x-request-id: req-[0-9a-f-]{36}\r\n");
    }
  }

  @Test
  void aRequestIdThatIsOneIsTakenOver() {
    mine.json()
        .header("X-Request-Id", "Trace-1.a_b")
        .get(API + "/agents")
        .then()
        .header("X-Request-Id", "Trace-1.a_b");
  }

  /** The head of the answer to a request that no client would send. */
  private static String raw(String head) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write((head + "Host: x\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.substring(0, answer.indexOf("\r\n\r\n") + 2);
    }
  }

  @Test
  void noFieldThatComesBackInAHeaderHoldsALineBreak() {
    String name = "A\\r\\nSet-Cookie: x=1";
    for (String body :
        List.of(
            "/secrets {\"name\": \"%s\", \"value\": \"v\"}",
            "/runners {\"name\": \"%s\", \"type\": \"docker\"}",
            "/agents {\"name\": \"%s\"}",
            "/integrations {\"name\": \"%s\", \"type\": \"t\"}",
            "/api-keys {\"name\": \"%s\", \"role\": \"viewer\"}")) {
      String[] request = body.formatted(name).split(" ", 2);
      Response answer = mine.json().body(request[1]).post(API + request[0]);
      answer.then().statusCode(400).body("error.details.field", equalTo("name"));
      assertThat(answer.header("Set-Cookie")).isNull();
    }
    String manifest = API + "/runners/x%0d%0aSet-Cookie:%20x=1/manifest";
    Response answer = asked("GET", manifest);
    answer.then().statusCode(404);
    assertThat(answer.header("Set-Cookie")).isNull();
    mine.json()
        .header("Idempotency-Key", "a\tb")
        .body("{\"name\": \"a\"}")
        .post(API + "/agents")
        .then()
        .statusCode(400);
  }

  @Test
  void whatAProgramPrintsIsNoFrameOfAStream() {
    String id =
        made(
                "/tools/execute?wait=30s",
                """
                {"name": "frames",
                 "content": "printf 'a\\\\r\\\\revent: end\\\\rdata: {}\\\\r\\\\r\\\\n'; echo last"}
                """)
            .path("execution_id");

    String stream =
        mine.json()
            .accept("text/event-stream")
            .get(API + "/tools/executions/" + id + "/logs")
            .asString();

    assertThat(stream.lines().filter(line -> line.equals("event: end"))).hasSize(1);
    assertThat(stream.replace("\n", "")).doesNotContain("\r");
    assertThat(stream.indexOf("last")).isLessThan(stream.indexOf("\nevent: end\n"));
  }

  @Test
  void aDefinitionBuildsNoObjectAndDoesNotExplode() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i));
      bomb.append("*a%d,".formatted(i - 1).repeat(10)).append("]\n");
    }
    String steps = "\nsteps: [{name: a, command: 'true'}]";
    for (String definition :
        List.of(
            "name: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader []]" + steps,
            bomb + "name: bomb" + steps)) {
      mine.json()
          .body(Map.of("type", "inline", "definition", definition))
          .post(API + "/workflows/execute")
          .then()
          .statusCode(400)
          .body("error.code", containsString("VALIDATION_ERROR"));
    }
  }

  @Test
  void keysThatMeanSomethingElsewhereAreKeys() {
    Map<String, String> odd = Map.of("__proto__", "x", "constructor", "y", "toString", "z");
    Response agent =
        mine.json().body(Map.of("name", "odd", "environment_variables", odd)).post(API + "/agents");
    agent.then().statusCode(201);
    mine.json()
        .get(agent.header("Location"))
        .then()
        .body("environment_variables", equalTo(odd))
        .body("status", equalTo("active"));
    mine.json()
        .body("{\"name\": \"p\", \"__proto__\": {\"status\": \"inactive\"}}")
        .post(API + "/agents")
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo("__proto__"));
    mine.json()
        .body("{\"name\": \"p\", \"@class\": \"java.lang.Runtime\"}")
        .post(API + "/agents")
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo("@class"));
  }
}
