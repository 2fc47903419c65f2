package dev.gantry.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;

import dev.gantry.database.DatabaseClock;
import dev.gantry.models.OpenAiServer;
import dev.gantry.models.ScriptedAnswer;
import dev.gantry.platform.Ids;
import dev.gantry.retention.Partitions.Partition;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is old goes with its partition, and nothing else does. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class RetentionTest {
  private static final String EXECUTIONS = "/api/v1/workflows/executions/";
  private static final Instant LONG_AGO = Instant.parse("2000-06-01T00:00:00Z");
  private static final Instant YEAR_2001 = Instant.parse("2001-01-01T00:00:00Z");
  private static final List<String> CHAT =
      List.of("chat_turns", "chat_entries", "chat_decisions", "chat_messages");

  @Inject Retention retention;
  @Inject Pool pool;
  @Inject DatabaseClock clock;
  private final TestOrganization mine = TestOrganization.create("ADMIN");

  private static void sql(String statements) throws SQLException {
    try (Connection connection = TestOrganization.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(statements);
    }
  }

  private static long count(String from) throws SQLException {
    try (Connection connection = TestOrganization.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from " + from)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private void round() {
    retention.round().await().atMost(Duration.ofSeconds(20));
  }

  private List<Partition> partitions() {
    return pool.withTransaction(connection -> new Partitions(connection, Cut.EXECUTIONS).all())
        .await()
        .atMost(Duration.ofSeconds(10));
  }

  /** Cuts the year 2000 and all before it off the first partition. */
  @BeforeEach
  void haveAnOldPartition() throws SQLException {
    for (Cut cut : Cut.ALL) {
      for (String table : cut.tables()) {
        sql(
            """
            do $$
            declare upto text := substring(pg_get_expr(relpartbound, oid) from 'TO (.*)$')
              from pg_class where relname = '%1$s_first';
            begin
              drop table if exists %1$s_ancient;
              execute 'alter table %1$s detach partition %1$s_first';
              execute 'create table %1$s_ancient partition of %1$s'
                || ' for values from (minvalue) to (''%2$s'')';
              execute 'alter table %1$s attach partition %1$s_first for values from (''%2$s'') to '
                || upto;
            end $$
            """
                .formatted(table, cut.bound().apply(Instant.parse("2001-01-01T00:00:00Z"))));
      }
    }
  }

  @AfterEach
  void leaveNone() throws SQLException {
    for (Cut cut : Cut.ALL) {
      for (String table : cut.tables()) {
        sql("drop table if exists " + table + "_ancient");
      }
    }
  }

  /** An execution that has ended, moved to a time long ago with all that is kept of it. */
  private String ancient() throws SQLException {
    String id =
        mine.json()
            .body(Map.of("definition", "{name: w, steps: [{name: a, command: echo remembered}]}"))
            .post("/api/v1/workflows/execute?wait=30s")
            .then()
            .body("status", equalTo("completed"))
            .extract()
            .path("execution_id");
    Awaitility.await().untilAsserted(() -> log(id).body("logs.size()", equalTo(1)));
    return "exec-" + moved(UUID.fromString(id.substring("exec-".length())));
  }

  /** To a time long ago; answers the new id. */
  private static UUID moved(UUID now) throws SQLException {
    UUID then = Ids.next(LONG_AGO);
    for (Map.Entry<String, String> table : Cut.EXECUTIONS.keys().entrySet()) {
      sql(
          "update %s set %s = '%s' where %2$s = '%s'"
              .formatted(table.getKey(), table.getValue(), then, now));
    }
    sql(
        "update executions set created_at = '%1$s', completed_at = '%1$s' where id = '%2$s'"
            .formatted(LONG_AGO, then));
    return then;
  }

  /**
   * What somebody says to an agent that answers.
   *
   * @param session null = a new one
   */
  private Response said(String agent, String session) {
    Map<String, String> body = new HashMap<>(Map.of("agent_uuid", agent, "message", "Hello"));
    if (session != null) {
      body.put("session_id", session);
    }
    return mine.json()
        .body(body)
        .post("/api/v1/chat")
        .then()
        .body("status", equalTo("completed"))
        .extract()
        .response();
  }

  private static void moveTurn(String execution) throws SQLException {
    UUID now = UUID.fromString(execution.substring("chat-exec-".length()));
    UUID then = moved(now);
    for (String table : CHAT) {
      sql(
          "update %s set execution_id = '%s' where execution_id = '%s'"
              .formatted(table, then, now));
    }
    sql(
        "insert into chat_decisions values ('%s', 'a', true, 'x', null, '%s')"
            .formatted(then, LONG_AGO));
  }

  @Test
  void conversationsGoWithTheirExecutions() throws SQLException {
    String model = "model-" + UUID.randomUUID();
    OpenAiServer.shared().answer(model, asked -> ScriptedAnswer.text("Hi"));
    String agent =
        mine.json()
            .body(Map.of("name", "helper", "llm_model", model))
            .post("/api/v1/agents")
            .path("uuid");
    Response old = said(agent, null);
    Response begun = said(agent, null);
    String goesOn = begun.path("session_id");
    Response young = said(agent, goesOn);
    moveTurn(old.path("execution_id"));
    moveTurn(begun.path("execution_id"));
    for (String session : List.of(old.<String>path("session_id"), goesOn)) {
      sql(
          "update chat_sessions set updated_at = '%s' where id = '%s'"
              .formatted(LONG_AGO, session));
    }
    String history = "/api/v1/chat/" + agent + "/history";
    mine.json().get(history).then().body("total", equalTo(6));
    for (String table : CHAT) {
      assertThat(count(table + " where execution_id < '" + Ids.first(YEAR_2001) + "'"))
          .as(table)
          .isPositive();
    }

    round();

    for (String table : CHAT) {
      assertThat(count(table + " where execution_id < '" + Ids.first(YEAR_2001) + "'"))
          .as(table)
          .isZero();
    }
    mine.json()
        .get(history)
        .then()
        .body("total", equalTo(2))
        .body("messages.execution_id", everyItem(equalTo(young.path("execution_id"))));
    mine.json()
        .get("/api/v1/chat/" + agent + "/sessions")
        .then()
        .body("sessions.session_id", equalTo(List.of(goesOn)));
    mine.json()
        .get("/api/v1/chat/executions/" + young.path("execution_id") + "/transcript")
        .then()
        .body("entries.type", equalTo(List.of("asked", "prompted", "answered", "ended")));
  }

  private ValidatableResponse get(String id) {
    return mine.json().get(EXECUTIONS + id).then();
  }

  private ValidatableResponse log(String id) {
    return mine.json().accept("application/json").get(EXECUTIONS + id + "/logs").then();
  }

  @Test
  void dropsWhatEndedLongAgo() throws SQLException {
    String id = ancient();
    assertThat(count("executions_ancient")).isEqualTo(1);
    assertThat(count("log_chunks_ancient")).isEqualTo(1);
    get(id).statusCode(200);
    log(id).body("logs[0].message", equalTo("remembered"));

    round();

    get(id).statusCode(404);
    log(id).statusCode(404);
    assertThat(count("pg_class where relname like '%ancient%'")).isZero();
    assertThat(partitions().get(0).suffix()).isEqualTo("first");
  }

  @Test
  void keepsWhatHasNotEndedAndAllBesideIt() throws SQLException {
    String ended = ancient();
    String alive = ancient();
    sql(
        "update executions set completed_at = null, status = 'paused' where id = '%s'"
            .formatted(alive.substring("exec-".length())));

    round();

    get(ended).statusCode(200);
    get(alive).statusCode(200);
    sql(
        "update executions set completed_at = now(), status = 'completed' where completed_at is null"
            + " and created_at = '"
            + LONG_AGO
            + "'");
    round();
    get(ended).statusCode(200);
  }

  @Test
  void dropsEventsByTheirAgeAlone() throws SQLException {
    String event =
        "insert into events select %s, '"
            + mine.id()
            + "', 'x-1', 'agent.created', 'x', 1, now(), null, '{}'";
    sql(event.formatted(Cut.EVENTS.bound().apply(LONG_AGO)));
    Instant young = clock.now().minus(Duration.ofDays(29));
    sql(event.formatted(Cut.EVENTS.bound().apply(young)));
    assertThat(count("events_ancient")).isEqualTo(1);
    String own = "events where organization_id = '" + mine.id() + "'";
    assertThat(count(own)).isEqualTo(2);

    round();

    assertThat(count(own)).isEqualTo(1);
    assertThat(count("pg_class where relname like 'events_ancient%'")).isZero();
  }

  @Test
  void thereIsAPartitionForTheTimeToCome() {
    round();

    List<Partition> all = partitions();
    Instant end = all.get(all.size() - 1).period().to();
    Duration length = Period.length(Duration.ofDays(90));
    assertThat(end).isAfterOrEqualTo(clock.now().plus(length.multipliedBy(2)));
    for (int i = 1; i < all.size(); i++) {
      assertThat(all.get(i).period().from()).isEqualTo(all.get(i - 1).period().to());
    }
  }

  @Test
  void whatCameBeforeItsPartitionIsMovedIntoIt() throws SQLException {
    List<Partition> all = partitions();
    Period next = all.get(all.size() - 1).period().next(Duration.ofDays(1));
    UUID early = Ids.next(next.from());
    sql("insert into log_attempts values ('%s', 0, 1, 1, 0, 0, null, null)".formatted(early));
    assertThat(count("log_attempts_default where execution_id = '" + early + "'")).isEqualTo(1);

    pool.withTransaction(connection -> new Partitions(connection, Cut.EXECUTIONS).make(next))
        .await()
        .atMost(Duration.ofSeconds(10));

    assertThat(count(next.partition("log_attempts"))).isEqualTo(1);
    assertThat(count("log_attempts_default where execution_id = '" + early + "'")).isZero();
  }

  @Test
  void deletesLinesOfNoExecutionThatThereCanBe() throws SQLException {
    sql("drop table log_attempts_ancient");
    UUID before = Ids.next(LONG_AGO);
    UUID never = Ids.next(Instant.parse("3000-01-01T00:00:00Z"));
    for (UUID stray : List.of(before, never)) {
      sql("insert into log_attempts values ('%s', 0, 1, 1, 0, 0, null, null)".formatted(stray));
    }
    assertThat(count("log_attempts_default")).isGreaterThanOrEqualTo(2);
    for (String table :
        List.of("executions", "execution_steps", "execution_transitions", "log_chunks")) {
      sql("drop table " + table + "_ancient");
    }

    round();

    assertThat(count("log_attempts where execution_id in ('" + before + "', '" + never + "')"))
        .isZero();
  }

  @Test
  void tellsWhatTheTablesTake() {
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(RestAssured.get("/q/metrics").asString())
                    .containsPattern("gantry_table_bytes\\{table=\"executions\"\\} [1-9]")
                    .containsPattern("gantry_table_bytes\\{table=\"log_chunks\"\\} [1-9]")
                    .containsPattern("gantry_table_bytes\\{table=\"outbox\"\\} [1-9]"));
  }
}
