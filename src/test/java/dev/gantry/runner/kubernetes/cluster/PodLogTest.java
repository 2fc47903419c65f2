package dev.gantry.runner.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code pods/log}, with the manners of a real kubelet. */
class PodLogTest {
  private final TestCluster cluster = TestCluster.start();
  private final KubernetesClient client = cluster.client();
  private final Jobs jobs = new Jobs(cluster.admin());

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void keepsALineWithoutAnEndAndALongOneWhole() throws Exception {
    // When
    jobs.run("long", "head -c 40000 /dev/zero | tr '\\0' x; echo; printf end");

    // Then
    Pod pod = jobs.awaitPhase("long", "Succeeded");
    assertThat(jobs.log(pod)).isEqualTo("x".repeat(40000) + "\nend");
    List<String> lines = read(pod, "timestamps=true").lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).substring(31)).isEqualTo("x".repeat(40000));
  }

  @Test
  void beginsAtTheWholeSecondSoThatLinesComeAgain() throws Exception {
    // Given
    jobs.run("since", "echo one; echo two");
    Pod pod = jobs.awaitPhase("since", "Succeeded");
    List<String> lines = read(pod, "timestamps=true").lines().toList();
    Instant last = Instant.parse(lines.get(1).substring(0, 30));

    // Then
    assertThat(read(pod, "sinceTime=" + last.plusNanos(1))).endsWith("two\n");
    assertThat(read(pod, "sinceTime=" + last.plusSeconds(1))).isEmpty();
    assertThat(read(pod, "tailLines=1")).isEqualTo("two\n");
    assertThat(read(pod, "limitBytes=5")).isEqualTo("one\nt");
  }

  @Test
  void saysThatAContainerHasNotBegun() {
    // Given
    cluster.podFaults().createContainer(pod -> true, "CreateContainerError", "not yet");
    jobs.run("waiting", "true");
    Pod pod = jobs.awaitWaiting("waiting", "CreateContainerError");

    // Then
    assertThatThrownBy(() -> client.pods().withName(pod.getMetadata().getName()).getLog())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(400))
        .hasMessageContaining("is waiting to start: CreateContainerError");
  }

  @Test
  void losesWhatWasRotatedAway() throws Exception {
    // Given
    cluster.rotateLogs(1000, 2);

    // When
    jobs.run(
        "rotated", "i=0; while [ $i -lt 200 ]; do echo line $i; sleep 0.001; i=$((i+1)); done");

    // Then
    Pod pod = jobs.awaitPhase("rotated", "Succeeded");
    assertThat(read(pod, "")).endsWith("line 199\n").doesNotContain("line 0\n");
  }

  @Test
  void followsOverARotation() throws Exception {
    // Given
    cluster.rotateLogs(200, 2);
    jobs.run("followed", "i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo line $i; sleep 0.03; done");
    Pod pod = jobs.awaitPhase("followed", "Running");

    // When
    String log = read(pod, "follow=true");

    // Then
    assertThat(log.lines().reduce((a, b) -> b)).hasValue("line 30");
    await().until(() -> Jobs.end(jobs.pods("followed").get(0)) != null);
  }

  private String read(Pod pod, String query) throws IOException, InterruptedException {
    URI uri =
        URI.create(
            "%s/api/v1/namespaces/%s/pods/%s/log?%s"
                .formatted(cluster.url(), cluster.namespace(), pod.getMetadata().getName(), query));
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + cluster.token("reader"))
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }
}
