package dev.gantry.agents;

import static dev.gantry.testing.TopicReader.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TopicReader;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks the agents' section of the API, request by request. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class AgentsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String AGENTS = "/api/v1/agents";
  private static final String EVENTS = GantryServers.TOPIC_PREFIX + ".events";

  private final TestOrganization mine = TestOrganization.create("ADMIN");

  private static final String DEVOPS_AGENT =
      """
      {"name": "DevOps Agent", "description": "Handles DevOps automation tasks",
       "environment_variables": {"AWS_REGION": "us-west-2", "DEBUG": "true"},
       "runner": "default", "ai_instructions": "You are a helpful DevOps automation assistant",
       "llm_model": "gpt-4", "webhook":
         {"method": "slack", "destination": "#alerts", "prompt": "Process this alert"}}
      """;

  private Response create(String body) {
    return mine.json().body(body).post(AGENTS);
  }

  private String created(String body) {
    return create(body).then().statusCode(201).extract().path("uuid");
  }

  private String named(String name) {
    return named(name, "");
  }

  private String named(String name, String description) {
    return mine.json()
        .body(Map.of("name", name, "description", description))
        .post(AGENTS)
        .then()
        .statusCode(201)
        .extract()
        .path("uuid");
  }

  private Response put(String uuid, String body) {
    return mine.json().body(body).put(AGENTS + "/" + uuid);
  }

  private static JsonNode tree(Response answer) throws IOException {
    return JSON.readTree(answer.asByteArray());
  }

  /** The tree with ids and times, once they have been looked at, replaced by their kind. */
  private static JsonNode shape(JsonNode agent) {
    Map<String, Object> fields = new LinkedHashMap<>();
    agent.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    assertThat(UUID.fromString(agent.get("uuid").textValue()).version()).isEqualTo(7);
    fields.put("uuid", "ID");
    for (String time : List.of("created_at", "updated_at")) {
      assertThat(Instant.parse(agent.get(time).textValue()))
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
  void createsAsTheReferenceShows() throws IOException {
    Response answer = create(DEVOPS_AGENT);

    answer.then().statusCode(201).header("ETag", "\"0\"");
    assertThat(answer.header("Location")).endsWith(AGENTS + "/" + answer.path("uuid"));
    mine.json().get(answer.header("Location")).then().statusCode(200);
    assertThat(shape(tree(answer)))
        .isEqualTo(
            JSON.readTree(
                """
                {"uuid": "ID", "name": "DevOps Agent",
                 "description": "Handles DevOps automation tasks", "status": "active",
                 "created_at": "TIME", "updated_at": "TIME"}
                """));
  }

  @Test
  void getsAsTheReferenceShows() throws IOException {
    String uuid = created(DEVOPS_AGENT);

    Response answer = mine.json().get(AGENTS + "/" + uuid);

    answer.then().statusCode(200).header("ETag", "\"0\"");
    assertThat(tree(answer).get("uuid").textValue()).isEqualTo(uuid);
    assertThat(shape(tree(answer)))
        .isEqualTo(
            JSON.readTree(
                """
                {"uuid": "ID", "name": "DevOps Agent",
                 "description": "Handles DevOps automation tasks", "status": "active",
                 "created_at": "TIME", "updated_at": "TIME", "sources": [],
                 "environment_variables": {"AWS_REGION": "us-west-2", "DEBUG": "true"},
                 "secrets": [], "runner": "default",
                 "ai_instructions": "You are a helpful DevOps automation assistant",
                 "llm_model": "gpt-4", "webhook":
                  {"method": "slack", "destination": "#alerts", "prompt": "Process this alert"}}
                """));
  }

  @Test
  void listsAsTheReferenceShows() throws IOException {
    created(DEVOPS_AGENT);

    JsonNode answer = tree(mine.json().get(AGENTS));

    assertThat(answer.fieldNames())
        .toIterable()
        .containsExactly("agents", "total", "limit", "offset", "has_more");
    assertThat(answer.get("total").intValue()).isEqualTo(1);
    assertThat(answer.get("limit").intValue()).isEqualTo(50);
    assertThat(answer.get("offset").intValue()).isEqualTo(0);
    assertThat(answer.get("has_more").booleanValue()).isFalse();
    assertThat(shape(answer.get("agents").get(0)))
        .isEqualTo(
            JSON.readTree(
                """
                {"uuid": "ID", "name": "DevOps Agent",
                 "description": "Handles DevOps automation tasks", "status": "active",
                 "created_at": "TIME", "updated_at": "TIME", "sources": [],
                 "environment_variables": {"AWS_REGION": "us-west-2", "DEBUG": "true"},
                 "secrets": [], "runner": "default", "webhook":
                  {"method": "slack", "destination": "#alerts", "prompt": "Process this alert"}}
                """));
  }

  @Test
  void updatesOnlyWhatIsNamed() {
    String uuid = created(DEVOPS_AGENT);

    put(
            uuid,
            """
            {"name": "Updated DevOps Agent", "description": "Enhanced DevOps automation tasks",
             "environment_variables":
               {"AWS_REGION": "us-east-1", "DEBUG": "false", "LOG_LEVEL": "info"},
             "llm_model": null}
            """)
        .then()
        .statusCode(200)
        .header("ETag", "\"1\"");

    mine.json()
        .get(AGENTS + "/" + uuid)
        .then()
        .header("ETag", "\"1\"")
        .body("name", equalTo("Updated DevOps Agent"))
        .body("description", equalTo("Enhanced DevOps automation tasks"))
        .body("environment_variables.size()", equalTo(3))
        .body("environment_variables.LOG_LEVEL", equalTo("info"))
        .body("runner", equalTo("default"))
        .body("llm_model", equalTo("gpt-4"))
        .body("ai_instructions", equalTo("You are a helpful DevOps automation assistant"))
        .body("webhook.destination", equalTo("#alerts"));
  }

  @Test
  void takesAwayWhatIsGivenEmpty() {
    String uuid = created(DEVOPS_AGENT);

    Response answer =
        put(
            uuid,
            """
            {"description": "", "environment_variables": {}, "runner": "", "ai_instructions": "",
             "llm_model": "", "webhook": {}}
            """);

    assertThat(answer.<Map<String, Object>>path("$"))
        .containsEntry("description", "")
        .containsEntry("environment_variables", Map.of())
        .doesNotContainKeys("runner", "ai_instructions", "llm_model", "webhook");
  }

  @Test
  void deletesAsTheReferenceShows() {
    String uuid = named("short-lived");

    Response answer = mine.json().delete(AGENTS + "/" + uuid);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.asString()).isEqualTo("{\"message\":\"Agent deleted successfully\"}");
    mine.json().get(AGENTS + "/" + uuid).then().statusCode(404);
    mine.json().delete(AGENTS + "/" + uuid).then().statusCode(404);
  }

  @Test
  void tellsOfEveryChangeInOrderWithoutAGap() throws IOException {
    String uuid = named("told");
    put(uuid, "{\"name\": \"told again\", \"status\": \"inactive\"}").then().statusCode(200);
    put(uuid, "{\"description\": \"x\"}").then().statusCode(200);
    mine.json().delete(AGENTS + "/" + uuid).then().statusCode(200);

    List<ConsumerRecord<String, byte[]>> events =
        TopicReader.read(
            EVENTS,
            uuid,
            found -> found.stream().anyMatch(e -> header(e, "ce_type").equals("agent.deleted")));

    assertThat(events.stream().map(e -> header(e, "ce_type")))
        .containsExactly("agent.created", "agent.updated", "agent.updated", "agent.deleted");
    assertThat(events.stream().map(e -> header(e, "ce_sequence")))
        .containsExactly("1", "2", "3", "4");
    assertThat(JSON.readTree(events.get(0).value()))
        .isEqualTo(
            JSON.valueToTree(
                Map.of("agent", Map.of("uuid", uuid, "name", "told", "status", "active"))));
    assertThat(JSON.readTree(events.get(1).value()).at("/agent/status").textValue())
        .isEqualTo("inactive");
  }

  @Test
  void countsTheEventsOfChangesThatComeAtOnce() {
    String uuid = named("busy");

    IntStream.range(0, 16)
        .parallel()
        .forEach(i -> put(uuid, "{\"description\": \"" + i + "\"}").then().statusCode(200));

    List<ConsumerRecord<String, byte[]>> events =
        TopicReader.read(EVENTS, uuid, found -> found.size() >= 17);
    assertThat(events.stream().map(e -> Integer.valueOf(header(e, "ce_sequence"))))
        .isEqualTo(IntStream.rangeClosed(1, 17).boxed().toList());
  }

  @Test
  void tellsOfNothingThatWasNotChanged() throws IOException {
    String uuid = named("first");
    named("second");
    put(uuid, "{\"name\": \"second\"}").then().statusCode(409);
    put(uuid, "{\"name\": \"third\"}").then().statusCode(200);

    List<ConsumerRecord<String, byte[]>> events =
        TopicReader.read(EVENTS, uuid, found -> found.size() >= 2);

    assertThat(header(events.get(1), "ce_sequence")).isEqualTo("2");
    assertThat(JSON.readTree(events.get(1).value()).at("/agent/name").textValue())
        .isEqualTo("third");
  }

  @Test
  void refusesANameThatIsTaken() {
    named("taken");

    create("{\"name\": \"taken\"}")
        .then()
        .statusCode(409)
        .body("error.code", equalTo("CONFLICT"))
        .body("error.details.field", equalTo("name"));
    TestOrganization.create("ADMIN")
        .json()
        .body("{\"name\": \"taken\"}")
        .post(AGENTS)
        .then()
        .statusCode(201);
  }

  @Test
  void changesOnlyTheVersionThatTheCallerHasSeen() {
    String uuid = named("seen");
    put(uuid, "{\"description\": \"newer\"}").then().statusCode(200);

    mine.json()
        .header("If-Match", "\"0\"")
        .body("{\"description\": \"older\"}")
        .put(AGENTS + "/" + uuid)
        .then()
        .statusCode(412)
        .body("error.code", equalTo("CONFLICT"))
        .body("error.details.etag", equalTo("\"1\""));
    mine.json().header("If-Match", "W/\"1\"").delete(AGENTS + "/" + uuid).then().statusCode(412);
    mine.json()
        .get(AGENTS + "/" + uuid)
        .then()
        .header("ETag", "\"1\"")
        .body("description", equalTo("newer"));
    mine.json()
        .header("If-Match", "\"7\", \"1\"")
        .body("{\"description\": \"newest\"}")
        .put(AGENTS + "/" + uuid)
        .then()
        .statusCode(200)
        .header("ETag", "\"2\"");
  }

  @Test
  void showsAnotherOrganizationNothing() {
    String uuid = named("mine");
    TestOrganization other = TestOrganization.create("ADMIN");

    Stream.of(
            other.json().get(AGENTS + "/" + uuid),
            other.json().body("{\"name\": \"theirs\"}").put(AGENTS + "/" + uuid),
            other.json().delete(AGENTS + "/" + uuid))
        .forEach(
            answer ->
                answer.then().statusCode(404).body("error.details.resource", equalTo("Agent")));
    other.json().get(AGENTS).then().body("total", equalTo(0)).body("agents.size()", equalTo(0));
    mine.json().get(AGENTS + "/" + uuid).then().body("name", equalTo("mine"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "01890000-0000-7000-8000-000000000000",
        "exec-0",
        "1-1-1-1-1",
        "%27",
        "%00"
      })
  void doesNotFind(String uuid) {
    mine.json()
        .urlEncodingEnabled(false)
        .get(AGENTS + "/" + uuid)
        .then()
        .statusCode(404)
        .body("error.code", equalTo("NOT_FOUND"));
  }

  @Test
  void letsAViewerReadOnly() {
    TestOrganization viewer = TestOrganization.create("VIEWER");

    viewer.json().get(AGENTS).then().statusCode(200);
    viewer.json().body("{\"name\": \"x\"}").post(AGENTS).then().statusCode(403);
  }

  @Test
  void tellsAllThatIsWrongAtOnce() {
    Response answer =
        create(
            """
            {"description": "nul \\u0000", "status": "on", "sources": ["source-uuid-1"],
             "environment_variables": {"1X": "a"}, "secrets": ["AWS_ACCESS_KEY_ID"],
             "runner": "nobody", "llm_model": " ",
             "webhook": {"method": "http", "destination": "no address"}}
            """);

    fault(answer, "name").body("error.details.error", equalTo("is required"));
    assertThat(answer.<List<String>>path("error.details.faults.field"))
        .containsExactly(
            "name",
            "description",
            "status",
            "environment_variables.1X",
            "llm_model",
            "webhook.destination",
            "sources",
            "secrets",
            "runner");
    assertThat(answer.<List<String>>path("error.details.faults.error"))
        .contains("no source 'source-uuid-1'", "no secret 'AWS_ACCESS_KEY_ID'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | name",
        "{\"name\": null} | name",
        "{\"name\": \"\"} | name",
        "{\"name\": \"a\\nb\"} | name",
        "{\"name\": {}} | name",
        "{\"name\": \"x\", \"nmae\": \"y\"} | nmae",
        "{\"name\": \"x\", \"sources\": \"y\"} | sources",
        "{\"name\": \"x\", \"sources\": [null]} | sources[0]",
        "{\"name\": \"x\", \"environment_variables\": {\"A\": null}} | environment_variables.A",
        "{\"name\": \"x\", \"environment_variables\": {\"A\": []}} | environment_variables.A",
        "{\"name\": \"x\", \"webhook\": {\"method\": \"slack\"}} | webhook.destination",
        "{\"name\": \"x\", \"webhook\": {\"destination\": \"y\"}} | webhook.method",
        "{\"name\": \"x\", \"webhook\": {\"url\": \"y\"}} | webhook.url",
        "[] | body",
      })
  void namesTheFieldThatIsWrong(String body, String field) {
    fault(create(body), field);
  }

  @Test
  void needsABody() {
    fault(mine.json().post(AGENTS), "body");
    fault(mine.json().put(AGENTS + "/" + named("x")), "body");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=101",
        "limit=x",
        "offset=-1",
        "active=yes",
        "sort=id",
        "sort=--name",
        "sort=name%3Bdrop%20table%20agents",
        "filter=%00"
      })
  void namesABadParameter(String query) {
    Response answer = mine.json().urlEncodingEnabled(false).get(AGENTS + "?" + query);

    fault(answer, query.substring(0, query.indexOf('=')));
  }

  @Test
  void tellsByWhatAListCanBeSorted() {
    fault(mine.json().get(AGENTS + "?sort=id"), "sort")
        .body("error.details.error", containsString("created_at, name, updated_at"));
  }

  private List<String> names(String... query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < query.length; i += 2) {
      parameters.put(query[i], query[i + 1]);
    }
    Response answer = mine.json().queryParams(parameters).get(AGENTS);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.path("agents.name");
  }

  @Test
  void filtersByTextInNameOrDescription() {
    named("100% sure", "x");
    named("under_score", "it's");
    named("back\\slash", "Ärger");
    named("plain", "x");

    assertThat(names("filter", "%")).containsExactly("100% sure");
    assertThat(names("filter", "_")).containsExactly("under_score");
    assertThat(names("filter", "\\")).containsExactly("back\\slash");
    assertThat(names("filter", "IT'S")).containsExactly("under_score");
    assertThat(names("filter", "ärger")).containsExactly("back\\slash");
    assertThat(names("filter", "'; drop table agents; --")).isEmpty();
    assertThat(names("filter", "' or '1'='1")).isEmpty();
    assertThat(names("filter", "plainx")).isEmpty();
    assertThat(names("filter", "")).hasSize(4);
  }

  @Test
  void filtersByActive() {
    named("on");
    created("{\"name\": \"off\", \"status\": \"inactive\"}");

    assertThat(names("active", "true")).containsExactly("on");
    assertThat(names("active", "false")).containsExactly("off");
    assertThat(names("active", "false", "filter", "on")).isEmpty();
  }

  private int total(String query) {
    return mine.json().get(AGENTS + "?" + query).path("total");
  }

  @Test
  void countsAgainAfterEveryChange() {
    assertThat(total("active=true")).isEqualTo(0);
    String uuid = named("counted");
    assertThat(total("active=true")).isEqualTo(1);
    put(uuid, "{\"status\": \"inactive\"}").then().statusCode(200);
    assertThat(total("active=true")).isEqualTo(0);
    assertThat(total("filter=counted")).isEqualTo(1);
    mine.json().delete(AGENTS + "/" + uuid).then().statusCode(200);
    assertThat(total("filter=counted")).isEqualTo(0);
  }

  @ParameterizedTest
  @CsvSource({
    "name, a b c d e",
    "-name, e d c b a",
    "created_at, c a e b d",
    "-created_at, d b e a c",
    "updated_at, a e b d c",
    "-updated_at, c d b e a",
  })
  void pagesInEveryOrder(String sort, String expected) {
    String first = named("c");
    Stream.of("a", "e", "b", "d").forEach(this::named);
    put(first, "{}").then().statusCode(200);
    List<String> all = List.of(expected.split(" ", -1));

    assertThat(names("sort", sort)).isEqualTo(all);
    for (int offset = 0; offset < 6; offset++) {
      assertThat(names("sort", sort, "limit", "2", "offset", "" + offset))
          .isEqualTo(all.subList(Math.min(5, offset), Math.min(5, offset + 2)));
    }
    mine.json().get(AGENTS + "?limit=2&offset=2").then().body("has_more", equalTo(true));
    mine.json().get(AGENTS + "?limit=2&offset=3").then().body("has_more", equalTo(false));
    mine.json().get(AGENTS + "?offset=99").then().body("total", equalTo(5));
  }
}
