package dev.gantry.runner.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A Job's way, as Fabric8's client sees it. */
class JobLifeTest {
  private final TestCluster cluster = TestCluster.start();
  private final KubernetesClient client = cluster.client();
  private final Jobs jobs = new Jobs(cluster.admin());

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void runsAJobAndFollowsItsLogToTheEnd() throws Exception {
    // Given
    Job created =
        jobs.create(Jobs.script("hello", "echo one; echo two >&2; sleep 0.2; echo three"));
    Pod running = jobs.awaitPhase("hello", "Running");

    // When
    String log;
    try (LogWatch watch =
        client
            .pods()
            .withName(running.getMetadata().getName())
            .inContainer("step")
            .usingTimestamps()
            .watchLog()) {
      log = new String(watch.getOutput().readAllBytes(), StandardCharsets.UTF_8);
    }

    // Then
    assertThat(log.lines().map(line -> line.substring(31)))
        .containsExactlyInAnyOrder("one", "two", "three")
        .endsWith("three");
    assertThat(log.lines())
        .allSatisfy(
            line ->
                assertThat(Instant.parse(line.substring(0, 30)))
                    .isAfterOrEqualTo(Instant.parse(created.getMetadata().getCreationTimestamp())));
    Pod ended = jobs.awaitPhase("hello", "Succeeded");
    assertThat(Jobs.end(ended))
        .satisfies(
            end -> {
              assertThat(end.getExitCode()).isZero();
              assertThat(end.getReason()).isEqualTo("Completed");
              assertThat(end.getFinishedAt()).isNotNull();
            });
    Job done = jobs.awaitCondition("hello", "Complete");
    assertThat(done.getStatus().getSucceeded()).isEqualTo(1);
    assertThat(done.getStatus().getActive()).isNull();
    assertThat(jobs.reasons(ended.getMetadata().getName()))
        .contains("Scheduled", "Pulling", "Pulled", "Created", "Started");
    assertThat(jobs.reasons("hello")).contains("SuccessfulCreate", "Completed");
  }

  @Test
  void tellsTheExitCodeOfAProgramThatFails() {
    // When
    jobs.run("fails", "echo no; exit 3");

    // Then
    Pod ended = jobs.awaitPhase("fails", "Failed");
    assertThat(Jobs.end(ended).getExitCode()).isEqualTo(3);
    assertThat(Jobs.end(ended).getReason()).isEqualTo("Error");
    assertThat(jobs.log(ended)).isEqualTo("no\n");
    Job failed = jobs.awaitCondition("fails", "Failed");
    assertThat(failed.getStatus().getFailed()).isEqualTo(1);
  }

  @Test
  void answersASecondJobOfThatNameWith409SoThatTheFirstIsAdopted() {
    // Given
    Job first = jobs.run("twice", "true");

    // Then
    assertThatThrownBy(
            () ->
                client.batch().v1().jobs().resource(Jobs.script("twice", "false").build()).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(409);
              assertThat(e.getStatus().getReason()).isEqualTo("AlreadyExists");
            });
    assertThat(jobs.get("twice").getMetadata().getUid()).isEqualTo(first.getMetadata().getUid());
    assertThat(cluster.requests().of("create", "jobs"))
        .extracting(Requests.Request::code)
        .containsExactly(409);
  }

  @Test
  void waitsWhileSuspendedAndRunsWhenResumed() {
    // Given
    JobBuilder job = Jobs.script("later", "echo ran").editSpec().withSuspend(true).endSpec();
    jobs.create(job);
    jobs.awaitCondition("later", "Suspended");
    assertThat(jobs.pods("later")).isEmpty();

    // When
    client
        .batch()
        .v1()
        .jobs()
        .withName("later")
        .patch(
            io.fabric8.kubernetes.client.dsl.base.PatchContext.of(
                io.fabric8.kubernetes.client.dsl.base.PatchType.JSON_MERGE),
            "{\"spec\": {\"suspend\": false}}");

    // Then
    Pod pod = jobs.awaitPhase("later", "Succeeded");
    assertThat(jobs.log(pod)).isEqualTo("ran\n");
  }

  @Test
  void asksAProgramToEndAndKillsItAfterItsGracePeriod() {
    // Given
    jobs.run("polite", "trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.05; done");
    jobs.run("deaf", "trap '' TERM; echo up; while :; do sleep 0.05; done");
    awaitLog("polite", "up\n");
    awaitLog("deaf", "up\n");
    String polite = jobs.pods("polite").get(0).getMetadata().getName();
    String deaf = jobs.pods("deaf").get(0).getMetadata().getName();

    // When
    client.pods().withName(polite).delete();
    client.pods().withName(deaf).delete();

    // Then
    Job first = jobs.awaitCondition("polite", "Failed");
    jobs.awaitCondition("deaf", "Failed");
    assertThat(first.getStatus().getFailed()).isEqualTo(1);
    jobs.awaitNoPod("polite");
    jobs.awaitNoPod("deaf");
    assertThat(jobs.reasons(polite)).contains("Killing");
  }

  @Test
  void tellsHowADeletedPodEndedBeforeItGoes() throws Exception {
    // Given
    jobs.run("watched", "trap 'exit 9' TERM; echo up; while :; do sleep 0.05; done");
    awaitLog("watched", "up\n");
    List<Pod> seen = new java.util.concurrent.CopyOnWriteArrayList<>();
    try (var watch = client.pods().watch(new Collecting<>(seen))) {
      // When
      client
          .batch()
          .v1()
          .jobs()
          .withName("watched")
          .withPropagationPolicy(DeletionPropagation.BACKGROUND)
          .delete();
      jobs.awaitNoPod("watched");
      await().until(() -> seen.stream().anyMatch(pod -> Jobs.end(pod) != null));
    }

    // Then
    assertThat(seen)
        .filteredOn(pod -> Jobs.end(pod) != null)
        .allSatisfy(pod -> assertThat(Jobs.end(pod).getExitCode()).isEqualTo(9));
    assertThat(jobs.get("watched")).isNull();
  }

  @Test
  void enforcesTheDeadline() {
    // When
    jobs.create(
        Jobs.script("slow", "trap 'exit 1' TERM; while :; do sleep 0.05; done")
            .editSpec()
            .withActiveDeadlineSeconds(1L)
            .endSpec());

    // Then
    Job failed = jobs.awaitCondition("slow", "Failed");
    assertThat(failed.getStatus().getConditions())
        .filteredOn(c -> c.getType().equals("Failed"))
        .extracting(c -> c.getReason())
        .containsExactly("DeadlineExceeded");
    jobs.awaitNoPod("slow");
  }

  @Test
  void removesAJobAndWhatItOwnsAfterItsTime() {
    // Given
    Job job =
        jobs.create(
            Jobs.script("short", "true").editSpec().withTtlSecondsAfterFinished(1).endSpec());

    // When
    cluster.admin().configMaps().resource(Owned.configMap("script", job)).create();

    // Then
    await().atMost(Duration.ofSeconds(20)).until(() -> jobs.get("short") == null);
    jobs.awaitNoPod("short");
    await().until(() -> cluster.admin().configMaps().withName("script").get() == null);
  }

  @Test
  void tellsThatAProgramIsNotThere() {
    // Given
    JobBuilder job = Jobs.script("missing", "");

    // When
    jobs.create(Edits.container(job, c -> c.withCommand("no-such-program")));

    // Then
    Pod pod = jobs.awaitPhase("missing", "Failed");
    assertThat(Jobs.end(pod).getReason()).isEqualTo("StartError");
    assertThat(Jobs.end(pod).getExitCode()).isEqualTo(128);
    assertThat(Jobs.end(pod).getMessage()).contains("executable file not found in $PATH");
  }

  @Test
  void runsInitContainersFirstAndSidecarsBeside() {
    // Given
    JobBuilder job =
        Jobs.script(
            "ordered", "until [ -e /shared/service ]; do sleep 0.02; done; cat /shared/init");
    job =
        Edits.pod(
            job,
            pod ->
                pod.addNewVolume()
                    .withName("shared")
                    .withNewEmptyDir()
                    .endEmptyDir()
                    .endVolume()
                    .withInitContainers(
                        new ContainerBuilder()
                            .withName("init")
                            .withImage("busybox:1.36")
                            .withCommand("sh", "-c", "echo first > /shared/init")
                            .addNewVolumeMount()
                            .withName("shared")
                            .withMountPath("/shared")
                            .endVolumeMount()
                            .build(),
                        new ContainerBuilder()
                            .withName("service")
                            .withImage("busybox:1.36")
                            .withRestartPolicy("Always")
                            .withCommand(
                                "sh",
                                "-c",
                                "trap 'exit 0' TERM; touch /shared/service; while :; do sleep 0.05; done")
                            .addNewVolumeMount()
                            .withName("shared")
                            .withMountPath("/shared")
                            .endVolumeMount()
                            .build()));
    job =
        Edits.container(
            job,
            c ->
                c.addNewVolumeMount().withName("shared").withMountPath("/shared").endVolumeMount());

    // When
    jobs.create(job);

    // Then
    Pod pod = jobs.awaitPhase("ordered", "Succeeded");
    assertThat(jobs.log(pod)).isEqualTo("first\n");
    assertThat(pod.getStatus().getInitContainerStatuses())
        .allSatisfy(status -> assertThat(status.getState().getTerminated()).isNotNull());
  }

  @Test
  void startsPodsAtThePaceOfTheCluster() {
    // Given
    cluster.podEvery(Duration.ofHours(1));

    // When
    jobs.run("first", "true");
    jobs.awaitCondition("first", "Complete");
    jobs.run("second", "true");
    await().until(() -> jobs.get("second").getStatus().getStartTime() != null);

    // Then
    assertThat(jobs.pods("second")).isEmpty();
  }

  private void awaitLog(String job, String log) {
    Pod pod = jobs.awaitPhase(job, "Running");
    await().until(() -> log.equals(jobs.log(pod)));
  }
}
