package dev.gantry.runners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.runners.protocol.Heartbeat.Amount;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TopicReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Promise A13: a runner that is silent is unhealthy after three heartbeats. What is known of
 * runners comes from real Kafka, and when by the database's clock: all heartbeats here were sent in
 * 2001.
 */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class HeartbeatsTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String RUNNERS = "/api/v1/runners/";

  @Inject HeartbeatConsumer consumer;

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  private final String name = "r-" + UUID.randomUUID();

  private Response runner() {
    return mine.json().get(RUNNERS + name);
  }

  private void awaitField(String field, Object value) {
    await().atMost(SOON).until(() -> value.equals(runner().path(field)));
  }

  private static int update(String sql, String runner) throws SQLException {
    try (Connection connection = TestOrganization.connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, runner);
      return statement.executeUpdate();
    }
  }

  private static int instances(String runner) throws SQLException {
    try (Connection connection = TestOrganization.connect();
        PreparedStatement statement =
            connection.prepareStatement("select count(*) from runner_instances where runner = ?")) {
      statement.setString(1, runner);
      ResultSet rows = statement.executeQuery();
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void aSilentRunnerIsUnhealthyAfterThreeHeartbeats() {
    Heartbeats process = Heartbeats.every(1000, name);
    process.send(1);
    awaitField("status", "healthy");
    Instant seen = Instant.parse(runner().path("last_seen"));

    awaitField("status", "unhealthy");

    assertThat(Instant.now()).isAfter(seen.plusMillis(3000));
    runner()
        .then()
        .body("instances", equalTo(0))
        .body("capacity.cpu", equalTo("0"))
        .body("last_seen", equalTo(seen.toString()));
    process.send(2);
    awaitField("status", "healthy");
  }

  @Test
  void aRunnerThatStopsInOrderIsUnhealthyAtOnce() {
    Heartbeats process = Heartbeats.of(name);
    process.send(1);
    awaitField("status", "healthy");

    process.send(2, 4000, true);

    awaitField("status", "unhealthy");
  }

  /** As a namespace without a quota is told: it is not one with nothing. */
  @Test
  void aCapacityThatNobodyKnowsIsLeftOut() {
    Heartbeats process = Heartbeats.of(name);
    process.send(1, new Amount(0, 0));
    awaitField("status", "healthy");
    runner()
        .then()
        .body("capacity", nullValue())
        .body("usage.cpu", equalTo("500m"))
        .body("slots.total", equalTo(64));

    process.send(2, new Amount(0, 8L << 30));
    await().atMost(SOON).until(() -> runner().path("capacity") != null);

    runner().then().body("capacity.cpu", nullValue()).body("capacity.memory", equalTo("8Gi"));
  }

  @Test
  void aLateOrRepeatedHeartbeatChangesNothing() {
    Heartbeats process = Heartbeats.of(name);
    process.send(7, 7000, false);
    awaitField("capacity.cpu", "7");
    String seen = runner().path("last_seen");

    process.send(6, 6000, false);
    process.send(7, 1000, true);
    Heartbeats.of(name).send(1, 500, false);

    awaitField("capacity.cpu", "7500m");
    runner().then().body("instances", equalTo(2));
    process.send(8, 8000, true);
    awaitField("capacity.cpu", "500m");
    assertThat(Instant.parse(runner().path("last_seen"))).isAfter(Instant.parse(seen));
  }

  @Test
  void ofSeveralInOnePollTheNewestCounts() {
    Heartbeats process = Heartbeats.of(name);
    TopicPartition partition = new TopicPartition(Heartbeats.topic(), 0);
    List<ConsumerRecord<String, byte[]>> poll =
        Stream.of(
                process.beat(2, 2000, false),
                process.beat(3, 3000, false),
                process.beat(1, 1, true))
            .map(
                beat ->
                    new ConsumerRecord<>(
                        partition.topic(), 0, 0, beat.key(), ProtocolJson.write(beat)))
            .toList();

    consumer.consume(new ConsumerRecords<>(Map.of(partition, poll), Map.of())).await().atMost(SOON);

    runner().then().body("capacity.cpu", equalTo("3")).body("status", equalTo("healthy"));
  }

  @Test
  void sumsWhatIsAliveAndIsSharedWithAllWhenNobodyHasRegisteredIt() {
    Heartbeats.of(name).send(1, 4000, false);
    Heartbeats.of(name).send(1, 500, false);

    awaitField("instances", 2);

    TestOrganization.create("VIEWER")
        .json()
        .get(RUNNERS + name)
        .then()
        .statusCode(200)
        .body("shared", equalTo(true))
        .body("type", equalTo("kubernetes"))
        .body("configuration", equalTo(Map.of()))
        .body("capacity.cpu", equalTo("4500m"))
        .body("capacity.memory", equalTo("16Gi"))
        .body("usage.cpu", equalTo("1"))
        .body("usage.memory", equalTo("8Gi"))
        .body("slots.used", equalTo(6))
        .body("slots.total", equalTo(128))
        .body("version", equalTo("1.2.3"));
  }

  @Test
  void thisProcessTellsOfItsOwnRunner() {
    await()
        .atMost(SOON)
        .until(() -> "healthy".equals(mine.json().get(RUNNERS + "default").path("status")));

    mine.json()
        .get(RUNNERS + "default")
        .then()
        .body("type", equalTo("local"))
        .body("shared", equalTo(true));
    assertThat(mine.json().get(RUNNERS + "default").<String>path("capacity.memory"))
        .matches("[1-9]\\d*[KMGT]i");
    assertThat(mine.json().get(RUNNERS + "default").<String>path("capacity.cpu"))
        .matches("[1-9]\\d*m?");
  }

  @Test
  void forgetsWhatIsGoneForADayButWhenARegisteredRunnerWasLastSeen() throws SQLException {
    String registered = "r-" + UUID.randomUUID().toString().substring(0, 8);
    mine.json()
        .body("{\"name\": \"" + registered + "\", \"type\": \"local\"}")
        .post(RUNNERS)
        .then()
        .statusCode(201);
    for (String runner : new String[] {name, registered, registered}) {
      Heartbeats.of(runner).send(1);
    }
    await().atMost(SOON).until(() -> instances(name) == 1 && instances(registered) == 2);
    String older =
        "update runner_instances set last_seen = now() - interval '25 hours'"
            + " - interval '1 minute' * (instance = (select min(instance) from runner_instances r"
            + " where r.runner = runner_instances.runner))::int where runner = ?";
    update(older, name);
    update(older, registered);
    runner().then().statusCode(404);

    Heartbeats.of("other-" + name).send(1);

    await().atMost(SOON).until(() -> instances(name) == 0);
    assertThat(instances(registered)).isEqualTo(1);
    mine.json().get(RUNNERS + registered).then().body("status", equalTo("unhealthy"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "null", "{}", "NAME", "NEGATIVE", "INTERVAL"})
  void deadLettersWhatIsNoHeartbeatAndGoesOn(String value) {
    Heartbeats process = Heartbeats.of(name);
    String good =
        new String(ProtocolJson.write(process.beat(1, 4000, false)), StandardCharsets.UTF_8);
    String poison =
        switch (value) {
          case "NAME" -> good.replace(name, "no name");
          case "NEGATIVE" -> good.replace("\"cpuMillis\":4000", "\"cpuMillis\":-1");
          case "INTERVAL" -> good.replace("\"intervalMillis\":3600000", "\"intervalMillis\":0");
          default -> value;
        };
    assertThat(poison).isNotEqualTo(good);
    String key = "poison-" + UUID.randomUUID();

    Heartbeats.send(key, poison);
    Heartbeats.send(key, (byte[]) null);
    Heartbeats.send(process.runner(), good);

    var letters = TopicReader.read(Heartbeats.topic() + ".dlq", key, found -> !found.isEmpty());
    assertThat(letters).hasSize(1);
    assertThat(TopicReader.header(letters.get(0), "dead-letter-reason"))
        .startsWith("not a heartbeat: ");
    awaitField("status", "healthy");
  }
}
