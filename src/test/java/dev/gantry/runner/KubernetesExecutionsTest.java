package dev.gantry.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.gantry.runner.kubernetes.cluster.TestCluster;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.TestOrganization;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The whole way, from a request to a Job and back, with everything real but the cluster. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
@TestProfile(KubernetesExecutionsTest.OnKubernetes.class)
class KubernetesExecutionsTest {
  private static final String FOLDER = "gantry.test.cluster-folder";
  private static final int PARTITIONS = 64;
  private final TestOrganization mine = TestOrganization.create("ADMIN");

  @Inject RunnerRole role;

  @ConfigProperty(name = FOLDER)
  Path folder;

  /** The runner's backend, by a kubeconfig as a person has it. */
  public static class OnKubernetes implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("gantry.runner.backend", "kubernetes");
    }

    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(Cluster.class));
    }
  }

  /** Starts the cluster before the application. */
  public static class Cluster implements QuarkusTestResourceLifecycleManager {
    private static final String KUBECONFIG = "kubeconfig";
    private TestCluster cluster;

    @Override
    public Map<String, String> start() {
      try {
        cluster = TestCluster.start();
        Path folder = Files.createTempDirectory("gantry-shared");
        cluster.share(folder);
        Path kubeconfig = Files.createTempFile("gantry-kubeconfig", ".yaml");
        Files.writeString(kubeconfig, kubeconfig());
        System.setProperty(KUBECONFIG, kubeconfig.toString());
        return Map.of(FOLDER, folder.toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private String kubeconfig() {
      return """
          apiVersion: v1
          kind: Config
          current-context: test
          clusters: [{name: test, cluster: {server: "%s"}}]
          users: [{name: runner, user: {token: %s}}]
          contexts: [{name: test, context: {cluster: test, user: runner, namespace: %s}}]
          """
          .formatted(cluster.url(), cluster.token("runner"), cluster.namespace());
    }

    @Override
    public void stop() {
      System.clearProperty(KUBECONFIG);
      cluster.close();
    }
  }

  private ValidatableResponse execute(String definition, String wait) {
    return mine.json()
        .body(Map.of("definition", definition))
        .post("/api/v1/workflows/execute" + wait)
        .then();
  }

  @Test
  void aWorkflowRunsAsJobs() {
    mine.json()
        .body(Map.of("name", "PASSWORD", "value", "not-a-real-password"))
        .post("/api/v1/secrets")
        .then()
        .statusCode(201);
    String id =
        execute(
                """
                name: on-kubernetes
                secrets: [PASSWORD]
                steps:
                  - {name: a, script: 'echo noise >&2; echo first', output: A}
                  - {name: b, script: 'echo "$A with $PASSWORD"'}
                """,
                "?wait=60s")
            .statusCode(200)
            .body("status", equalTo("completed"))
            .body("steps[0].output", equalTo("first"))
            .extract()
            .path("execution_id");

    mine.json()
        .get("/api/v1/workflows/executions/" + id + "/logs?step=b")
        .then()
        .body("completeness.complete", equalTo(true))
        .body(
            "logs.findAll { it.level == 'info' }.message",
            equalTo(List.of("first with *******************")));
  }

  /** What another process has begun is gone on with by what the API knows of it. */
  private ServedRunner served() {
    return role.served().iterator().next();
  }

  private Adoption adoption() {
    return served().adoption();
  }

  private int active() {
    return served().runner().active();
  }

  @Test
  void aStepThatChangesHandsLosesAndRepeatsNoLine() throws IOException {
    Path go = folder.resolve("go");
    String script =
        "i=0; while [ ! -e %s ]; do i=$((i+1)); echo line $i; sleep 0.02; done; echo last"
            .formatted(go);
    String id =
        execute("name: moving\nsteps: [{name: a, script: '" + script + "'}]\n", "")
            .statusCode(202)
            .extract()
            .path("execution_id");
    Set<Integer> all = IntStream.range(0, PARTITIONS).boxed().collect(Collectors.toSet());
    for (int round = 1; round <= 3; round++) {
      int lines = 20 * round;
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> messages(id).size() > lines);
      adoption().serve(Set.of());
      Awaitility.await().until(() -> active() == 0);
      adoption().serve(all);
      Awaitility.await().until(() -> active() > 0);
    }
    Files.createFile(go);

    mine.json()
        .get("/api/v1/workflows/executions/" + id + "?wait=60s")
        .then()
        .body("status", equalTo("completed"));
    Awaitility.await()
        .untilAsserted(
            () ->
                mine.json()
                    .get("/api/v1/workflows/executions/" + id + "/logs")
                    .then()
                    .body("completeness.complete", equalTo(true)));
    List<String> messages = messages(id);
    List<String> wanted =
        new ArrayList<>(IntStream.range(1, messages.size()).mapToObj(i -> "line " + i).toList());
    wanted.add("last");
    assertThat(messages).isEqualTo(wanted);
  }

  /** A8: no policy of the step is asked for that. */
  @Test
  void aStepWhosePodIsTakenAwayRunsOnceMore() {
    Path first = folder.resolve("first");
    String script = "test -e %1$s && sleep 1 && exit 0; touch %1$s; sleep 300".formatted(first);
    String id =
        execute("name: moved\nsteps: [{name: a, script: '" + script + "'}]\n", "")
            .statusCode(202)
            .extract()
            .path("execution_id");
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(first));
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      client
          .pods()
          .withLabel("gantry.dev/execution", id.substring(id.indexOf('-') + 1))
          .withGracePeriod(1)
          .delete();
    }

    mine.json()
        .get("/api/v1/workflows/executions/" + id + "?wait=60s")
        .then()
        .body("status", equalTo("completed"))
        .body("steps[0].attempt", equalTo(2))
        .body("steps[0].timings.queued_at", notNullValue())
        .body("steps[0].timings.scheduled_at", notNullValue())
        .body("steps[0].timings.pulled_at", notNullValue())
        .body("steps[0].timings.started_at", notNullValue())
        .body("steps[0].timings.finished_at", notNullValue());
    mine.json()
        .get("/api/v1/workflows/executions/" + id + "/logs?step=a")
        .then()
        .body("completeness.complete", equalTo(true));
  }

  private List<String> messages(String id) {
    List<Map<String, Object>> lines =
        mine.json()
            .get("/api/v1/workflows/executions/" + id + "/logs?limit=1000")
            .then()
            .extract()
            .path("logs");
    return lines.stream()
        .filter(line -> line.get("level").equals("info"))
        .map(line -> (String) line.get("message"))
        .toList();
  }
}
