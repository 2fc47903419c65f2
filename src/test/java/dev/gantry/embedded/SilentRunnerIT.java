package dev.gantry.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.runner.kubernetes.cluster.TestCluster;
import dev.gantry.testing.TestOrganization;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A13 on Kubernetes: a runner that falls silent is unhealthy after three heartbeats, those who wait
 * for it are told so, and its steps are recovered when it is back, or end by their deadline.
 */
@Tag("chaos")
class SilentRunnerIT {
  private static final String RUNNER = "far";
  private static final String TOKEN = "shared-by-test-not-secret";
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final String prefix = "silent-" + UUID.randomUUID().toString().substring(0, 8);
  private final TestCluster cluster = TestCluster.start();
  private TestOrganization mine;
  private Replica api;
  private Replica runner;

  @BeforeEach
  void start() throws IOException {
    cluster.share(folder);
    api = replica("api", Map.of("gantry.roles", "api,engine"));
    api.awaitReady();
    runner =
        replica(
            "runner",
            Map.of(
                "gantry.roles",
                "runner",
                "gantry.runner.name",
                RUNNER,
                "gantry.runner.backend",
                "kubernetes",
                "gantry.runner.heartbeat",
                "1s",
                "gantry.runner.api-url",
                api.url(),
                "kubeconfig",
                kubeconfig().toString()));
    runner.awaitReady();
    mine = TestOrganization.create("ADMIN");
    awaitStatus("healthy");
  }

  private Replica replica(String name, Map<String, String> settings) throws IOException {
    Build build = new Build(Path.of(System.getProperty("gantry.build.directory")));
    Map<String, String> all = new HashMap<>(settings);
    all.put("gantry.kafka.topic-prefix", prefix);
    all.put("gantry.kafka.partitions", "4");
    all.put("gantry.runner.token", TOKEN);
    return Replica.start(build, folder.resolve(name), all);
  }

  private Path kubeconfig() throws IOException {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: test
        clusters: [{name: test, cluster: {server: "%s"}}]
        users: [{name: runner, user: {token: %s}}]
        contexts: [{name: test, context: {cluster: test, user: runner, namespace: %s}}]
        """
            .formatted(cluster.url(), cluster.token("runner"), cluster.namespace()));
  }

  @AfterEach
  void stop() throws IOException, InterruptedException {
    if (runner != null) {
      runner.kill();
    }
    api.close();
    cluster.close();
  }

  private Response runner() {
    return api.asked(mine.json()).get("/runners/" + RUNNER);
  }

  private void awaitStatus(String status) {
    Awaitility.await().atMost(SOON).until(() -> status.equals(runner().path("status")));
  }

  private String execute(String step) {
    Response answer =
        api.asked(mine.json())
            .body(
                Map.of(
                    "definition", "{name: waits, runner: " + RUNNER + ", steps: [" + step + "]}"))
            .post("/workflows/execute");
    answer.then().statusCode(202);
    return answer.path("execution_id");
  }

  private Response execution(String id, String query) {
    return api.asked(mine.json()).get("/workflows/executions/" + id + query);
  }

  @Test
  void whatRunsIsRecoveredWhenTheRunnerIsBack() throws Exception {
    Path began = folder.resolve("began");
    Path go = folder.resolve("go");
    String id =
        execute(
            "{name: a, script: 'echo x >> %s; while [ ! -e %s ]; do sleep 0.1; done; echo said'}"
                .formatted(began, go));
    Awaitility.await().atMost(SOON).until(() -> Files.exists(began));

    runner.pause();

    awaitStatus("unhealthy");
    Instant seen = Instant.parse(runner().path("last_seen"));
    assertThat(Instant.now()).isAfter(seen.plusSeconds(3));
    assertThat(execution(id, "/why").<String>path("reason"))
        .isEqualTo("1 step is in the hands of runner far, which was last seen at " + seen);

    Files.createFile(go);
    runner.resume();

    awaitStatus("healthy");
    Response ended = execution(id, "?wait=60s");
    assertThat(ended.<String>path("status")).as(ended.asString()).isEqualTo("completed");
    assertThat(ended.<List<Integer>>path("steps.attempt")).containsExactly(1);
    assertThat(Files.readAllLines(began)).hasSize(1);
  }

  @Test
  void whatRunsWhileTheRunnerStaysAwayEndsByItsDeadline() throws Exception {
    Path began = folder.resolve("began");
    String id = execute("{name: a, script: 'touch %s; sleep 300', timeout: 15s}".formatted(began));
    Awaitility.await().atMost(SOON).until(() -> Files.exists(began));
    Awaitility.await()
        .atMost(SOON)
        .until(() -> "running".equals(execution(id, "/why").path("steps[0].status")));

    runner.kill();

    awaitStatus("unhealthy");
    assertThat(execution(id, "/why").<String>path("reason"))
        .startsWith("1 step is in the hands of runner far, which was last seen at ");
    assertThat(execution(id, "/why").<String>path("steps[0].deadline")).isNotNull();
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> !"running".equals(execution(id, "?wait=30s").path("status")));
    assertThat(execution(id, "").<String>path("steps[0].status")).isEqualTo("timed_out");
    assertThat(execution(id, "").<String>path("steps[0].error"))
        .contains("runner 'far' did not report the end in time");
  }
}
