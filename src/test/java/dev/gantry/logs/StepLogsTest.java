package dev.gantry.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.platform.Ids;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Other rooms wait for a log, and read it as text. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
@Timeout(60)
class StepLogsTest {
  private static final Duration LONG = Duration.ofSeconds(50);

  @Inject StepLogs logs;
  @Inject Pool pool;
  private final TestOrganization mine = TestOrganization.create("ADMIN");

  private UUID ended(String steps) {
    String id =
        mine.json()
            .body(Map.of("definition", "name: w\nsteps: " + steps))
            .post("/api/v1/workflows/execute?wait=30s")
            .path("execution_id");
    return Kind.WORKFLOW.parse(id).orElseThrow();
  }

  private Uni<Optional<List<String>>> whenStored(UUID id, Duration patience) {
    return logs.whenStored(mine.id(), Kind.WORKFLOW, id, patience);
  }

  /** As if fewer lines had come, or the rest of them now. */
  private void come(UUID id, int lines) {
    pool.preparedQuery("update log_attempts set lines = lines + $2 where execution_id = $1")
        .executeAndAwait(Tuple.of(id, lines));
  }

  @Test
  void readsWhatEachStepPrintedInAllAttempts() {
    UUID id =
        ended(
            "[{name: a, script: 'echo try $GANTRY_ATTEMPT; test $GANTRY_ATTEMPT = 2',"
                + " retryPolicy: {limit: 1, intervalSec: 0}},"
                + " {name: quiet, command: 'true'},"
                + " {name: b, script: 'seq 3000; echo bad >&2'}]");

    assertThat(whenStored(id, LONG).await().indefinitely()).contains(List.of());
    StepLogs.Printed printed = logs.read(id, 1 << 20, 10).await().indefinitely();

    assertThat(printed.steps()).extracting(StepLogs.StepLog::step).containsExactly("a", "b");
    assertThat(new String(printed.steps().get(0).text(), StandardCharsets.UTF_8))
        .isEqualTo("try 1\n--- attempt 2 ---\ntry 2\n");
    assertThat(new String(printed.steps().get(1).text(), StandardCharsets.UTF_8).lines())
        .hasSize(3001)
        .contains("bad", "1", "3000");
  }

  @Test
  void waitsForLinesThatAreStillOnTheirWay() {
    UUID id = ended("[{name: a, script: seq 2}]");
    assertThat(whenStored(id, LONG).await().indefinitely()).contains(List.of());
    come(id, -1);

    CompletableFuture<Optional<List<String>>> found =
        whenStored(id, LONG).subscribeAsCompletionStage();
    assertThat(found).as("too early").failsWithin(Duration.ofSeconds(1));
    come(id, 1);

    assertThat(found).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(Optional.of(List.of()));
  }

  @Test
  void saysAfterAWhileWhatIsMissing() {
    UUID id = ended("[{name: a, script: seq 2}]");
    assertThat(whenStored(id, LONG).await().indefinitely()).contains(List.of());
    come(id, -1);

    assertThat(whenStored(id, Duration.ofMillis(300)).await().indefinitely().orElseThrow())
        .containsExactly("step 'a' attempt 1: 1 of 2 lines came so far");
  }

  @Test
  void knowsNothingOfOthersExecutions() {
    UUID id = ended("[{name: a, command: echo one}]");

    assertThat(logs.whenStored(Ids.next(), Kind.WORKFLOW, id, LONG).await().indefinitely())
        .isEmpty();
  }
}
