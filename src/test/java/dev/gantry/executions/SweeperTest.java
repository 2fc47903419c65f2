package dev.gantry.executions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Whatever state is in the database, and whoever is gone: every execution comes to its end. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class SweeperTest {
  private static final String EXECUTIONS = "/api/v1/workflows/executions/";

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  @Inject Pool pool;

  /** On a runner that has no process. */
  private String execute(String steps) {
    return mine.json()
        .body(
            Map.of(
                "definition", "{name: swept, steps: [" + steps + "]}", "runner", "r-" + mine.id()))
        .post("/api/v1/workflows/execute")
        .then()
        .statusCode(202)
        .extract()
        .path("execution_id");
  }

  private void sql(String statement, Object... parameters) {
    Tuple tuple = Tuple.tuple();
    Arrays.stream(parameters).forEach(tuple::addValue);
    pool.preparedQuery(statement).execute(tuple).await().atMost(Duration.ofSeconds(10));
  }

  /** As it would stand if all had died there, longer ago than anything waits. */
  private void put(String id, ExecutionStatus execution, StepStatus step, boolean stopping) {
    UUID uuid = Kind.WORKFLOW.parse(id).orElseThrow();
    sql(
        """
        update execution_steps set status = $2, attempt = 1, queued_at = now() - interval '8 days',
          started_at = case when $2 = 'running' then now() - interval '8 days' end,
          runner = case when $2 = 'running' then 'gone' end,
          retry_at = now() - interval '7 days'
        where execution_id = $1 and index = 0
        """,
        uuid,
        step.text());
    sql(
        """
        update executions set status = $2, created_at = now() - interval '8 days',
          wake_at = now() - interval '7 days', timeout_millis = 1000, version = version + 1,
          stop_requested_at = case when $3 then now() - interval '8 days' end,
          stop_status = case when $3 then 'cancelled' end,
          error = case when $3 then 'cancelled by somebody' end
        where id = $1
        """,
        uuid,
        execution.text(),
        stopping);
  }

  private String status(String id) {
    return mine.json().get(EXECUTIONS + id).path("status");
  }

  @Test
  void bringsEveryStateToItsEnd() {
    mine.json()
        .body(Map.of("name", "r-" + mine.id(), "type", "kubernetes"))
        .post("/api/v1/runners")
        .then()
        .statusCode(201);
    Map<String, String> put = new TreeMap<>();
    for (ExecutionStatus execution : ExecutionStatus.values()) {
      for (StepStatus step : StepStatus.values()) {
        for (boolean stopping : new boolean[] {false, true}) {
          // A queued execution has begun nothing, and one that is stopped is not paused.
          boolean canBe =
              !execution.terminal()
                  && (execution != ExecutionStatus.QUEUED || step == StepStatus.PENDING)
                  && (execution == ExecutionStatus.RUNNING || !stopping);
          if (canBe && isOpen(step)) {
            String id = execute("{name: a, command: x}, {name: b, command: x}");
            put(id, execution, step, stopping);
            put.put(id, execution + " " + step + (stopping ? " stopping" : ""));
          }
        }
      }
    }
    assertThat(put).hasSizeGreaterThan(20);
    String delegated = execute("{name: a, run: nowhere}, {name: b, command: x}");
    put.put(delegated, "delegated");
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> {
              List<String> alive = new ArrayList<>();
              put.forEach(
                  (id, state) -> {
                    if (!ExecutionStatus.of(status(id)).terminal()) {
                      alive.add(state + " " + id);
                    }
                  });
              assertThat(alive).isEmpty();
            });
  }

  private static boolean isOpen(StepStatus step) {
    return switch (step) {
      case COMPLETED, FAILED, TIMED_OUT, CANCELLED, SKIPPED -> false;
      default -> true;
    };
  }
}
