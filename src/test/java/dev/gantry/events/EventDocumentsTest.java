package dev.gantry.events;

import static dev.gantry.testing.TopicReader.header;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.gantry.platform.Ids;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TopicReader;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The schemas and the AsyncAPI document say what is on Kafka, and nothing else is. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class EventDocumentsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private static final String CLOSED = "additionalProperties";
  private static final Path DOCS = Path.of("docs", "events");

  @SuppressWarnings("unused") // the parameters of a test
  private static final List<String> TYPES = EventTypes.ALL;

  private final TestOrganization mine = TestOrganization.create("ADMIN");

  private static JsonNode get(String path) throws IOException {
    return JSON.readTree(
        given()
            .accept(ContentType.ANY)
            .get("/api/v1" + path)
            .then()
            .statusCode(200)
            .extract()
            .asByteArray());
  }

  private static JsonNode schema(String type) throws IOException {
    return get("/schemas/events/" + type + ".json");
  }

  /** Against a schema that may refer to the document. */
  private static Set<ValidationMessage> faults(JsonNode schema, JsonNode document, JsonNode data) {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", document.path("components").deepCopy());
    return SCHEMAS.getSchema(whole).validate(data);
  }

  /** Open to no field that it does not name. */
  private static JsonNode closed(JsonNode schema) {
    JsonNode copy = schema.deepCopy();
    copy.findParents("properties").forEach(each -> ((ObjectNode) each).put(CLOSED, false));
    return copy;
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void eachTypeHasItsSchemaInTheDocumentationToo(String type) throws IOException {
    JsonNode served = schema(type);
    Path file = DOCS.resolve(type + ".json");
    if (Boolean.getBoolean("golden.write")) {
      Files.createDirectories(DOCS);
      Files.writeString(file, served.toPrettyString() + "\n");
    }

    assertThat(JSON.readTree(Files.readString(file))).isEqualTo(served);
    assertThat(served.get("examples")).hasSize(1);
    assertThat(SCHEMAS.getSchema(closed(served)).validate(served.get("examples").get(0))).isEmpty();
    assertThat(served.path("$id").asText()).isEqualTo(EventTypes.schema(type));
  }

  @Test
  void thereIsNoOtherSchema() {
    given().get("/api/v1/schemas/events/workflow.ended.json").then().statusCode(404);
    assertThat(DOCS.toFile().list()).hasSize(EventTypes.ALL.size());
  }

  /** Each of the document's references leads somewhere, each example is as its schema says. */
  @Test
  void theAsyncApiDocumentIsWhole() throws IOException {
    JsonNode document = get("/asyncapi");

    assertThat(document.path("asyncapi").asText()).isEqualTo("3.0.0");
    assertThat(document.at("/channels/events/address").asText())
        .isEqualTo(GantryServers.TOPIC_PREFIX + ".events");
    for (String reference : document.findValuesAsText("$ref")) {
      assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
    Set<String> told = new HashSet<>();
    document
        .path("channels")
        .forEach(channel -> channel.path("messages").fieldNames().forEachRemaining(told::add));
    for (var message : document.at("/components/messages").properties()) {
      assertThat(told).contains(message.getKey());
      JsonNode payload = message.getValue().path("payload");
      if (!payload.path("format").asText().equals("binary")) {
        JsonNode example = message.getValue().at("/examples/0/payload");
        assertThat(faults(payload, document, example)).as(message.getKey()).isEmpty();
      }
    }
  }

  private String call(String method, String path, String body, String field) {
    Response answer = mine.json().body(body).request(method, "/api/v1" + path);
    assertThat(answer.statusCode()).as(method + path + answer.asString()).isBetween(200, 204);
    return field == null ? null : answer.path(field);
  }

  private void makeAllKindsOfEvents() {
    String agent = "/agents/" + call("POST", "/agents", "{\"name\": \"a\"}", "uuid");
    call("PUT", agent, "{\"description\": \"d\"}", null);
    call("DELETE", agent, "", null);
    String inline =
        """
        {"name": "s", "type": "inline", "workflows": [
          {"name": "child", "steps": [{"name": "a", "command": "true"}]}]}
        """;
    String source = "/sources/" + call("POST", "/sources", inline, "uuid");
    String scan = "/sources/scans/" + call("POST", source + "/sync", "{}", "scan_id");
    call("GET", scan + "?wait=30s", "", null);
    call("PUT", source, "{\"name\": \"t\"}", null);
    String tool = "{\"name\": \"t\", \"content\": \"exit 3\"}";
    call("POST", "/tools/execute?wait=30s", tool, null);
    end(start("{name: a, command: echo a}", "{name: b, command: exit 1, retryPolicy: {limit: 1}}"));
    end(start("{name: a, run: child}"));
    call("DELETE", source, "", null);
    String waiting = start("{name: ask, approval: {message: Really}}", "{name: b, command: echo}");
    await()
        .until(
            () -> call("GET", waiting, "", "steps[0].status"),
            status -> status.startsWith("awaiting"));
    call("POST", waiting + "/pause", "{}", null);
    call("POST", waiting + "/resume", "{}", null);
    call("POST", waiting + "/steps/ask/approve", "{}", null);
    end(waiting);
    String cancelled = start("{name: long, command: sleep 60}");
    call("POST", cancelled + "/cancel", "{}", null);
    end(cancelled);
  }

  private void end(String execution) {
    call("GET", execution + "?wait=30s", "", null);
  }

  private String start(String... steps) {
    String yaml = "{name: w, steps: [%s]}".formatted(String.join(", ", steps));
    String body = JSON.createObjectNode().put("definition", yaml).toString();
    return "/workflows/executions/" + call("POST", "/workflows/execute", body, "execution_id");
  }

  /** But for the poison that a test has put there. */
  private static List<ConsumerRecord<String, byte[]>> all(String channel, Predicate<String> key) {
    return TopicReader.read(
        GantryServers.TOPIC_PREFIX + "." + channel,
        record -> record.key() != null && key.test(record.key()),
        found -> found.size() >= 1);
  }

  private boolean isMine(ConsumerRecord<String, byte[]> record) {
    return mine.id().toString().equals(header(record, "ce_organization"));
  }

  /** What other tests of this JVM have made is looked at, too. */
  @Test
  void whatIsOnKafkaIsAsTheDocumentsSay() throws IOException {
    makeAllKindsOfEvents();
    JsonNode document = get("/asyncapi");
    JsonNode messages = document.at("/components/messages");
    List<String> wrong = new ArrayList<>();

    Set<String> types = new HashSet<>();
    List<ConsumerRecord<String, byte[]>> events =
        TopicReader.read(
            GantryServers.TOPIC_PREFIX + ".events",
            record -> record.headers().lastHeader("ce_specversion") != null,
            found -> found.stream().filter(this::isMine).count() >= 25);
    for (ConsumerRecord<String, byte[]> record : events) {
      CloudEvent event = KafkaMessageFactory.createReader(record).toEvent();
      String type = event.getType();
      types.add(type);
      JsonNode data = JSON.readTree(record.value());
      SCHEMAS
          .getSchema(closed(schema(type)))
          .validate(data)
          .forEach(fault -> wrong.add(type + ": " + fault + " in " + data));
      faults(messages.path(type).path("payload"), closed(document), data)
          .forEach(fault -> wrong.add(type + " in AsyncAPI: " + fault + " in " + data));
      ObjectNode headers = JSON.createObjectNode();
      record.headers().forEach(h -> headers.put(h.key(), header(record, h.key())));
      faults(closed(document.at("/components/schemas/cloud_event_headers")), document, headers)
          .forEach(fault -> wrong.add("headers: " + fault + " in " + headers));
      assertThat(event.getSubject()).isEqualTo(record.key());
      assertThat(event.getExtension("sequence")).isEqualTo(header(record, "ce_sequence"));
      assertThat(event.getDataSchema()).hasToString(EventTypes.schema(type));
    }
    assertThat(types).hasSizeGreaterThan(12);

    Predicate<String> execution = key -> Ids.parse("", key).isPresent();
    Map<String, Predicate<String>> channels =
        Map.of(
            "commands.default",
            execution,
            "steps",
            execution,
            "heartbeats",
            key -> key.startsWith("default/"));
    for (String channel : channels.keySet()) {
      for (ConsumerRecord<String, byte[]> record : all(channel, channels.get(channel))) {
        JsonNode message = JSON.readTree(record.value());
        String name = message.path("type").asText("heartbeat");
        faults(messages.path(name).path("payload"), document, message)
            .forEach(fault -> wrong.add(name + ": " + fault + " in " + message));
      }
    }
    assertThat(wrong).isEmpty();
  }
}
