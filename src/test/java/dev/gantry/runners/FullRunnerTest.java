package dev.gantry.runners;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runner with one slot: who waits for it is told so. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
@TestProfile(FullRunnerTest.OneSlot.class)
class FullRunnerTest {
  private static final String RUNNER = "narrow-" + UUID.randomUUID();

  @TempDir private Path folder;
  private final TestOrganization mine = TestOrganization.create("ADMIN");

  /** A runner of this test alone, which tells of itself often. */
  public static class OneSlot implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "gantry.runner.name", RUNNER,
          "gantry.runner.capacity", "1",
          "gantry.runner.heartbeat", "200ms");
    }
  }

  private String execute(String script) {
    String definition =
        "{name: waits, runner: %s, steps: [{name: a, script: '%s'}]}".formatted(RUNNER, script);
    Response accepted =
        mine.json().body(Map.of("definition", definition)).post("/api/v1/workflows/execute");
    accepted.then().statusCode(202);
    return accepted.path("execution_id");
  }

  private String why(String id, String path) {
    return mine.json().get("/api/v1/workflows/executions/" + id + "/why").path(path);
  }

  @Test
  void whatWaitsForASlotSaysSo() throws IOException {
    Path go = folder.resolve("go");
    Path began = folder.resolve("began");
    String holder =
        execute("touch %s; while [ ! -e %s ]; do sleep 0.05; done".formatted(began, go));
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(began));
    String waiting = execute("true");

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(why(waiting, "steps[0].reason"))
                    .isEqualTo(
                        "handed to runner "
                            + RUNNER
                            + ", which is healthy, but has no slot free (1 of 1 are taken), and"
                            + " has not told its start"));
    assertThat(why(waiting, "steps[0].owner")).isEqualTo("runner " + RUNNER);

    Files.createFile(go);
    for (String id : new String[] {holder, waiting}) {
      Response ended = mine.json().get("/api/v1/workflows/executions/" + id + "?wait=60s");
      assertThat(ended.<String>path("status")).isEqualTo("completed");
    }
  }
}
