package dev.gantry.webhooks;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks the webhooks' section of the API, request by request. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class WebhooksTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ALERT_HANDLER =
      """
      {"name": "Alert Handler", "type": "slack", "destination": "#alerts",
       "prompt": "Process this alert and take appropriate action"}
      """;
  private static final String ALERT =
      """
      {"message": "Alert: High CPU usage detected on server-01",
       "metadata": {"severity": "high", "source": "monitoring",
         "timestamp": "2024-01-15T10:00:00Z"}}
      """;

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  private final Webhooks webhooks = new Webhooks(mine);

  private static JsonNode tree(Response answer) throws IOException {
    return JSON.readTree(answer.asByteArray());
  }

  private static void assertTimes(JsonNode webhook, String... fields) {
    for (String field : fields) {
      assertThat(Instant.parse(webhook.get(field).textValue()))
          .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
    }
  }

  private Response put(String uuid, String body) {
    return mine.json().body(body).put(Webhooks.WEBHOOKS + "/" + uuid);
  }

  private Response trigger(String uuid, String body) {
    return mine.json().body(body).post(Webhooks.WEBHOOKS + "/" + uuid + "/trigger");
  }

  private void assertFault(Response answer, String field, String error) {
    answer
        .then()
        .statusCode(400)
        .body("error.code", equalTo("VALIDATION_ERROR"))
        .body("error.details.field", equalTo(field))
        .body("error.details.error", containsString(error));
  }

  @Test
  void createsAsTheReferenceShows() throws IOException {
    Response answer = webhooks.created(ALERT_HANDLER);

    JsonNode webhook = tree(answer);
    String uuid = webhook.get("uuid").textValue();
    assertThat(UUID.fromString(uuid).version()).isEqualTo(7);
    assertThat(webhook.get("name").textValue()).isEqualTo("Alert Handler");
    assertThat(webhook.get("type").textValue()).isEqualTo("slack");
    assertThat(webhook.get("destination").textValue()).isEqualTo("#alerts");
    assertThat(webhook.get("webhook_url").textValue())
        .matches("http://localhost:\\d+/api/v1/hooks/[A-Za-z0-9_-]{43}");
    assertTimes(webhook, "created_at");
    assertThat(answer.header("Location")).endsWith("/api/v1/webhooks/" + uuid);
    assertThat(answer.header("ETag")).isEqualTo("\"0\"");
  }

  @Test
  void listsAsTheReferenceShows() throws IOException {
    webhooks.created(ALERT_HANDLER);

    JsonNode answer = tree(mine.json().get(Webhooks.WEBHOOKS));

    assertThat(answer.fieldNames())
        .toIterable()
        .containsExactly("webhooks", "total", "limit", "offset", "has_more");
    JsonNode webhook = answer.get("webhooks").get(0);
    assertThat(webhook.fieldNames())
        .toIterable()
        .containsExactly(
            "uuid", "name", "type", "destination", "prompt", "signed", "created_at", "updated_at");
    assertThat(webhook.get("prompt").textValue())
        .isEqualTo("Process this alert and take appropriate action");
    assertTimes(webhook, "created_at", "updated_at");
  }

  @Test
  void listsOneType() {
    webhooks.created(ALERT_HANDLER);
    webhooks.created("{\"name\": \"other\"}");

    mine.json()
        .get(Webhooks.WEBHOOKS + "?type=slack")
        .then()
        .body("total", equalTo(1))
        .body("webhooks[0].name", equalTo("Alert Handler"));
    assertFault(mine.json().get(Webhooks.WEBHOOKS + "?type=pigeon"), "type", "there is: http");
  }

  @Test
  void triggersAsTheReferenceShows() throws IOException {
    webhooks.addSource();
    String uuid = webhooks.created(ALERT_HANDLER).path("uuid");
    put(uuid, "{\"workflow\": \"handle\"}").then().statusCode(200);

    Response answer = trigger(uuid, ALERT);

    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(202);
    JsonNode triggered = tree(answer);
    assertThat(triggered.fieldNames())
        .toIterable()
        .containsExactly("execution_id", "status", "created_at");
    assertThat(triggered.get("execution_id").textValue()).startsWith("webhook-exec-");
    assertThat(triggered.get("status").textValue()).isEqualTo("running");
    assertTimes(triggered, "created_at");
    assertThat(webhooks.printed(answer.header("Location")))
        .isEqualTo("none|Process this alert and take appropriate action|" + ALERT.trim());
  }

  @Test
  void rendersThePromptAndTheVariables() {
    webhooks.addSource();
    String uuid =
        webhooks
            .created(
                """
                {"name": "w", "workflow": "handle", "source": "alerts",
                 "prompt": "{{.event.message}} is {{ .event.metadata.severity }}",
                 "variables": {"severity": "{{.event.metadata.severity}}!"}}
                """)
            .path("uuid");

    String printed = webhooks.printed(trigger(uuid, ALERT).header("Location"));

    assertThat(printed).startsWith("high!|Alert: High CPU usage detected on server-01 is high|{");
  }

  @Test
  void startsATool() {
    webhooks.addSource();
    String uuid =
        webhooks
            .created(
                """
                {"name": "t", "tool": "page", "prompt": "p {{.event.n}}",
                 "args": {"who": "{{.event.metadata.source}}"}}
                """)
            .path("uuid");

    Response answer = trigger(uuid, ALERT);

    assertThat(answer.header("Location")).contains("/tools/executions/webhook-exec-");
    assertThat(webhooks.printed(answer.header("Location"))).startsWith("monitoring|p |{");
  }

  @Test
  void anExecutionIsFoundByBothItsIds() {
    webhooks.addSource();
    String uuid = webhooks.created("{\"name\": \"w\", \"workflow\": \"handle\"}").path("uuid");
    String id = trigger(uuid, ALERT).path("execution_id");
    String executions = "/api/v1/workflows/executions/";
    webhooks.printed(executions + id);

    String own = mine.json().get(executions + id).path("execution_id");

    assertThat(own).isEqualTo(id.replace("webhook-exec-", "exec-"));
    assertThat(mine.json().get(executions + own).<String>path("status")).isEqualTo("completed");
    mine.json().get(executions + id + "/logs").then().statusCode(200);
    mine.json().get("/api/v1/tools/executions/" + id).then().statusCode(404);
  }

  @Test
  void theFilterDecides() {
    webhooks.addSource();
    String uuid =
        webhooks
            .created(
                """
                {"name": "w", "workflow": "handle", "filter": "metadata.severity == 'high'"}
                """)
            .path("uuid");

    assertThat(trigger(uuid, ALERT).statusCode()).isEqualTo(202);
    trigger(uuid, "{\"metadata\": {\"severity\": \"low\"}}")
        .then()
        .statusCode(200)
        .body("status", equalTo("ignored"))
        .body("execution_id", equalTo(null));
  }

  @Test
  void whatStartsNothingSaysWhatToDo() {
    webhooks.addSource();
    String none = webhooks.created(ALERT_HANDLER).path("uuid");

    trigger(none, ALERT)
        .then()
        .statusCode(409)
        .body("error.code", equalTo("CONFLICT"))
        .body("error.message", containsString("PUT /api/v1/webhooks/" + none));
  }

  @Test
  void aRepeatedTriggerStartsNothingNew() {
    webhooks.addSource();
    String uuid = webhooks.created("{\"name\": \"w\", \"workflow\": \"handle\"}").path("uuid");
    String path = Webhooks.WEBHOOKS + "/" + uuid + "/trigger";

    String first =
        mine.json()
            .header("Idempotency-Key", "k")
            .body(ALERT)
            .post(path)
            .then()
            .statusCode(202)
            .extract()
            .path("execution_id");

    mine.json()
        .header("Idempotency-Key", "k")
        .body(ALERT)
        .post(path)
        .then()
        .statusCode(202)
        .body("execution_id", equalTo(first));
    mine.json().header("Idempotency-Key", "k").body("{}").post(path).then().statusCode(422);
  }

  @Test
  void updatesOnlyWhatIsNamed() {
    webhooks.addSource();
    String uuid =
        webhooks
            .created(
                """
                {"name": "w", "workflow": "handle", "source": "alerts", "prompt": "p",
                 "variables": {"severity": "x"}}
                """)
            .path("uuid");

    put(uuid, "{\"destination\": \"https://example.com/a\", \"variables\": {}}")
        .then()
        .statusCode(200)
        .header("ETag", "\"1\"")
        .body("workflow", equalTo("handle"))
        .body("source", equalTo("alerts"))
        .body("prompt", equalTo("p"))
        .body("variables", equalTo(null));
    put(uuid, "{\"tool\": \"page\", \"args\": {\"who\": \"me\"}}")
        .then()
        .body("tool", equalTo("page"))
        .body("workflow", equalTo(null))
        .body("source", equalTo(null));
    mine.json()
        .header("If-Match", "\"0\"")
        .body("{\"prompt\": \"q\"}")
        .put(Webhooks.WEBHOOKS + "/" + uuid)
        .then()
        .statusCode(412);
  }

  @Test
  void deletes() {
    Response made = webhooks.created(ALERT_HANDLER);
    String path = Webhooks.WEBHOOKS + "/" + made.path("uuid");

    mine.json()
        .delete(path)
        .then()
        .statusCode(200)
        .body("message", equalTo("Webhook deleted successfully"));

    mine.json().get(path).then().statusCode(404);
    given().body("{}").post(Webhooks.hook(made)).then().statusCode(404);
  }

  @Test
  void aSubscriptionIsStoredAsTheReferenceConfiguresIt() throws IOException {
    String body =
        """
        {"url": "https://your-app.example.com/webhooks/gantry",
         "events": ["workflow.completed", "workflow.failed"],
         "secret": "your-webhook-secret"}
        """;

    Response answer = webhooks.created(body);

    JsonNode webhook = tree(answer);
    assertThat(webhook.get("url").textValue())
        .isEqualTo("https://your-app.example.com/webhooks/gantry");
    assertThat(webhook.get("events")).isEqualTo(JSON.readTree(body).get("events"));
    assertThat(webhook.get("signed").booleanValue()).isTrue();
    assertThat(webhook.has("secret")).isFalse();
    assertThat(webhook.has("webhook_url")).isFalse();
    assertThat(tree(mine.json().get(Webhooks.WEBHOOKS + "/" + answer.path("uuid"))))
        .isEqualTo(webhook);
    trigger(answer.path("uuid"), "{}").then().statusCode(409);
  }

  @ParameterizedTest
  @ValueSource(strings = {"workflow.*", "*", "*.failed", "agent.created"})
  void aSubscriptionMayNameEventsByPattern(String pattern) {
    webhooks
        .created("{\"url\": \"https://example.com/h\", \"events\": [\"" + pattern + "\"]}")
        .then()
        .body("events[0]", equalTo(pattern));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "{}; name; is required",
        "{\"name\": \"w\", \"type\": \"pigeon\"}; type; there is: http, slack, teams",
        "{\"name\": \"w\", \"workflow\": \"none\"}; workflow; no workflow 'none'",
        "{\"name\": \"w\", \"tool\": \"none\"}; tool; no tool 'none'",
        "{\"name\": \"w\", \"agent\": \"none\"}; agent; no agent 'none'",
        "{\"name\": \"w\", \"runner\": \"none\"}; runner; no runner 'none'",
        "{\"name\": \"w\", \"source\": \"s\"}; workflow; is required by source",
        "{\"name\": \"w\", \"prompt\": \"{{.evnt}}\"}; prompt; known is {{.event}}",
        "{\"name\": \"w\", \"prompt\": \"{{ .event | upper }}\"}; prompt; known is {{.event}}",
        "{\"name\": \"w\", \"filter\": \"a ==\"}; filter; is no JMESPath expression",
        "{\"name\": \"w\", \"destination\": \"nowhere\"}; destination; must be an address",
        "{\"name\": \"w\", \"url\": \"https://example.com\"}; url; goes with events only",
        "{\"name\": \"w\", \"secret\": \"whsec_short\"}; secret; must be whsec_",
        "{\"events\": [\"workflow.completed\"]}; url; is required by events",
        "{\"url\": \"https://example.com\", \"events\": [\"workflow.done\"]}; events[0]; means none",
        "{\"name\": \"w\", \"promt\": \"x\"}; promt; is not known",
      })
  void refusesWhatMakesNoSense(String body, String field, String error) {
    assertFault(webhooks.create(body), field, error);
  }

  /** B2, as far as an address's text tells; the rest is judged by whoever connects. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest",
        "https://10.0.0.8/",
        "http://[::ffff:192.168.0.1]/",
        "http://[fe80::1]/",
        "http://user:pass@example.com/",
        "file:///etc/passwd",
      })
  void refusesAddressesInside(String address) {
    assertFault(webhooks.create("{\"url\": \"" + address + "\", \"events\": [\"*\"]}"), "url", "");
    assertFault(
        webhooks.create("{\"name\": \"w\", \"destination\": \"" + address + "\"}"),
        "destination",
        "");
  }

  @Test
  void oneNameIsTakenOnce() {
    webhooks.created(ALERT_HANDLER);

    webhooks.create(ALERT_HANDLER).then().statusCode(409).body("error.code", equalTo("CONFLICT"));
  }

  @Test
  void whatIsASubscriptionStaysOne() {
    String in = webhooks.created(ALERT_HANDLER).path("uuid");
    String out =
        webhooks.created("{\"url\": \"https://example.com\", \"events\": [\"*\"]}").path("uuid");

    assertFault(put(in, "{\"events\": [\"*\"]}"), "events", "beside this webhook");
    assertFault(put(out, "{\"events\": []}"), "events", "cannot be empty");
    mine.json().post(Webhooks.WEBHOOKS + "/" + out + "/url").then().statusCode(409);
  }

  @Test
  void auditsWhoMadeIt() {
    String uuid = webhooks.created(ALERT_HANDLER).path("uuid");

    List<Map<String, Object>> entries = mine.json().get("/api/v1/audit").path("entries");

    assertThat(entries).extracting(entry -> entry.get("action")).contains("webhook.create");
    mine.json().get("/api/v1/audit").then().body("entries.resource.id", hasItems(uuid));
  }
}
