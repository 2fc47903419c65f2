package dev.gantry.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.gantry.schedules.SlotStore.Taken;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TestSources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Schedules through the API, the real engine and a real runner. That time passes is played by
 * moving back what a schedule has done, as it would stand after everything was down for that long.
 */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class SchedulesTest {
  private static final String SCHEDULES = "/api/v1/schedules";

  /** Half a year ago, and so once in the last 400 days and twice in the last 700. */
  private final LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(180).withDayOfMonth(15);

  private final String yearly = "0 0 15 " + day.getMonthValue() + " *";
  private static final String MINUTELY = "* * * * *";

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  @Inject Pool pool;
  @Inject Firing firing;
  @TempDir Path directory;

  private String create(String cron, String workflow, Map<String, Object> more) {
    Map<String, Object> body = new HashMap<>(more);
    body.putIfAbsent("name", "s-" + UUID.randomUUID());
    body.put("cron", cron);
    body.put("execute", Map.of("definition", workflow));
    Response answer = mine.json().body(body).post(SCHEDULES);
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
    return answer.path("uuid");
  }

  private static String workflow(String name, String command) {
    return "{name: %s, steps: [{name: a, output: OUT, command: \"%s\"}]}".formatted(name, command);
  }

  /** Nothing was there since then; held = and nobody works on it until it is let go. */
  private void downFor(String schedule, Duration time, boolean held) {
    pool.preparedQuery(
            """
            update schedules set base = now() - $2 * interval '1 second', next_at = null,
              taken_until = case when $3 then now() + interval '1 hour' end
            where id = $1
            """)
        .execute(Tuple.of(UUID.fromString(schedule), time.toSeconds(), held))
        .await()
        .atMost(Duration.ofSeconds(10));
  }

  private List<String> outcomes(String schedule) {
    return mine.json().get(SCHEDULES + "/" + schedule + "/slots?limit=100").path("slots.outcome");
  }

  private void await(String schedule, String... outcomes) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(outcomes(schedule)).containsExactly(outcomes));
  }

  private void awaitField(String execution, String path, Object value) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () ->
                mine.json()
                    .get("/api/v1/workflows/executions/" + execution)
                    .then()
                    .body(path, equalTo(value)));
  }

  private String lastExecution(String schedule) {
    return mine.json().get(SCHEDULES + "/" + schedule).path("last.execution_id");
  }

  @Test
  void startsWhatItSaysAtItsSlotAndTellsIt() {
    String id = create(yearly, workflow("report", "echo $scheduled_at"), Map.of("catchup", "last"));
    downFor(id, Duration.ofDays(700), false);
    await(id, "started", "missed");
    Response shown = mine.json().get(SCHEDULES + "/" + id);
    String slot = shown.path("last.slot");
    assertThat(slot).isEqualTo(day + "T00:00:00Z");
    assertThat(Instant.parse(shown.path("next_at")))
        .isAfter(Instant.parse(slot).plus(Duration.ofDays(364)));
    awaitField(lastExecution(id), "status", "completed");
    awaitField(lastExecution(id), "steps[0].output", slot);
    mine.json()
        .get("/api/v1/audit?action=workflow.execute")
        .then()
        .body("entries.actor.name", hasItems("schedule " + shown.path("name")));
  }

  @Test
  void firesASlotThatIsDueNow() {
    String id = create(MINUTELY, workflow("minutely", "true"), Map.of());
    downFor(id, Duration.ofSeconds(61), false);
    Awaitility.await().untilAsserted(() -> assertThat(outcomes(id)).contains("started"));
  }

  @Test
  void firesOnceHoweverManyEnginesTryTo() {
    String id = create(yearly, workflow("once", "true"), Map.of("catchup", "last"));
    downFor(id, Duration.ofDays(400), true);
    Instant base =
        pool.preparedQuery("select base from schedules where id = $1")
            .execute(Tuple.of(UUID.fromString(id)))
            .await()
            .atMost(Duration.ofSeconds(10))
            .iterator()
            .next()
            .getOffsetDateTime(0)
            .toInstant();
    Taken taken =
        new Taken(
            UUID.fromString(id),
            mine.id(),
            "once",
            Schedule.when(List.of(yearly), "UTC", "allow", "last"),
            new Schedule.RequestInColumn()
                .convertToEntityAttribute(
                    "{\"definition\": {\"name\": \"once\", \"steps\": [{\"name\": \"a\", \"command\": \"true\"}]}}"),
            base,
            Instant.now());
    Turn turn = Turn.of(taken.when(), taken.base(), taken.now());
    List<String> outcomes =
        Uni.join()
            .all(IntStream.range(0, 8).mapToObj(i -> firing.of(taken, turn)).toList())
            .andFailFast()
            .await()
            .atMost(Duration.ofSeconds(20));
    assertThat(outcomes).hasSize(8).containsOnlyOnce(Slot.STARTED);
    await(id, "started");
    mine.json().get("/api/v1/workflows/executions?limit=100").then().body("total", equalTo(1));
  }

  @Test
  void catchesUpByItsRule() {
    String monthly = "0 0 1 * *";
    String none = create(monthly, workflow("none", "true"), Map.of("catchup", "none"));
    String all =
        create(
            monthly,
            workflow("all", "echo $scheduled_at"),
            Map.of("catchup", "all", "overlap", "queue"));
    downFor(none, Duration.ofDays(95), false);
    downFor(all, Duration.ofDays(95), false);
    await(none, "missed");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(outcomes(all)).hasSizeBetween(3, 4).containsOnly("started"));
    List<String> slots = mine.json().get(SCHEDULES + "/" + all + "/slots").path("slots.slot");
    assertThat(slots).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> b.compareTo(a));
    awaitField(lastExecution(all), "steps[0].output", slots.get(0));
    mine.json()
        .get(SCHEDULES + "/" + none)
        .then()
        .body("last.error", containsString("catchup is none"))
        .body("last.execution_id", nullValue());
  }

  @Test
  void skipsQueuesOrAllowsWhatOverlaps() throws Exception {
    String waits = "until [ -e " + directory.resolve("go") + " ]; do sleep 0.05; done";
    Map<String, String> ids = new HashMap<>();
    for (String overlap : List.of("skip", "queue", "allow")) {
      String id =
          create(yearly, workflow(overlap, waits), Map.of("overlap", overlap, "catchup", "last"));
      ids.put(overlap, id);
      downFor(id, Duration.ofDays(400), false);
      await(id, "started");
      String first = lastExecution(id);
      awaitField(first, "status", "running");
      pool.preparedQuery("delete from schedule_slots where schedule_id = $1")
          .execute(Tuple.of(UUID.fromString(id)))
          .await()
          .atMost(Duration.ofSeconds(10));
      downFor(id, Duration.ofDays(400), false);
    }
    await(ids.get("skip"), "skipped");
    mine.json()
        .get(SCHEDULES + "/" + ids.get("skip"))
        .then()
        .body("last.error", containsString("has not ended"));
    await(ids.get("queue"), "started");
    awaitField(lastExecution(ids.get("queue")), "status", "queued");
    await(ids.get("allow"), "started");
    awaitField(lastExecution(ids.get("allow")), "status", "running");
    Files.createFile(directory.resolve("go"));
    awaitField(lastExecution(ids.get("queue")), "status", "completed");
    awaitField(lastExecution(ids.get("allow")), "status", "completed");
  }

  @Test
  void skipsWhatHasSucceededSinceTheSlotBefore() {
    String definition =
        "{name: done, skipIfSuccessful: true, steps: [{name: a, command: \"true\"}]}";
    mine.json()
        .body(Map.of("definition", definition))
        .post("/api/v1/workflows/execute?wait=30s")
        .then()
        .body("status", equalTo("completed"));
    String id = create(MINUTELY, definition, Map.of("catchup", "last"));
    downFor(id, Duration.ofSeconds(60), false);
    Awaitility.await().untilAsserted(() -> assertThat(outcomes(id)).contains("skipped"));
    mine.json()
        .get(SCHEDULES + "/" + id)
        .then()
        .body("last.error", containsString("has completed"));
  }

  @Test
  void tellsWhenItsWorkflowCannotBeStarted() {
    String source =
        TestSources.scanned(
            mine,
            """
            {"name": "going", "type": "inline",
             "workflows": [{"name": "gone", "steps": [{"name": "a", "command": "true"}]}]}
            """);
    String id =
        mine.json()
            .body(
                Map.of(
                    "name",
                    "of a source",
                    "cron",
                    yearly,
                    "catchup",
                    "last",
                    "execute",
                    Map.of("workflow", "gone")))
            .post(SCHEDULES)
            .then()
            .statusCode(201)
            .extract()
            .path("uuid");
    mine.json().delete("/api/v1/sources/" + source).then().statusCode(200);
    downFor(id, Duration.ofDays(400), false);
    await(id, "failed");
    mine.json().get(SCHEDULES + "/" + id).then().body("last.error", containsString("gone"));
  }

  @Test
  void goesOnFromNowAfterAPause() {
    String id = create(yearly, workflow("paused", "true"), Map.of("catchup", "all"));
    mine.json()
        .body(Map.of("paused", true))
        .put(SCHEDULES + "/" + id)
        .then()
        .statusCode(200)
        .body("paused", equalTo(true))
        .body("next_at", nullValue());
    downFor(id, Duration.ofDays(400), false);
    mine.json()
        .body(Map.of("paused", false))
        .put(SCHEDULES + "/" + id)
        .then()
        .statusCode(200)
        .body("next_at", notNullValue());
    Awaitility.await().untilAsserted(() -> assertThat(isPlanned(id)).isTrue());
    assertThat(outcomes(id)).isEmpty();
  }

  private boolean isPlanned(String schedule) {
    return pool.preparedQuery(
            "select coalesce(next_at > now(), false) as planned from schedules where id = $1")
        .execute(Tuple.of(UUID.fromString(schedule)))
        .await()
        .atMost(Duration.ofSeconds(10))
        .iterator()
        .next()
        .getBoolean("planned");
  }

  @Test
  void keepsItsSlotsWhenSomethingElseOfItChanges() {
    String id = create(yearly, workflow("kept", "true"), Map.of("catchup", "last"));
    downFor(id, Duration.ofDays(400), true);
    mine.json()
        .body(Map.of("description", "another"))
        .put(SCHEDULES + "/" + id)
        .then()
        .statusCode(200)
        .body("description", equalTo("another"));
    pool.preparedQuery("update schedules set taken_until = null where id = $1")
        .execute(Tuple.of(UUID.fromString(id)))
        .await()
        .atMost(Duration.ofSeconds(10));
    await(id, "started");
  }

  @Test
  void comesWithAWorkflowOfASource() {
    String source =
        """
        {"name": "scheduled", "type": "inline", "workflows": [
          {"name": "w", "description": "what it does",
           "schedule": {"cron": "%s", "timezone": "Europe/Berlin", "overlap": "queue", "catchup": true},
           "steps": [{"name": "a", "command": "true"}]},
          {"name": "by hand", "steps": [{"name": "a", "command": "true"}]}]}
        """;
    String uuid = TestSources.scanned(mine, source.formatted("30 6 * * *"));
    String id =
        mine.json()
            .get(SCHEDULES)
            .then()
            .body("schedules", hasSize(1))
            .body("schedules[0].name", equalTo("w"))
            .body("schedules[0].description", equalTo("what it does"))
            .body("schedules[0].cron", contains("30 6 * * *"))
            .body("schedules[0].timezone", equalTo("Europe/Berlin"))
            .body("schedules[0].overlap", equalTo("queue"))
            .body("schedules[0].catchup", equalTo("all"))
            .body("schedules[0].source", equalTo(uuid))
            .body("schedules[0].execute.workflow", equalTo("w"))
            .extract()
            .path("schedules[0].uuid");
    mine.json().body(Map.of("cron", yearly)).put(SCHEDULES + "/" + id).then().statusCode(409);
    mine.json().delete(SCHEDULES + "/" + id).then().statusCode(409);
    mine.json().body(Map.of("paused", true)).put(SCHEDULES + "/" + id).then().statusCode(200);
    mine.json()
        .body(source.formatted("45 6 * * *"))
        .put("/api/v1/sources/" + uuid)
        .then()
        .statusCode(200);
    Awaitility.await()
        .untilAsserted(
            () ->
                mine.json()
                    .get(SCHEDULES + "/" + id)
                    .then()
                    .body("cron", contains("45 6 * * *"))
                    .body("paused", equalTo(true)));
    mine.json().delete("/api/v1/sources/" + uuid).then().statusCode(200);
    mine.json().get(SCHEDULES).then().body("schedules", hasSize(0));
  }

  @Test
  void saysAllThatIsWrong() {
    mine.json()
        .body(
            Map.of(
                "name",
                "bad",
                "cron",
                List.of("61 * * * *", "@daily"),
                "timezone",
                "Berlin",
                "overlap",
                "never",
                "catchup",
                "some"))
        .post(SCHEDULES)
        .then()
        .statusCode(400)
        .body(
            "error.details.faults.field",
            hasItems("execute", "cron[0]", "timezone", "overlap", "catchup"));
    mine.json()
        .body(Map.of("name", "bad", "cron", yearly, "execute", Map.of("definition", "{name: x}")))
        .post(SCHEDULES)
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo("steps"));
    mine.json()
        .body(
            Map.of(
                "name",
                "bad",
                "cron",
                yearly,
                "execute",
                Map.of("definition", workflow("x", "true"), "runner", "nowhere")))
        .post(SCHEDULES)
        .then()
        .statusCode(400)
        .body("error.details.field", equalTo("runner"));
  }
}
