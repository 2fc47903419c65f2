package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TestSources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A12: an execution is cancelled, twice, in each state that it can be in, and ends in time. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class CancelTest {
  private static final String EXECUTIONS = "/api/v1/workflows/executions/";
  private static final Duration GRACE_AND_PATIENCE = Engine.GRACE.plusSeconds(5);

  /** Where a state is seen, and a definition that gets there and stays. */
  private record State(String name, String path, String value, String definition) {
    static State ofStep(String status, String definition) {
      return new State(status, "steps[0].status", status, definition);
    }
  }

  private static final List<State> STATES =
      List.of(
          new State(
              "delayed",
              "steps[1].status",
              "delayed",
              "delaySec: 1h, steps: [{name: a, command: 'true'}, {name: b, command: 'true'}]"),
          State.ofStep("running", "steps: [{name: a, command: sleep 600}]"),
          State.ofStep(
              "retrying",
              "steps: [{name: a, command: 'false', retryPolicy: {limit: 9, intervalSec: 1h}}]"),
          State.ofStep(
              "repeating",
              "steps: [{name: a, command: 'true', repeatPolicy: {repeat: true, intervalSec: 1h}}]"),
          State.ofStep("awaiting_approval", "steps: [{name: a, approval: {message: well}}]"),
          State.ofStep("queued", "runner: away, steps: [{name: a, command: 'true'}]"),
          new State(
              "delegated to a workflow",
              "steps[0].status",
              "running",
              "steps: [{name: a, run: sleeper}]"),
          new State(
              "delegated to items",
              "steps[0].status",
              "running",
              "steps: [{name: a, parallel: [1, 2, 3], command: sleep 600}]"),
          new State(
              "queued behind what runs",
              "steps[1].status",
              "queued",
              "steps: [{name: a, command: sleep 600}, {name: b, command: 'true'}]"));

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  private final Map<String, String> ids = new LinkedHashMap<>();
  @TempDir private Path directory;

  @BeforeEach
  void haveAWorkflowAndARunnerThatIsAway() {
    TestSources.scanned(
        mine,
        """
        {"name": "s", "type": "inline", "workflows": [
          {"name": "sleeper", "steps": [{"name": "a", "command": "sleep 600"}]}]}
        """);
    mine.json()
        .body("{\"name\": \"away\", \"type\": \"kubernetes\"}")
        .post("/api/v1/runners")
        .then()
        .statusCode(201);
  }

  private void execute(String state, String definition) {
    Response answer =
        mine.json()
            .body(
                Map.of("definition", "{name: " + state.replace(' ', '-') + ", " + definition + "}"))
            .post("/api/v1/workflows/execute");
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(202);
    ids.put(state, answer.path("execution_id"));
  }

  private Response get(String state) {
    return mine.json().get(EXECUTIONS + ids.get(state));
  }

  private void await(String state, String path, String value) {
    Awaitility.await(state)
        .atMost(Duration.ofSeconds(20))
        .until(() -> value.equals(get(state).<String>path(path)));
  }

  private void post(String state, String what, Integer... statuses) {
    Response answer = mine.json().post(EXECUTIONS + ids.get(state) + "/" + what);
    assertThat(answer.statusCode()).as(answer.asString()).isIn((Object[]) statuses);
  }

  @Test
  void endsInTimeFromEveryState() {
    STATES.forEach(state -> execute(state.name(), state.definition()));
    Path deaf = directory.resolve("deaf");
    execute(
        "deaf to the signal",
        "steps: [{name: a, script: \"trap '' TERM; touch " + deaf + "; sleep 600\"}]");
    execute("paused", "steps: [{name: a, command: 'true'}, {name: b, approval: {message: well}}]");
    execute("ahead", "queue: narrow, steps: [{name: a, command: sleep 600}]");
    execute("behind", "queue: narrow, steps: [{name: a, command: 'true'}]");

    STATES.forEach(state -> await(state.name(), state.path(), state.value()));
    post("paused", "pause", 202);
    await("paused", "status", "paused");
    await("behind", "status", "queued");
    Awaitility.await().until(() -> Files.exists(deaf));

    ids.keySet().forEach(state -> post(state, "cancel", 202));
    ids.keySet().forEach(state -> post(state, "cancel", 202, 409));
    long cancelled = System.nanoTime();

    for (String state : ids.keySet()) {
      Response ended = mine.json().get(EXECUTIONS + ids.get(state) + "?wait=30s");
      assertThat(ended.<String>path("status")).as(state).isEqualTo("cancelled");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - cancelled))
        .isLessThan(GRACE_AND_PATIENCE.plusSeconds(5));
    assertThat(get("queued").<String>path("steps[0].error"))
        .contains("runner 'away' did not report the end in time");
  }
}
