package dev.gantry.events;

import static dev.gantry.testing.TopicReader.header;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TopicReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What a subscriber on Kafka sees of executions. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class PublicEventsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOPIC = GantryServers.TOPIC_PREFIX + ".events";

  private static String execute(String path, Map<String, Object> body) {
    return given()
        .header("Authorization", "Bearer " + GantryServers.KEY)
        .contentType("application/json")
        .body(body)
        .post("/api/v1" + path)
        .path("execution_id");
  }

  private static List<ConsumerRecord<String, byte[]>> events(String subject, String last) {
    return TopicReader.read(
        TOPIC, subject, found -> found.stream().anyMatch(e -> header(e, "ce_type").equals(last)));
  }

  private static List<String> types(List<ConsumerRecord<String, byte[]>> events) {
    return events.stream().map(event -> header(event, "ce_type")).toList();
  }

  private static JsonNode data(ConsumerRecord<String, byte[]> event) throws IOException {
    return JSON.readTree(event.value());
  }

  @Test
  void tellsAWorkflowFromItsStartToItsEnd() throws IOException {
    String yaml =
        """
        name: told
        steps:
          - {name: one, command: "true"}
          - {name: two, command: "true"}
        """;
    String id = execute("/workflows/execute", Map.of("type", "inline", "definition", yaml));

    List<ConsumerRecord<String, byte[]>> events = events(id, "workflow.completed");

    assertThat(types(events))
        .containsExactly(
            "workflow.started",
            "workflow.step.started",
            "workflow.step.completed",
            "workflow.step.started",
            "workflow.step.completed",
            "workflow.completed");
    assertThat(events.stream().map(event -> header(event, "ce_sequence")))
        .isEqualTo(IntStream.rangeClosed(1, 6).mapToObj(Integer::toString).toList());
    assertThat(data(events.get(2)).at("/step/name").asText()).isEqualTo("one");
    assertThat(data(events.get(5)).at("/workflow/status").asText()).isEqualTo("completed");
  }

  @Test
  void isACloudEventInBinaryMode() throws IOException {
    String id = execute("/tools/execute", Map.of("name", "told", "content", "exit 3"));

    ConsumerRecord<String, byte[]> event = events(id, "tool.executed").get(0);

    assertThat(header(event, "ce_specversion")).isEqualTo("1.0");
    assertThat(header(event, "ce_id")).isEqualTo(id + "-1");
    assertThat(header(event, "ce_source")).isEqualTo("/gantry");
    assertThat(header(event, "ce_subject")).isEqualTo(id);
    assertThat(header(event, "ce_partitionkey")).isEqualTo(id).isEqualTo(event.key());
    assertThat(Instant.parse(header(event, "ce_time"))).isBefore(Instant.now().plusSeconds(1));
    assertThat(header(event, "content-type")).isEqualTo("application/json");
    assertThat(data(event).at("/tool/status").asText()).isEqualTo("failed");
    assertThat(data(event).at("/tool/exit_code").asInt()).isEqualTo(3);
  }

  @Test
  void carriesTheTraceOfTheRequest() {
    String trace = "0af7651916cd43dd8448eb211c80319c";
    RequestSpecification traced =
        given()
            .header("Authorization", "Bearer " + GantryServers.KEY)
            .header("traceparent", "00-" + trace + "-b7ad6b7169203331-01")
            .contentType("application/json");
    String yaml = "{name: told, steps: [{name: one, command: 'true'}]}";
    String execution =
        traced
            .body(Map.of("type", "inline", "definition", yaml))
            .post("/api/v1/workflows/execute")
            .path("execution_id");
    String agent =
        traced.body(Map.of("name", "traced-" + execution)).post("/api/v1/agents").path("uuid");

    assertThat(events(execution, "workflow.completed"))
        .extracting(event -> header(event, "ce_traceparent"))
        .allMatch(told -> told.matches("00-" + trace + "-[0-9a-f]{16}-01"))
        .containsOnly(header(events(execution, "workflow.started").get(0), "ce_traceparent"));
    assertThat(header(events(agent, "agent.created").get(0), "ce_traceparent"))
        .isEqualTo("00-" + trace + "-b7ad6b7169203331-01");
  }

  @Test
  void anExecutionThatIsInNoTraceBeginsOne() {
    String id = execute("/tools/execute", Map.of("name", "told", "content", "exit 0"));

    assertThat(header(events(id, "tool.executed").get(0), "ce_traceparent"))
        .startsWith("00-" + id.replace("tool-exec-", "").replace("-", "") + "-")
        .endsWith("-00");
  }

  @Test
  void tellsWhatFailedAndThatItDid() throws IOException {
    String yaml =
        """
        name: told
        steps:
          - {name: bad, command: exit 7}
          - {name: never, command: "true"}
        """;
    String id = execute("/workflows/execute", Map.of("type", "inline", "definition", yaml));

    List<ConsumerRecord<String, byte[]>> events = events(id, "workflow.failed");

    assertThat(types(events))
        .containsExactly(
            "workflow.started", "workflow.step.started", "workflow.step.failed", "workflow.failed");
    assertThat(data(events.get(2)).at("/step/exit_code").asInt()).isEqualTo(7);
    assertThat(data(events.get(3)).at("/workflow/error").asText()).contains("bad");
  }
}
