package dev.gantry.messaging;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.SecuredBroker;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** All roles in one process, on a broker that lets nobody in without TLS and a password. */
@QuarkusTest
@TestProfile(KafkaSecurityTest.Secured.class)
class KafkaSecurityTest {
  @Inject
  @Identifier("default-kafka-broker")
  Map<String, Object> client;

  /** The application on the secured broker. */
  public static class Secured implements QuarkusTestProfile {
    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(SecuredBroker.class));
    }
  }

  @Test
  void everyClientLogsIn() {
    String script =
        """
        name: secured
        steps:
          - {name: make, command: echo one, output: MADE}
          - {name: show, command: "echo ${MADE}"}
        """;

    String id =
        given()
            .header("Authorization", "Bearer " + GantryServers.KEY)
            .contentType("application/json")
            .body(Map.of("type", "inline", "definition", script))
            .post("/api/v1/workflows/execute?wait=30s")
            .then()
            .statusCode(200)
            .body("status", equalTo("completed"))
            .extract()
            .path("execution_id");

    // The line went through Kafka to the store and back out.
    String stream =
        given()
            .header("Authorization", "Bearer " + GantryServers.KEY)
            .accept("text/event-stream")
            .get("/api/v1/workflows/executions/" + id + "/logs/stream")
            .asString();
    assertThat(stream).contains("event: log", "one", "event: end", "\"complete\":true");
  }

  @Test
  void theBrokerDemandsIt() throws Exception {
    assertThat(topics(Map.of())).isNotEmpty();
    assertThatThrownBy(
            () ->
                topics(
                    Map.of(
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required"
                            + " username=\"gantry\" password=\"wrong\";")))
        .hasMessageContaining("Authentication failed");
    assertThatThrownBy(() -> topics(Map.of("security.protocol", "PLAINTEXT")))
        .hasRootCauseInstanceOf(TimeoutException.class);
  }

  private Set<String> topics(Map<String, Object> changed) throws Exception {
    Map<String, Object> settings = new HashMap<>(client);
    settings.keySet().retainAll(AdminClientConfig.configNames());
    settings.putAll(Map.of("default.api.timeout.ms", "3000", "request.timeout.ms", "2000"));
    settings.putAll(changed);
    try (Admin admin = Admin.create(settings)) {
      return admin.listTopics().names().get(20, TimeUnit.SECONDS);
    }
  }
}
