package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

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
    String spans = "resourceSpans[0].scopeSpans[0].spans";
    assertThat(answer.<List<String>>path(spans + ".name"))
        .containsExactly("again", "again", "then", "traced");
    assertThat(answer.<List<Integer>>path(spans + ".status.code")).containsExactly(2, 1, 1, 1);
    String root = answer.path(spans + "[3].spanId");
    assertThat(root).matches("[0-9a-f]{16}");
    assertThat(answer.<List<String>>path(spans + ".parentSpanId"))
        .containsExactly(root, root, root, null);
    assertThat(answer.<List<String>>path(spans + ".spanId")).doesNotHaveDuplicates();
    assertThat(answer.<List<String>>path(spans + ".traceId"))
        .containsOnly(id.replace("exec-", "").replace("-", ""));
    assertThat(Long.parseLong(answer.path(spans + "[3].startTimeUnixNano")))
        .isLessThanOrEqualTo(Long.parseLong(answer.path(spans + "[3].endTimeUnixNano")));
  }

  @Test
  void linksTheSpansOfWhatDoesAStep() {
    String id = execute("{name: p, steps: [{name: a, parallel: [1, 2], command: 'true'}]}", true);
    String child = mine.json().get(EXECUTIONS + id).path("steps[0].child");
    String spans = "resourceSpans[0].scopeSpans[0].spans";
    String step =
        mine.json()
            .get(EXECUTIONS + id + "/trace/spans")
            .path(spans + ".find { it.name == 'a' }.spanId");
    mine.json()
        .get(EXECUTIONS + child + "/trace/spans")
        .then()
        .body(spans + ".find { it.name == 'p/a' }.links[0].spanId", equalTo(step));
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
