package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class TraceTest {
  private static final String EXECUTIONS = "/api/v1/workflows/executions/";
  private static final String SPANS = "resourceSpans[0].scopeSpans[0].spans";
  private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

  private final TestOrganization mine = TestOrganization.create("OPERATOR");
  @TempDir Path directory;

  private String execute(String definition, boolean saveTrace) {
    return mine.json()
        .body(Map.of("definition", definition, "save_trace", saveTrace))
        .post("/api/v1/workflows/execute?wait=30s")
        .then()
        .body("status", equalTo("completed"))
        .extract()
        .path("execution_id");
  }

  private String retried() {
    return """
        name: traced
        steps:
          - name: again
            command: if [ -e %1$s ]; then true; else touch %1$s; exit 1; fi
            retryPolicy: {limit: 1, intervalSec: 0}
          - name: then
            command: "true"
        """
        .formatted(directory.resolve("mark"));
  }

  @Test
  void tellsEveryMoveInItsOrder() {
    String id = execute(retried(), true);
    Response answer = mine.json().get(EXECUTIONS + id + "/trace");
    assertThat(answer.statusCode()).isEqualTo(200);
    List<Map<String, Object>> moves = answer.path("transitions");
    Map<Object, Object> at = new HashMap<>();
    for (Map<String, Object> move : moves) {
      Object first = move.get("step") == null ? null : "pending";
      Object before = at.put(move.get("step"), move.get("to"));
      assertThat(move.get("from")).isEqualTo(before == null ? first : before);
    }
    assertThat(at).containsEntry(null, "completed").containsEntry("then", "completed");
    assertThat(answer.<List<Object>>path("transitions.findAll { it.step == 'again' }.to"))
        .contains("retrying")
        .last()
        .isEqualTo("completed");
    List<String> times = answer.path("transitions.at");
    assertThat(times.stream().map(Instant::parse).toList()).isSorted();
  }

  @Test
  void isSpansForACollector() {
    String id = execute(retried(), true);
    Response answer = mine.json().get(EXECUTIONS + id + "/trace/spans");
    assertThat(answer.<List<String>>path(SPANS + ".name"))
        .containsExactly("again", "again", "then", "traced");
    assertThat(answer.<List<Integer>>path(SPANS + ".status.code")).containsExactly(2, 1, 1, 1);
    String root = answer.path(SPANS + "[3].spanId");
    assertThat(root).matches("[0-9a-f]{16}");
    assertThat(answer.<List<String>>path(SPANS + ".parentSpanId"))
        .containsExactly(root, root, root, null);
    assertThat(answer.<List<String>>path(SPANS + ".spanId")).doesNotHaveDuplicates();
    assertThat(answer.<List<String>>path(SPANS + ".traceId"))
        .containsOnly(id.replace("exec-", "").replace("-", ""));
    assertThat(Long.parseLong(answer.path(SPANS + "[3].startTimeUnixNano")))
        .isLessThanOrEqualTo(Long.parseLong(answer.path(SPANS + "[3].endTimeUnixNano")));
  }

  @Test
  void isPartOfTheCallersTraceWithAllThatItRuns() {
    String definition = "{name: p, steps: [{name: a, parallel: [1, 2], command: 'true'}]}";
    String id =
        mine.json()
            .header("traceparent", "00-" + TRACE_ID + "-b7ad6b7169203331-01")
            .body(Map.of("definition", definition, "save_trace", true))
            .post("/api/v1/workflows/execute?wait=30s")
            .path("execution_id");
    String child = mine.json().get(EXECUTIONS + id).path("steps[0].child");
    mine.json()
        .get(EXECUTIONS + id + "/trace/spans")
        .then()
        .body(SPANS + ".traceId", everyItem(equalTo(TRACE_ID)))
        .body(SPANS + ".find { it.name == 'p' }.parentSpanId", equalTo("b7ad6b7169203331"));
    mine.json()
        .get(EXECUTIONS + child + "/trace/spans")
        .then()
        .body(SPANS + ".traceId", everyItem(equalTo(TRACE_ID)));
  }

  @Test
  void putsTheSpansOfWhatDoesAStepIntoTheSteps() {
    String id = execute("{name: p, steps: [{name: a, parallel: [1, 2], command: 'true'}]}", true);
    String child = mine.json().get(EXECUTIONS + id).path("steps[0].child");
    String step =
        mine.json()
            .get(EXECUTIONS + id + "/trace/spans")
            .path(SPANS + ".find { it.name == 'a' }.spanId");
    mine.json()
        .get(EXECUTIONS + child + "/trace/spans")
        .then()
        .body(SPANS + ".find { it.name == 'p/a' }.parentSpanId", equalTo(step));
  }

  @Test
  void isNotThereUnlessItWasAskedFor() {
    String id = execute("{name: untraced, steps: [{name: a, command: 'true'}]}", false);
    mine.json()
        .get(EXECUTIONS + id + "/trace")
        .then()
        .statusCode(404)
        .body("error.message", containsString("save_trace"));
  }
}
