package dev.gantry.openapi;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * B11: random and boundary input for every operation of the OpenAPI document. No answer is a
 * failure of the server, and each is as the document says. The seed is in the name of a test that
 * fails; {@code -Dinput.seed=} repeats it.
 */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
@TestProfile(EveryInputTest.NoGitHub.class)
class EveryInputTest {
  /** For each operation; more find more. */
  private static final int INPUTS = Integer.getInteger("gantry.test.inputs", 80);

  private static final int AT_ONCE = 8;
  private static final long SEED = Long.getLong("input.seed", System.nanoTime());

  private static final List<String> MEDIA_TYPES =
      List.of("text/plain", "application/xml", "application/json; charset=utf-16", "x", "*/*");
  private static final List<String> ACCEPTED =
      List.of("text/html", "application/problem+json", "image/*;q=0", "x", "application/yaml");
  private static final List<String> TAGS =
      List.of("\"0\"", "*", "W/\"0\"", "x", "\"", "\"0\",", "\"" + "a".repeat(2_000) + "\"");
  private static final List<String> KEYS = List.of("k", "a".repeat(256), "a b", " ", "same");
  private static final List<String> BROKEN_BODIES =
      List.of(
          "",
          " ",
          "null",
          "true",
          "5",
          "\"text\"",
          "[]",
          "[{}]",
          "{}",
          "{",
          "{\"name\":",
          "{\"name\": \"a\"} {}",
          "{\"name\": \"a\", \"name\": 5}",
          "{\"__proto__\": {\"x\": 1}}",
          "{\"name\": \"\\ud800\"}",
          "{\"name\": \"\\u0000\"}",
          "\ufeff{}",
          "\0",
          "{'name': 'a'}",
          "{\"name\": NaN}",
          "{\"name\": 1e99999}",
          "{\"name\": " + "9".repeat(2_000) + "}",
          "[".repeat(5_000),
          "{\"a\":".repeat(5_000),
          "{\"name\": \"" + "a".repeat(1_000_000) + "\"}");

  private static final String ACTIVITY =
      """
      select concat_ws(' ', pid, state, wait_event, now() - xact_start, pg_blocking_pids(pid), query)
      from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
      """;

  /** Sources whose repository is on GitHub reach nothing. */
  public static class NoGitHub implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("gantry.sources.github-url", "https://127.0.0.1:9");
    }
  }

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final String SCHEDULE =
      """
      {"name": "one schedule", "cron": "0 0 1 1 *", "execute": {"definition":
        {"name": "f", "steps": [{"name": "a", "command": "true"}]}}}
      """;

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  private final Map<String, String> owned = new HashMap<>();
  private final AtomicInteger sent = new AtomicInteger();
  private URI server;
  private Contract contract;
  private String runnerToken;

  @BeforeEach
  void makeOneOfEach() {
    server = URI.create(RestAssured.baseURI + ":" + RestAssured.port);
    contract = Contract.of(server);
    owned.put("agents", made("/agents", "{\"name\": \"a\", \"llm_model\": \"none\"}", "uuid"));
    owned.put("chat", owned.get("agents"));
    String message = "{\"agent_uuid\": \"%s\", \"message\": \"m\"}";
    owned.put(
        "chat/executions", made("/chat", message.formatted(owned.get("agents")), "execution_id"));
    owned.put("integrations", made("/integrations", "{\"name\": \"i\", \"type\": \"t\"}", "uuid"));
    String replay = "{\"topic\": \"t\", \"since\": \"2026-01-01T00:00:00Z\"}";
    owned.put("events/replay", made("/events/replay", replay, "replay_id"));
    owned.put("queues", made("/queues", "{\"name\": \"q\", \"max_active_runs\": 1}", "name"));
    owned.put("schedules", made("/schedules", SCHEDULE, "uuid"));
    owned.put("secrets", made("/secrets", "{\"name\": \"S\", \"value\": \"v\"}", "name"));
    owned.put("api-keys", made("/api-keys", "{\"name\": \"k\", \"role\": \"viewer\"}", "uuid"));
    String runner = "{\"name\": \"r-%s\", \"type\": \"kubernetes\"}".formatted(mine.id());
    runnerToken = made("/runners", runner, "token");
    owned.put("runners", "r-" + mine.id());
    String source =
        made(
            "/sources",
            """
            {"name": "s", "type": "inline", "tools": [{"name": "t", "description": "d", "content": "true"}],
             "workflows": [{"name": "w", "steps": [{"name": "a", "command": "true"}]}]}
            """,
            "uuid");
    owned.put("sources", source);
    owned.put("sources/scans", made("/sources/" + source + "/sync", "{}", "scan_id"));
    String scan = "/api/v1/sources/scans/" + owned.get("sources/scans") + "?wait=30s";
    assertThat(mine.json().get(scan).<String>path("status")).isEqualTo("completed");
    owned.put("tools", mine.json().get("/api/v1/tools").path("tools[0].uuid"));
    owned.put("workflows", mine.json().get("/api/v1/workflows").path("workflows[0].uuid"));
    String webhook = "{\"name\": \"%s\", \"workflow\": \"w\", \"prompt\": \"{{.event.a}}\"}";
    owned.put("webhooks", made("/webhooks", webhook.formatted("h"), "uuid"));
    // Of another one, whose address nobody replaces.
    String address = made("/webhooks", webhook.formatted("i"), "webhook_url");
    owned.put("hooks", address.substring(address.lastIndexOf('/') + 1));
    String run = "/execute?wait=30s";
    owned.put("tools/executions", made("/tools" + run, "{\"name\": \"t\"}", "execution_id"));
    owned.put(
        "workflows/executions", made("/workflows" + run, "{\"workflow\": \"w\"}", "execution_id"));
  }

  private String made(String path, String body, String id) {
    var answer = mine.json().body(body).post("/api/v1" + path);
    assertThat(answer.statusCode()).as(path + answer.asString()).isBetween(200, 202);
    return answer.path(id);
  }

  /** What deletes comes last, so that the others find what they name. */
  @TestFactory
  Stream<DynamicTest> noInputMakesTheServerFailOrLie() {
    return contract.operations().stream()
        .sorted(Comparator.comparing(operation -> operation.method().equals("DELETE")))
        .map(
            operation ->
                DynamicTest.dynamicTest(operation + " seed " + SEED, () -> tryAll(operation)));
  }

  private void tryAll(ApiOperation operation) throws InterruptedException {
    Inputs inputs = new Inputs(SEED + operation.toString().hashCode(), contract.document());
    Semaphore free = new Semaphore(AT_ONCE);
    List<CompletableFuture<String>> faults = new ArrayList<>();
    for (int i = 0; i < INPUTS; i++) {
      free.acquire();
      faults.add(send(operation, inputs, i).whenComplete((done, failed) -> free.release()));
    }
    assertThat(faults.stream().map(CompletableFuture::join).filter(fault -> !fault.isEmpty()))
        .as("%s, %d inputs, seed %d", operation, INPUTS, SEED)
        .isEmpty();
  }

  /** Empty when the answer is as it must be. */
  private CompletableFuture<String> send(ApiOperation operation, Inputs inputs, int number) {
    URI uri = server.resolve(path(operation, inputs) + query(operation, inputs));
    byte[] body = null;
    String text = null;
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30));
    headers(operation, inputs, request);
    if (!operation.requestSchema().isMissingNode()) {
      boolean fixed = number < BROKEN_BODIES.size();
      text = fixed ? BROKEN_BODIES.get(number) : body(operation, inputs);
      boolean otherCharset = !fixed && inputs.chance(0.05);
      String type = !fixed && inputs.chance(0.1) ? inputs.one(MEDIA_TYPES) : "application/json";
      body = otherCharset ? text.getBytes(UTF_16) : text.getBytes(UTF_8);
      text = otherCharset ? null : text;
      request.header("Content-Type", type);
    }
    request.method(
        operation.method(),
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofByteArray(body));
    sent.incrementAndGet();
    String given = text;
    return client
        .sendAsync(request.build(), bodies(operation))
        .handle((answer, failure) -> fault(operation, uri, given, answer, failure));
  }

  /** The stream of all events does not end. */
  private static HttpResponse.BodyHandler<byte[]> bodies(ApiOperation operation) {
    return operation.path().startsWith("/api/v1/events")
        ? FirstBytes.ofStreams()
        : HttpResponse.BodyHandlers.ofByteArray();
  }

  private String fault(
      ApiOperation operation,
      URI uri,
      String body,
      HttpResponse<byte[]> answer,
      Throwable failure) {
    if (failure != null) {
      return "%s %s has no answer: %s\nsent: %s\nthe database does: %s"
          .formatted(operation.method(), uri, failure, body, databaseActivity());
    }
    Exchange exchange = Exchange.of(operation.method(), uri, body, answer);
    try {
      contract.check(exchange);
    } catch (AssertionError notAsDocumented) {
      return notAsDocumented.getMessage();
    }
    return exchange.status() >= 500 ? "the server failed: " + exchange : "";
  }

  /** What a request without an answer may be waiting for. */
  private static String databaseActivity() {
    try (Connection connection = TestOrganization.connect();
        ResultSet rows = connection.createStatement().executeQuery(ACTIVITY)) {
      StringBuilder all = new StringBuilder();
      while (rows.next()) {
        all.append('\n').append(rows.getString(1));
      }
      return all.toString();
    } catch (SQLException unreadable) {
      return unreadable.toString();
    }
  }

  private static String body(ApiOperation operation, Inputs inputs) {
    JsonNode schema = operation.requestSchema();
    if (!inputs.hasFields(schema)) {
      return inputs.odd("").toString();
    }
    return (inputs.chance(0.2) ? inputs.valid(schema) : inputs.broken(schema)).toString();
  }

  private String path(ApiOperation operation, Inputs inputs) {
    String path = operation.path();
    String kind = path.substring("/api/v1/".length()).replaceAll("/\\{.*", "");
    for (JsonNode parameter : operation.parameters()) {
      if (parameter.path("in").asText().equals("path")) {
        boolean real = owned.containsKey(kind) && inputs.chance(0.7);
        String value = real ? owned.get(kind) : odd(inputs);
        String part = value.isEmpty() || value.matches("[.]+") ? "%20" : value;
        path = path.replace("{" + parameter.path("name").asText() + "}", part);
      }
    }
    return path;
  }

  private static String query(ApiOperation operation, Inputs inputs) {
    List<String> pairs = new ArrayList<>();
    for (JsonNode parameter : operation.parameters()) {
      if (parameter.path("in").asText().equals("query") && inputs.chance(0.3)) {
        String name = parameter.path("name").asText();
        pairs.add(name + "=" + encoded(value(name, parameter.path("schema"), inputs)));
      }
    }
    if (inputs.chance(0.05)) {
      pairs.add(odd(inputs) + "=" + odd(inputs));
    }
    return pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
  }

  private static String value(String name, JsonNode schema, Inputs inputs) {
    if (name.equals("wait")) {
      return inputs.one(List.of("1ms", "0s", "", "-1s", "61s", "x", "\0", "1"));
    }
    if (schema.has("enum") && inputs.chance(0.5)) {
      return inputs.one(List.of(schema.get("enum").get(0).asText(), "x"));
    }
    if (schema.path("type").asText().equals("integer") && inputs.chance(0.7)) {
      return inputs.one(
          List.of("0", "1", "-1", "100", "101", "2147483547", "2147483648", "1.0", "+1", "٣"));
    }
    return inputs.oddText();
  }

  private void headers(ApiOperation operation, Inputs inputs, HttpRequest.Builder request) {
    boolean forRunners = operation.path().startsWith("/api/v1/runner/");
    request.header("Authorization", "Bearer " + (forRunners ? runnerToken : mine.key()));
    if (inputs.chance(0.1)) {
      request.header("Accept", inputs.one(ACCEPTED));
    }
    if (inputs.chance(0.1)) {
      request.header("If-Match", inputs.one(TAGS));
    }
    if (inputs.chance(0.1)) {
      request.header("Idempotency-Key", inputs.one(KEYS));
    }
    if (inputs.chance(0.05)) {
      request.header("Last-Event-ID", inputs.one(List.of("x", "0.0", "-1.0", "9".repeat(30))));
    }
    if (inputs.chance(0.05)) {
      request.header("X-Request-Id", inputs.one(List.of("mine", "a b", "x".repeat(65))));
    }
  }

  /** Also bytes that are no UTF-8. */
  private static String odd(Inputs inputs) {
    return inputs.chance(0.1) ? "a%ff%c0%80" : encoded(inputs.oddText());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}
