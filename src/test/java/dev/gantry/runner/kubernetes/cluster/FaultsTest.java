package dev.gantry.runner.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each fault that can be ordered, as a client sees it. */
class FaultsTest {
  private static final String FOREVER = "echo up; while :; do sleep 0.05; done";

  private final TestCluster cluster = TestCluster.start();
  private final Jobs jobs = new Jobs(cluster.admin());
  private final KubernetesClient impatient =
      new KubernetesClientBuilder()
          .withConfig(
              new ConfigBuilder(cluster.config("impatient"))
                  .withRequestRetryBackoffLimit(0)
                  .build())
          .build();

  @AfterEach
  void stop() {
    impatient.close();
    cluster.close();
  }

  @Test
  void refusesRequestsAndAClientThatWaitsGetsThrough() {
    // Given
    cluster
        .faults()
        .times(
            2,
            ApiRequest.matching("create", "jobs"),
            ApiFault.tooManyRequests(Duration.ofSeconds(1)));

    // When
    cluster.client().batch().v1().jobs().resource(Jobs.script("busy", "true").build()).create();

    // Then
    assertThat(cluster.requests().of("create", "jobs"))
        .extracting(Requests.Request::code)
        .containsExactly(429, 429, 201);
  }

  @Test
  void answersWithTheCodeThatWasOrdered() {
    // Given
    cluster.faults().once(ApiRequest.matching("list", "pods"), ApiFault.status(500));
    cluster.faults().once(ApiRequest.matching("list", "pods"), ApiFault.status(409));
    cluster
        .faults()
        .once(ApiRequest.matching("list", "pods"), ApiFault.delay(Duration.ofMillis(50)));

    // Then
    for (int code : List.of(500, 409)) {
      assertThatThrownBy(() -> impatient.pods().list())
          .isInstanceOfSatisfying(
              KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(code));
    }
    assertThat(impatient.pods().list().getItems()).isEmpty();
  }

  @Test
  void losesARequestOrOnlyItsAnswer() {
    // Given
    cluster.faults().once(ApiRequest.matching("create", "jobs"), ApiFault.drop());
    cluster.faults().once(ApiRequest.matching("create", "jobs"), ApiFault.loseAnswer());

    // Then
    var job = impatient.batch().v1().jobs().resource(Jobs.script("lost", "true").build());
    assertThatThrownBy(job::create).isInstanceOf(KubernetesClientException.class);
    assertThat(jobs.get("lost")).isNull();
    assertThatThrownBy(job::create).isInstanceOf(KubernetesClientException.class);
    assertThat(jobs.get("lost")).isNotNull();
    assertThat(cluster.requests().of("create", "jobs"))
        .extracting(Requests.Request::code)
        .containsExactly(0, 0);
  }

  @Test
  void anImageCannotBePulledUntilItCan() {
    // Given
    cluster.podFaults().imagePull(pod -> true, "not found");

    // When
    jobs.run("image", "echo ran");

    // Then
    Pod pod = jobs.awaitWaiting("image", "ImagePullBackOff");
    assertThat(jobs.reasons(pod.getMetadata().getName())).contains("Failed", "BackOff");
    cluster.podFaults().heal();
    assertThat(jobs.log(jobs.awaitPhase("image", "Succeeded"))).isEqualTo("ran\n");
  }

  @Test
  void aPodIsUnschedulableUntilItIsNot() {
    // Given
    cluster
        .podFaults()
        .unschedulable(pod -> true, "0/1 nodes are available: 1 Insufficient memory.");

    // When
    jobs.run("nowhere", "true");

    // Then
    Pod pod =
        jobs.awaitPod(
            "nowhere", p -> Jobs.condition(p, "PodScheduled").equals("False Unschedulable"));
    assertThat(jobs.reasons(pod.getMetadata().getName())).containsExactly("FailedScheduling");
    cluster.podFaults().heal();
    jobs.awaitPhase("nowhere", "Succeeded");
  }

  @Test
  void anUnscheduledPodGoesWithItsJob() {
    // Given
    cluster.podFaults().unschedulable(pod -> true, "0/1 nodes are available");
    jobs.run("nowhere", "true");
    jobs.awaitPod("nowhere", p -> Jobs.condition(p, "PodScheduled").startsWith("False"));

    // When
    impatient.batch().v1().jobs().withName("nowhere").delete();

    // Then
    jobs.awaitNoPod("nowhere");
  }

  @Test
  void aContainerCannotBeCreated() {
    // Given
    cluster.podFaults().createContainer(pod -> true, "CreateContainerError", "no space left");

    // When
    jobs.run("uncreated", "true");

    // Then
    jobs.awaitWaiting("uncreated", "CreateContainerError");
  }

  @Test
  void aPodIsEvicted() {
    // Given
    String pod = running("evicted");

    // When
    cluster.disruptions().evict(pod, "The node was low on resource: memory.");

    // Then
    Pod ended = jobs.awaitPhase("evicted", "Failed");
    assertThat(ended.getStatus().getReason()).isEqualTo("Evicted");
    assertThat(Jobs.condition(ended, "DisruptionTarget")).isEqualTo("True TerminationByKubelet");
    assertThat(Jobs.end(ended).getExitCode()).isEqualTo(137);
    jobs.awaitCondition("evicted", "Failed");
  }

  @Test
  void aPodIsPreempted() {
    // Given
    String pod = running("preempted");
    List<Pod> seen = new java.util.concurrent.CopyOnWriteArrayList<>();
    try (var watch = impatient.pods().watch(new Collecting<>(seen))) {

      // When
      cluster.disruptions().preempt(pod);

      // Then
      jobs.awaitNoPod("preempted");
      await().until(() -> seen.stream().anyMatch(p -> Jobs.end(p) != null));
    }
    assertThat(seen)
        .filteredOn(p -> Jobs.end(p) != null)
        .allSatisfy(
            p ->
                assertThat(Jobs.condition(p, "DisruptionTarget"))
                    .isEqualTo("True PreemptionByScheduler"));
  }

  @Test
  void aProgramIsKilledForWantOfMemory() {
    // Given
    String pod = running("large");

    // When
    cluster.disruptions().outOfMemory(pod, "step");

    // Then
    Pod ended = jobs.awaitPhase("large", "Failed");
    assertThat(Jobs.end(ended).getReason()).isEqualTo("OOMKilled");
    assertThat(Jobs.end(ended).getExitCode()).isEqualTo(137);
  }

  @Test
  void aNodeIsLost() {
    // Given
    String pod = running("lost");
    LogWatch log = impatient.pods().withName(pod).inContainer("step").watchLog();
    CompletableFuture<byte[]> followed =
        CompletableFuture.supplyAsync(() -> readAll(log.getOutput()));

    // When
    cluster.disruptions().loseNode(pod);

    // Then
    Pod silent = jobs.awaitPhase("lost", "Running");
    assertThat(Jobs.condition(silent, "Ready")).isEqualTo("False NodeNotReady");
    assertThat(Jobs.end(silent)).isNull();
    assertThatThrownBy(() -> impatient.pods().withName(pod).getLog())
        .hasMessageContaining("no route to host");
    assertThat(followed).isNotDone();

    // When
    cluster.disruptions().evictFromLostNode(pod);

    // Then
    Pod leaving = jobs.awaitPod("lost", p -> p.getMetadata().getDeletionTimestamp() != null);
    assertThat(Jobs.condition(leaving, "DisruptionTarget"))
        .isEqualTo("True DeletionByTaintManager");
    assertThat(followed).failsWithin(Duration.ofSeconds(10));

    // When
    cluster.disruptions().removeLostNode(pod);

    // Then
    jobs.awaitNoPod("lost");
    jobs.awaitCondition("lost", "Failed");
  }

  private static byte[] readAll(InputStream in) {
    try {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String running(String job) {
    jobs.run(job, FOREVER);
    return jobs.awaitPhase(job, "Running").getMetadata().getName();
  }
}
