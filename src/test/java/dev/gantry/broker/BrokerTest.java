package dev.gantry.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.Servers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Topics and dead letters, as the installation's admins see them. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class BrokerTest {
  private static final String LETTERS = "/api/v1/admin/dead-letters";
  private static final String STEPS = GantryServers.TOPIC_PREFIX + ".steps";

  private static RequestSpecification operator() {
    return RestAssured.given()
        .header("Authorization", "Bearer " + GantryServers.KEY)
        .contentType("application/json");
  }

  private static String poison() throws Exception {
    String key = "poison-" + UUID.randomUUID();
    Map<String, Object> config = Map.of("bootstrap.servers", Servers.get().kafka());
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
      byte[] value = "no step event".getBytes(StandardCharsets.UTF_8);
      producer.send(new ProducerRecord<>(STEPS, key, value)).get();
    }
    return key;
  }

  /** The letters with this key, from all pages. */
  private static List<Map<String, Object>> letters(String key) {
    List<Map<String, Object>> found = new ArrayList<>();
    String after = "";
    boolean more = true;
    while (more) {
      var page = operator().get(LETTERS + "?limit=100&topic=" + STEPS + after);
      assertThat(page.statusCode()).as(page.asString()).isEqualTo(200);
      page.<List<Map<String, Object>>>path("dead_letters").stream()
          .filter(letter -> key.equals(letter.get("key")))
          .forEach(found::add);
      more = page.path("has_more");
      after = "&after=" + page.path("next");
    }
    return found;
  }

  @Test
  void aDeadLetterIsShownAndSentOnceMore() throws Exception {
    String key = poison();
    await().untilAsserted(() -> assertThat(letters(key)).hasSize(1));
    Map<String, Object> letter = letters(key).get(0);
    assertThat(letter)
        .containsEntry("topic", STEPS)
        .containsEntry("value", "no step event")
        .containsEntry("size", 13);
    assertThat((String) letter.get("reason")).contains("no");

    operator()
        .body(Map.of("ids", List.of(letter.get("id"))))
        .post(LETTERS + "/replay")
        .then()
        .statusCode(200)
        .body("replayed", equalTo(1));

    // Nobody can handle it this time either.
    await().untilAsserted(() -> assertThat(letters(key)).hasSize(2));
    Map<String, Object> again = letters(key).get(1);
    assertThat(again.get("partition")).isEqualTo(letter.get("partition"));
    assertThat(again.get("value")).isEqualTo(letter.get("value"));
    operator()
        .get("/api/v1/audit?action=dead_letter.replay&resource=" + letter.get("id"))
        .then()
        .body("total", equalTo(1));
  }

  @Test
  void whatIsNotThereIsNotSent() {
    for (String id : List.of(STEPS + ".dlq/0/99999999", STEPS + "/0/0", "other.dlq/0/0", "x")) {
      operator()
          .body(Map.of("ids", List.of(id)))
          .post(LETTERS + "/replay")
          .then()
          .statusCode(400)
          .body("error.details.toString()", containsString("dead letter"));
    }
  }

  @Test
  void othersAdminsSeeNothing() {
    TestOrganization other = TestOrganization.create("ADMIN");
    for (String path : List.of("/dead-letters", "/topics")) {
      other.json().get("/api/v1/admin" + path).then().statusCode(403);
    }
    other
        .json()
        .body(Map.of("ids", List.of("a/0/0")))
        .post(LETTERS + "/replay")
        .then()
        .statusCode(403);
  }

  @Test
  void aTopicThatIsNotAsItShouldBeIsTold() throws Exception {
    String topic = GantryServers.TOPIC_PREFIX + ".mails";
    operator().get("/api/v1/admin/topics").then().statusCode(200).body("ok", equalTo(true));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", Servers.get().kafka()))) {
      String before = change(admin, topic, "3600000");
      operator()
          .get("/api/v1/admin/topics")
          .then()
          .body("ok", equalTo(false))
          .body(
              "topics.find { it.name == '" + topic + "' }.faults[0]",
              containsString("retention.ms is 3600000, and should be " + before));
      change(admin, topic, before);
    }
    await()
        .untilAsserted(
            () -> operator().get("/api/v1/admin/topics").then().body("ok", equalTo(true)));
  }

  /** The value before. */
  private static String change(Admin admin, String topic, String retention) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    String before =
        admin
            .describeConfigs(List.of(resource))
            .all()
            .get()
            .get(resource)
            .get("retention.ms")
            .value();
    AlterConfigOp set =
        new AlterConfigOp(new ConfigEntry("retention.ms", retention), AlterConfigOp.OpType.SET);
    admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
    await()
        .until(
            () ->
                admin
                    .describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .get(resource)
                    .get("retention.ms")
                    .value()
                    .equals(retention));
    return before;
  }
}
