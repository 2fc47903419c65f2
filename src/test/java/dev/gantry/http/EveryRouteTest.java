package dev.gantry.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** B1: every route of the OpenAPI document, tried with every key that must not open it. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class EveryRouteTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<Route> OPEN =
      List.of(
          new Route("POST", "/api/v1/hooks/{token}"),
          new Route("GET", "/api/v1/asyncapi"),
          new Route("GET", "/api/v1/schemas/events/{type}.json"),
          new Route("GET", "/api/v1/schemas/workflow.json"));

  /** What a path parameter is filled with so that it names something of the first organization. */
  private final Map<String, String> owned = new HashMap<>();

  private static final String SCHEDULE =
      """
      {"name": "one schedule", "cron": "0 0 1 1 *", "execute": {"definition":
        {"name": "f", "steps": [{"name": "a", "command": "true"}]}}}
      """;

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  private final TestOrganization foreign = TestOrganization.create("ADMIN");

  record Route(String method, String path) {
    String group() {
      return path.split("/", -1)[3];
    }

    boolean reads() {
      return method.equals("GET");
    }
  }

  private static List<Route> routes() throws IOException {
    JsonNode document =
        JSON.readTree(given().get("/api/v1/openapi?format=json").then().extract().asByteArray());
    List<Route> routes = new ArrayList<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method ->
                            routes.add(new Route(method.toUpperCase(Locale.ROOT), path.getKey()))));
    assertThat(routes).hasSizeGreaterThan(40);
    return routes;
  }

  @BeforeEach
  void makeOneOfEach() {
    String inline =
        """
        {"name": "s", "type": "inline", "tools": [{"name": "t", "description": "d", "content": "true"}],
         "workflows": [{"name": "w", "steps": [{"name": "a", "command": "true"}]}]}
        """;
    owned.put("agents", made("/agents", "{\"name\": \"a\", \"llm_model\": \"none\"}", "uuid"));
    owned.put("chat", owned.get("agents"));
    String message = "{\"agent_uuid\": \"%s\", \"message\": \"m\"}";
    owned.put(
        "chat/executions", made("/chat", message.formatted(owned.get("agents")), "execution_id"));
    owned.put("integrations", made("/integrations", "{\"name\": \"i\", \"type\": \"t\"}", "uuid"));
    owned.put("webhooks", made("/webhooks", "{\"name\": \"h\"}", "uuid"));
    String replay = "{\"topic\": \"t\", \"since\": \"2026-01-01T00:00:00Z\"}";
    owned.put("events/replay", made("/events/replay", replay, "replay_id"));
    owned.put("queues", made("/queues", "{\"name\": \"q\", \"max_active_runs\": 1}", "name"));
    owned.put("schedules", made("/schedules", SCHEDULE, "uuid"));
    owned.put("secrets", made("/secrets", "{\"name\": \"S\", \"value\": \"v\"}", "name"));
    owned.put("api-keys", made("/api-keys", "{\"name\": \"k\", \"role\": \"viewer\"}", "uuid"));
    String runner = "r-" + mine.id();
    owned.put(
        "runners",
        made("/runners", "{\"name\": \"" + runner + "\", \"type\": \"kubernetes\"}", "name"));
    String source = made("/sources", inline, "uuid");
    owned.put("sources", source);
    owned.put("sources/scans", scanned(source));
    owned.put("tools", first("tools"));
    owned.put("workflows", first("workflows"));
    owned.put(
        "tools/executions",
        made("/tools/execute", "{\"name\": \"t\", \"content\": \"true\"}", "execution_id"));
    owned.put(
        "workflows/executions",
        made("/workflows/execute", "{\"workflow\": \"w\"}", "execution_id"));
  }

  private String made(String path, String body, String id) {
    Response answer = mine.json().body(body).post("/api/v1" + path);
    assertThat(answer.statusCode()).as(path + answer.asString()).isBetween(200, 202);
    return answer.path(id);
  }

  private String scanned(String source) {
    String scan = mine.json().post("/api/v1/sources/" + source + "/sync").path("scan_id");
    assertThat(
            mine.json().get("/api/v1/sources/scans/" + scan + "?wait=30s").<String>path("status"))
        .isEqualTo("completed");
    return scan;
  }

  private String first(String list) {
    return mine.json().get("/api/v1/" + list).path(list + "[0].uuid");
  }

  /** The path with its parameters filled in; fails for a route that this test does not know yet. */
  private String filled(Route route) {
    if (route.path.contains("/runner/")) {
      return route.path.replaceAll("\\{[a-z]+}", "0");
    }
    String kind = route.path.substring("/api/v1/".length()).replaceAll("/\\{.*", "");
    if (route.path.contains("{")) {
      assertThat(owned)
          .as("what names one of the first organization in " + route)
          .containsKey(kind);
    }
    return route.path.replaceAll("\\{[a-z_]+}", String.valueOf(owned.get(kind)));
  }

  private Response call(RequestSpecification with, Route route) {
    return with.contentType("application/json")
        .accept("*/*")
        .body(route.reads() ? "" : "{}")
        .request(route.method, filled(route));
  }

  private static void assertRefused(Response answer, Route route, int status, String code) {
    assertThat(answer.statusCode()).as(route + answer.asString()).isEqualTo(status);
    assertThat(answer.<String>path("error.code")).isEqualTo(code);
    assertThat(answer.<String>path("request_id")).isEqualTo(answer.header("X-Request-Id"));
  }

  private TestOrganization key(String role, String scope) {
    String body = "{\"name\": \"x\", \"role\": \"%s\", \"scopes\": [\"%s\"]}";
    String key = mine.json().body(body.formatted(role, scope)).post("/api/v1/api-keys").path("key");
    return new TestOrganization(mine.id(), key);
  }

  @TestFactory
  Stream<DynamicTest> refusesWhoHasNoRight() throws IOException {
    return routes().stream()
        .filter(route -> !OPEN.contains(route))
        .map(
            route -> DynamicTest.dynamicTest(route.method + " " + route.path, () -> tryAll(route)));
  }

  /** The reviewed list: a route that opens without a key belongs here, or is a mistake. */
  @Test
  void onlyHooksAreOpen() throws IOException {
    assertThat(routes()).containsAll(OPEN);
    for (Route route : routes()) {
      String path = route.path.replaceAll("\\{[a-z_]+}", "x");
      assertThat(OpenRoutes.isOpen(route.method, path))
          .as(route + "")
          .isEqualTo(OPEN.contains(route));
    }
  }

  private void tryAll(Route route) {
    assertRefused(call(given(), route), route, 401, "AUTHENTICATION_ERROR");
    TestOrganization wrong = new TestOrganization(mine.id(), mine.key() + "x");
    assertRefused(call(wrong.json(), route), route, 401, "AUTHENTICATION_ERROR");
    assertRefused(call(revoked().json(), route), route, 401, "AUTHENTICATION_ERROR");
    String otherScope = route.group().equals("chat") ? "agents" : "chat";
    assertRefused(call(key("admin", otherScope).json(), route), route, 403, "AUTHORIZATION_ERROR");
    if (!route.reads()) {
      assertRefused(
          call(
              key("viewer", route.group().equals("runner") ? "chat" : route.group()).json(), route),
          route,
          403,
          "AUTHORIZATION_ERROR");
    }
    if (route.path.contains("{") && !route.group().equals("runner")) {
      assertRefused(call(foreign.json(), route), route, 404, "NOT_FOUND");
    }
  }

  private TestOrganization revoked() {
    Response made =
        mine.json().body("{\"name\": \"x\", \"role\": \"admin\"}").post("/api/v1/api-keys");
    TestOrganization key = new TestOrganization(mine.id(), made.path("key"));
    assertThat(key.json().get("/api/v1/agents").statusCode()).isEqualTo(200);
    mine.json().delete("/api/v1/api-keys/" + made.path("uuid"));
    return key;
  }

  /** A scope exists for each group of routes, so that none is open to narrow keys by accident. */
  @Test
  void everyGroupHasAScope() throws IOException {
    TreeSet<String> groups = new TreeSet<>();
    routes().forEach(route -> groups.add(route.group()));
    groups.removeAll(List.of("runner", "hooks", "schemas", "asyncapi"));
    assertThat(Scopes.GROUPS).containsAll(groups);
  }
}
