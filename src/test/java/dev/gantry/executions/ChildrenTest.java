package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.HeldSegments;
import dev.gantry.testing.TestOrganization;
import dev.gantry.testing.TestSources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps that other executions do: workflows and items, through the API and a real runner. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class ChildrenTest {
  private static final String EXECUTIONS = "/api/v1/workflows/executions";

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  @TempDir Path directory;

  private ValidatableResponse execute(String definition) {
    return mine.json()
        .body(Map.of("definition", definition))
        .post("/api/v1/workflows/execute?wait=30s")
        .then();
  }

  private String begin(String definition) {
    Response answer =
        mine.json().body(Map.of("definition", definition)).post("/api/v1/workflows/execute");
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(202);
    return answer.path("execution_id");
  }

  private void source(String workflows) {
    TestSources.scanned(
        mine, "{\"name\": \"s\", \"type\": \"inline\", \"workflows\": [" + workflows + "]}");
  }

  private Response get(String execution) {
    return mine.json().get(EXECUTIONS + "/" + execution);
  }

  private void await(String execution, String path, Object value) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> get(execution).then().body(path, equalTo(value)));
  }

  /** The execution that does the first step. */
  private String child(String execution) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              String child = get(execution).path("steps[0].child");
              return child != null && get(child).statusCode() == 200;
            });
    return get(execution).path("steps[0].child");
  }

  @Test
  void aStepIsAWorkflowAndTakesItsOutputs() {
    source(
        """
        {"name": "build", "params": {"TAG": "none", "EXTRA": "e"}, "steps": [
          {"name": "version", "command": "echo $TAG-1", "output": "VERSION"},
          {"name": "about", "command": "echo '{\\"of\\": \\"'$EXTRA'\\"}'", "output": "ABOUT"}]}
        """);
    String parent =
        execute(
                """
                name: release
                params: {BRANCH: main}
                steps:
                  - name: build
                    run: build
                    params: {TAG: "${BRANCH}"}
                    output: BUILT
                  - name: tell
                    command: echo "${BUILT.VERSION} of ${BUILT.ABOUT.of}"
                    output: TOLD
                """)
            .body("status", equalTo("completed"))
            .body("steps[0].status", equalTo("completed"))
            .body("steps[0].child", startsWith("exec-"))
            .body("steps[1].output", equalTo("main-1 of e"))
            .extract()
            .path("execution_id");
    String child = get(parent).path("steps[0].child");
    get(child)
        .then()
        .body("parent", equalTo(parent))
        .body("workflow.name", equalTo("build"))
        .body("status", equalTo("completed"));
    mine.json()
        .get(EXECUTIONS)
        .then()
        .body("executions", hasSize(1))
        .body("executions[0].execution_id", equalTo(parent));
    mine.json()
        .get(EXECUTIONS + "?parent=" + parent)
        .then()
        .body("executions", hasSize(1))
        .body("executions[0].execution_id", equalTo(child));
  }

  @Test
  void aWorkflowThatFailsFailsTheStep() {
    source("{\"name\": \"bad\", \"steps\": [{\"name\": \"a\", \"command\": \"exit 3\"}]}");
    execute("{name: p, steps: [{name: a, run: bad}, {name: b, command: 'true'}]}")
        .body("status", equalTo("failed"))
        .body("error", containsString("exit code 3"))
        .body("steps[0].status", equalTo("failed"))
        .body("steps[1].status", equalTo("skipped"));
  }

  @Test
  void aStepIsTriedAgainWithAnotherExecution() {
    source(
        """
        {"name": "second time", "params": {"MARK": ""}, "steps": [
          {"name": "a", "command": "if [ -e $MARK ]; then echo ok; else touch $MARK; exit 1; fi"}]}
        """);
    String parent =
        execute(
                """
                {name: p, steps: [{name: a, run: second time, params: {MARK: %s},
                 retryPolicy: {limit: 2, intervalSec: 0}}]}
                """
                    .formatted(directory.resolve("mark")))
            .body("status", equalTo("completed"))
            .body("steps[0].attempt", equalTo(2))
            .extract()
            .path("execution_id");
    mine.json().get(EXECUTIONS + "?parent=" + parent).then().body("total", equalTo(2));
  }

  @Test
  void aWorkflowThatIsNotThereFailsTheStep() {
    execute("{name: p, steps: [{name: a, run: nowhere}]}")
        .body("status", equalTo("failed"))
        .body("error", containsString("no workflow 'nowhere'"));
  }

  @Test
  void workflowsRunEachOtherOnlySoDeep() {
    source("{\"name\": \"again\", \"steps\": [{\"name\": \"a\", \"run\": \"again\"}]}");
    execute("{name: p, steps: [{name: a, run: again}]}")
        .body("status", equalTo("failed"))
        .body("error", containsString("10 levels"));
  }

  @Test
  void aStepIsRunForEachItem() {
    execute(
            """
            name: fan
            params: {REGIONS: '["eu", "us", "a b"]'}
            steps:
              - name: deploy
                parallel: ${REGIONS}
                command: echo "to ${ITEM} $ITEM"
                output: WHERE
              - name: tell
                command: echo "${WHERE[2]}"
                output: TOLD
            """)
        .body("status", equalTo("completed"))
        .body("steps[0].output", equalTo("[\"to eu eu\",\"to us us\",\"to a b a b\"]"))
        .body("steps[1].output", equalTo("to a b a b"));
  }

  @Test
  void itemsMayBeObjectsAndAreTriedAgainByThemselves() {
    String parent =
        execute(
                """
                name: fan
                steps:
                  - name: each
                    parallel:
                      items: [{n: 1, mark: %1$s}, {n: 2, mark: %2$s}]
                      maxConcurrent: 1
                    command: if [ -e ${ITEM.mark} ]; then echo ${ITEM.n}; else touch ${ITEM.mark}; exit 1; fi
                    retryPolicy: {limit: 1, intervalSec: 0}
                    output: N
                """
                    .formatted(directory.resolve("one"), directory.resolve("two")))
            .body("status", equalTo("completed"))
            .body("steps[0].output", equalTo("[\"1\",\"2\"]"))
            .body("steps[0].attempt", equalTo(1))
            .extract()
            .path("execution_id");
    String child = get(parent).path("steps[0].child");
    get(child)
        .then()
        .body("workflow.name", equalTo("fan/each"))
        .body("steps.name", equalTo(List.of("each[0]", "each[1]")))
        .body("steps.attempt", equalTo(List.of(2, 2)));
  }

  @Test
  void itemsThatFailFailTheStepOnceAllHaveEnded() {
    execute(
            """
            {name: fan, steps: [{name: each, parallel: {items: [0, 1, 0, 4]}, command: 'exit ${ITEM}'}]}
            """)
        .body("status", equalTo("failed"))
        .body("error", containsString("2 of 4 items"));
  }

  @Test
  void noItemsAreNothingToDo() {
    execute(
            """
            {name: fan, params: {L: "[]"}, steps: [
              {name: each, parallel: "${L}", command: "exit 1", output: OUT},
              {name: then, command: echo, env: {SEEN: "${OUT}"}}]}
            """)
        .body("status", equalTo("completed"))
        .body("steps[0].output", equalTo("[]"));
  }

  @Test
  void itemsThatAreNoneAreToldOf() {
    execute("{name: fan, steps: [{name: each, parallel: '${NONE}', command: 'true'}]}")
        .body("status", equalTo("failed"))
        .body("error", containsString("${NONE}"));
  }

  @Test
  void itemsMayRunWorkflows() {
    source(
        """
        {"name": "one", "params": {"N": ""}, "steps": [
          {"name": "a", "command": "echo <$N>", "output": "OUT"}]}
        """
            .replace("<$N>", "'<'$N'>'"));
    execute(
            """
            name: fan
            steps:
              - name: each
                parallel: [1, 2, 3]
                run: one
                params: {N: "${ITEM}"}
                output: ALL
              - name: tell
                command: echo "${ALL[1].OUT}"
                output: TOLD
            """)
        .body("status", equalTo("completed"))
        .body("steps[1].output", equalTo("<2>"));
  }

  @Test
  void whatIsBelowIsCancelledWithIt() {
    source("{\"name\": \"long\", \"steps\": [{\"name\": \"a\", \"command\": \"sleep 60\"}]}");
    String parent =
        begin("{name: p, steps: [{name: a, parallel: [1, 2], run: long}, {name: b, command: x}]}");
    String items = child(parent);
    String one = child(items);
    await(one, "steps[0].status", "running");
    mine.json().post(EXECUTIONS + "/" + parent + "/cancel").then().statusCode(202);
    await(parent, "status", "cancelled");
    get(items).then().body("status", equalTo("cancelled"));
    get(one).then().body("status", equalTo("cancelled")).body("error", containsString(items));
    get(parent).then().body("steps.status", equalTo(List.of("cancelled", "cancelled")));
  }

  @Test
  void aStepsTimeoutEndsItsWorkflow() {
    source("{\"name\": \"long\", \"steps\": [{\"name\": \"a\", \"command\": \"sleep 60\"}]}");
    execute("{name: p, steps: [{name: a, run: long, timeout: 1}]}")
        .body("status", equalTo("failed"))
        .body("steps[0].status", equalTo("timed_out"));
  }

  /** A workflow that writes what it was given into a file once another one is there. */
  private void cleaning(String steps) {
    source("{\"name\": \"clean\", \"params\": {\"SAID\": \"\"}, \"steps\": [" + steps + "]}");
  }

  private String waitFor(Path gate) {
    return "{\"name\": \"a\", \"command\": \"until [ -e %s ]; do sleep 0.05; done\"}"
        .formatted(gate);
  }

  @Test
  void aHandlerIsAWorkflowThatIsWaitedFor() throws Exception {
    Path go = directory.resolve("go");
    Path said = directory.resolve("said");
    cleaning(waitFor(go) + ", {\"name\": \"b\", \"command\": \"echo $SAID > %s\"}".formatted(said));
    String parent =
        begin(
            """
            name: p
            steps: [{name: a, command: exit 3}]
            handlerOn:
              failure: {run: clean, params: {SAID: "${GANTRY_EXECUTION_STATUS}"}}
            """);
    await(parent, "steps[1].status", "running");
    String child = get(parent).path("steps[1].child");
    await(child, "steps[0].status", "running");
    get(parent).then().body("status", equalTo("running"));
    mine.json()
        .get(EXECUTIONS + "/" + parent + "/why")
        .then()
        .body("reason", containsString("handlers are run"))
        .body("steps[0].name", equalTo("onFailure"))
        .body("steps[0].owner", equalTo(child))
        .body("steps[0].deadline", notNullValue());
    Files.createFile(go);
    await(parent, "status", "failed");
    get(parent).then().body("error", containsString("exit code 3"));
    get(child).then().body("status", equalTo("completed")).body("parent", equalTo(parent));
    assertThat(said).hasContent("failed");
  }

  @Test
  void aCancelOrAPauseIsNotForAWorkflowThatIsAHandler() throws Exception {
    Path go = directory.resolve("go");
    cleaning(waitFor(go));
    String parent =
        begin(
            """
            {name: p, steps: [{name: a, command: sleep 60}], handlerOn: {cancel: {run: clean}}}
            """);
    await(parent, "steps[0].status", "running");
    mine.json().post(EXECUTIONS + "/" + parent + "/cancel").then().statusCode(202);
    await(parent, "steps[1].status", "running");
    String child = get(parent).path("steps[1].child");
    await(child, "steps[0].status", "running");
    mine.json().post(EXECUTIONS + "/" + parent + "/pause").then().statusCode(202);
    mine.json().post(EXECUTIONS + "/" + parent + "/cancel").then().statusCode(202);
    Files.createFile(go);
    await(parent, "status", "cancelled");
    get(child).then().body("status", equalTo("completed"));
    get(parent).then().body("steps[1].status", equalTo("completed"));
  }

  @Test
  void aHandlersTimeEndsItsWorkflow() {
    cleaning(waitFor(directory.resolve("never")));
    execute(
            """
            {name: p, steps: [{name: a, command: "true"}], handlerOn: {exit: {run: clean, timeout: 1}}}
            """)
        .body("status", equalTo("failed"))
        .body("steps[1].status", equalTo("timed_out"));
  }

  @Test
  void aHandlersWorkflowThatDoesNotGetItsTurnInTimeIsEndedToo() throws Exception {
    Path go = directory.resolve("go");
    source(
        """
        {"name": "clean", "queue": "narrow", "steps": [{"name": "a", "command": "true"}]}
        """);
    String other = begin("{name: o, queue: narrow, steps: [%s]}".formatted(waitFor(go)));
    await(other, "steps[0].status", "running");
    String parent =
        begin("{name: p, steps: [{name: a, command: 'true'}], handlerOn: {exit: {run: clean}}}");
    await(parent, "steps[1].status", "running");
    String child = get(parent).path("steps[1].child");
    await(child, "status", "queued");

    letTimePass(parent, 1);

    await(parent, "status", "failed");
    get(parent).then().body("steps[1].status", equalTo("timed_out"));
    get(child).then().body("status", equalTo("cancelled"));
    Files.createFile(go);
    await(other, "status", "completed");
  }

  /** As if the handler had been at it for as long as it may. */
  private static void letTimePass(String execution, int step) throws SQLException {
    try (Connection database = TestOrganization.connect();
        PreparedStatement update =
            database.prepareStatement(
                "update execution_steps set retry_at = now() where execution_id = ? and index = ?")) {
      update.setObject(1, Kind.WORKFLOW.parse(execution).orElseThrow());
      update.setInt(2, step);
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
  }

  @Test
  void handlersRunEachOtherOnlySoDeep() {
    source(
        """
        {"name": "again", "steps": [{"name": "a", "command": "true"}],
         "handlerOn": {"exit": {"run": "again"}}}
        """);
    execute("{name: p, steps: [{name: a, command: 'true'}], handlerOn: {exit: {run: again}}}")
        .body("status", equalTo("failed"))
        .body("error", containsString("10 levels"));
  }

  @Test
  void anotherRunHasItsHandlersWorkflowAnew() {
    cleaning("{\"name\": \"a\", \"command\": \"true\"}");
    String first =
        execute(
                "{name: p, steps: [{name: a, command: exit 1}], handlerOn: {failure: {run: clean}}}")
            .body("status", equalTo("failed"))
            .extract()
            .path("execution_id");
    String second =
        mine.json()
            .body(Map.of())
            .post(EXECUTIONS + "/" + first + "/rerun?wait=30s")
            .then()
            .extract()
            .path("execution_id");
    await(second, "status", "failed");
    String child = get(second).path("steps[1].child");
    assertThat(child).isNotNull().isNotEqualTo(get(first).path("steps[1].child"));
    get(child).then().body("status", equalTo("completed")).body("parent", equalTo(second));
  }

  @Test
  void whatIsBelowPausesAndResumesWithIt() throws Exception {
    source(
        """
        {"name": "two", "params": {"GO": ""}, "steps": [
          {"name": "a", "command": "until [ -e $GO ]; do sleep 0.05; done"},
          {"name": "b", "command": "true"}]}
        """);
    Path go = directory.resolve("go");
    String parent =
        begin("{name: p, steps: [{name: a, run: two, params: {GO: %s}}]}".formatted(go));
    String child = child(parent);
    await(child, "steps[0].status", "running");
    mine.json().post(EXECUTIONS + "/" + parent + "/pause").then().statusCode(202);
    await(child, "status", "paused");
    HeldSegments.awaitTheFirstStepAlone(child);
    Files.createFile(go);
    await(child, "steps[0].status", "completed");
    get(child).then().body("status", equalTo("paused"));
    mine.json().post(EXECUTIONS + "/" + parent + "/resume").then().statusCode(202);
    await(parent, "status", "completed");
  }

  @Test
  void whoWaitsIsToldForWhat() throws Exception {
    Path go = directory.resolve("go");
    String parent =
        begin(
            """
            {name: p, steps: [{name: a, parallel: [1], command: "until [ -e %s ]; do sleep 0.05; done"}]}
            """
                .formatted(go));
    String child = child(parent);
    mine.json()
        .get(EXECUTIONS + "/" + parent + "/why")
        .then()
        .body("reason", containsString("waits for the execution"))
        .body("steps[0].owner", equalTo(child));
    Files.createFile(go);
    await(parent, "status", "completed");
  }

  @Test
  void whatIsBelowDoesNotWaitForAPlaceThatIsHeldAboveIt() {
    source(
        """
        {"name": "inner", "queue": "narrow", "steps": [{"name": "a", "command": "true"}]}
        """);
    execute("{name: outer, queue: narrow, steps: [{name: a, run: inner}]}")
        .body("status", equalTo("completed"));
  }
}
