package dev.gantry.runner.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program finds in its container. */
class ContainersTest {
  private final TestCluster cluster = TestCluster.start();
  private final Jobs jobs = new Jobs(cluster.admin());

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void hasItsEnvironmentFromAllSources() {
    // Given
    JobBuilder job =
        Edits.container(
            Jobs.script(
                    "env", "echo $PLAIN $BOTH $SECRET $MAPPED $all_greeting $POD $NOTE; echo $0")
                .editSpec()
                .withSuspend(true)
                .endSpec(),
            c -> {
              c.addNewEnv().withName("PLAIN").withValue("plain").endEnv();
              c.addNewEnv().withName("BOTH").withValue("$(PLAIN)+$$(PLAIN)+$(NONE)").endEnv();
              c.addNewEnv()
                  .withName("SECRET")
                  .withNewValueFrom()
                  .withNewSecretKeyRef("password", "keys", false)
                  .endValueFrom()
                  .endEnv();
              c.addNewEnv()
                  .withName("MAPPED")
                  .withNewValueFrom()
                  .withNewConfigMapKeyRef("greeting", "words", false)
                  .endValueFrom()
                  .endEnv();
              c.addNewEnv()
                  .withName("POD")
                  .withNewValueFrom()
                  .withNewFieldRef(null, "metadata.name")
                  .endValueFrom()
                  .endEnv();
              c.addNewEnv()
                  .withName("NOTE")
                  .withNewValueFrom()
                  .withNewFieldRef(null, "metadata.annotations['example.com/note']")
                  .endValueFrom()
                  .endEnv();
              c.addToEnvFrom(
                  new EnvFromSourceBuilder()
                      .withPrefix("all_")
                      .withNewConfigMapRef("words", false)
                      .build());
              c.withArgs("$(PLAIN)");
            });
    Job built = job.build();
    built
        .getSpec()
        .getTemplate()
        .setMetadata(
            new io.fabric8.kubernetes.api.model.ObjectMetaBuilder()
                .addToAnnotations("example.com/note", "noted")
                .build());
    Job created = jobs.create(new JobBuilder(built));
    cluster.admin().configMaps().resource(Owned.configMap("words", created)).create();
    cluster.admin().secrets().resource(Owned.secret("keys", created)).create();

    // When
    cluster
        .admin()
        .batch()
        .v1()
        .jobs()
        .withName("env")
        .edit(j -> new JobBuilder(j).editSpec().withSuspend(false).endSpec().build());

    // Then
    Pod pod = jobs.awaitPhase("env", "Succeeded");
    assertThat(jobs.log(pod))
        .isEqualTo(
            "plain plain+$(PLAIN)+$(NONE) example-not-secret hello hello "
                + pod.getMetadata().getName()
                + " noted\nplain\n");
  }

  @Test
  void hasItsVolumesWhereItMountsThem() {
    // Given
    Job built =
        Edits.container(
                Edits.pod(
                    Jobs.script("files", ""),
                    pod -> {
                      pod.addNewVolume()
                          .withName("work")
                          .withNewEmptyDir()
                          .endEmptyDir()
                          .endVolume();
                      pod.addNewVolume()
                          .withName("script")
                          .withNewDownwardAPI()
                          .withDefaultMode(0555)
                          .addNewItem()
                          .withPath("run")
                          .withNewFieldRef(null, "metadata.annotations['gantry.dev/script']")
                          .endItem()
                          .endDownwardAPI()
                          .endVolume();
                      pod.addNewVolume()
                          .withName("words")
                          .withNewConfigMap()
                          .withName("words")
                          .endConfigMap()
                          .endVolume();
                    }),
                c -> {
                  c.withCommand("/gantry/run").withWorkingDir("/work");
                  c.addNewVolumeMount().withName("work").withMountPath("/work").endVolumeMount();
                  c.addNewVolumeMount()
                      .withName("script")
                      .withMountPath("/gantry")
                      .endVolumeMount();
                  c.addNewVolumeMount()
                      .withName("words")
                      .withMountPath("/work/words/hello")
                      .withSubPath("greeting")
                      .endVolumeMount();
                })
            .build();
    built
        .getSpec()
        .getTemplate()
        .setMetadata(
            new io.fabric8.kubernetes.api.model.ObjectMetaBuilder()
                .addToAnnotations(
                    "gantry.dev/script", "#!/bin/sh\npwd > here; cat here words/hello; ls /work\n")
                .build());

    // When
    Job created = jobs.create(new JobBuilder(built));
    jobs.awaitPod("files", pod -> !jobs.reasons(pod.getMetadata().getName()).isEmpty());
    cluster.admin().configMaps().resource(Owned.configMap("words", created)).create();

    // Then
    assumeThat(TestCluster.isolatesContainers()).isTrue();
    Pod pod = jobs.awaitPhase("files", "Succeeded");
    assertThat(jobs.log(pod)).isEqualTo("/work\nhello" + "here\nwords\n");
    assertThat(jobs.reasons(pod.getMetadata().getName())).contains("FailedMount");
  }

  @Test
  void isTheUserItIsToBeAndCannotWriteToItsImage() {
    // Given
    assumeThat(TestCluster.isolatesContainers()).isTrue();
    JobBuilder job =
        Edits.container(
            Jobs.script(
                "user", "id -u; id -g; echo $$$$; hostname; touch /x /usr/x /tmp/x; exit 0"),
            c ->
                c.withNewSecurityContext()
                    .withRunAsUser(65532L)
                    .withRunAsGroup(65533L)
                    .withRunAsNonRoot(true)
                    .withReadOnlyRootFilesystem(true)
                    .endSecurityContext());

    // When
    jobs.create(job);

    // Then
    Pod pod = jobs.awaitPhase("user", "Succeeded");
    assertThat(jobs.log(pod))
        .startsWith("65532\n65533\n1\n" + pod.getMetadata().getName() + "\n")
        .contains("'/x': Read-only", "'/usr/x': Read-only", "'/tmp/x': Read-only");
  }

  @Test
  void hasAFolderOfTheTestsWhereThatIsShared(@TempDir Path folder) throws Exception {
    // Given
    Path there = Files.writeString(folder.resolve("there"), "from the test");
    cluster.share(folder);

    // When
    jobs.create(
        Edits.container(
            Jobs.script("shares", "cat %s; echo from the step > %s/here".formatted(there, folder)),
            c -> c.withNewSecurityContext().withRunAsUser(65532L).endSecurityContext()));

    // Then
    assertThat(jobs.log(jobs.awaitPhase("shares", "Succeeded"))).isEqualTo("from the test");
    assertThat(folder.resolve("here")).hasContent("from the step");
  }

  @Test
  void waitsForASecretThatIsNotThere() {
    // Given
    JobBuilder job =
        Edits.container(
            Jobs.script("waits", "echo $SECRET"),
            c ->
                c.addNewEnv()
                    .withName("SECRET")
                    .withNewValueFrom()
                    .withNewSecretKeyRef("password", "keys", false)
                    .endValueFrom()
                    .endEnv());
    Job created = jobs.create(job);
    Pod waiting = jobs.awaitWaiting("waits", "CreateContainerConfigError");
    assertThat(waiting.getStatus().getPhase()).isEqualTo("Pending");

    // When
    cluster.admin().secrets().resource(Owned.secret("keys", created)).create();

    // Then
    assertThat(jobs.log(jobs.awaitPhase("waits", "Succeeded"))).isEqualTo("example-not-secret\n");
  }

  @Test
  void doesNotRunAsRootWhenItMustNot() {
    // When
    jobs.create(
        Edits.container(
            Jobs.script("root", "true"),
            c -> c.withNewSecurityContext().withRunAsNonRoot(true).endSecurityContext()));

    // Then
    Pod pod = jobs.awaitWaiting("root", "CreateContainerConfigError");
    assertThat(pod.getStatus().getContainerStatuses().get(0).getState().getWaiting().getMessage())
        .contains("image will run as root");
  }

  @Test
  void endsByASignalItDoesNotHandleOnlyWhenItIsNotProcessOne() {
    // Given
    assumeThat(TestCluster.isolatesContainers()).isTrue();
    JobBuilder alone = Edits.container(Jobs.script("alone", ""), c -> c.withCommand("sleep", "60"));
    JobBuilder shared =
        Edits.pod(
            Edits.container(Jobs.script("shared", ""), c -> c.withCommand("sleep", "60")),
            pod -> pod.withShareProcessNamespace(true));
    jobs.create(alone);
    jobs.create(shared);
    Pod first = jobs.awaitPhase("alone", "Running");
    Pod second = jobs.awaitPhase("shared", "Running");
    List<Pod> seen = new CopyOnWriteArrayList<>();

    // When
    try (var watch = cluster.admin().pods().watch(new Collecting<>(seen))) {
      cluster.admin().pods().withName(first.getMetadata().getName()).delete();
      cluster.admin().pods().withName(second.getMetadata().getName()).delete();
      jobs.awaitNoPod("alone");
      jobs.awaitNoPod("shared");
      await().until(() -> codes(seen, first).size() == 1 && codes(seen, second).size() == 1);
    }

    // Then
    assertThat(codes(seen, first)).containsExactly(137);
    assertThat(codes(seen, second)).containsExactly(143);
  }

  @Test
  void findsAServiceOfItsPodByNameOnceThatAnswers() throws Exception {
    // Given
    assumeThat(TestCluster.isolatesContainers()).isTrue();
    try (ServerSocket service = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      JobBuilder job =
          Edits.pod(
              Jobs.script("client", "getent hosts cache | tr -s ' '"),
              pod ->
                  pod.addNewHostAlias()
                      .withIp("127.0.0.1")
                      .withHostnames("cache-svc", "cache")
                      .endHostAlias()
                      .withInitContainers(
                          new ContainerBuilder()
                              .withName("cache-svc")
                              .withImage("busybox:1.36")
                              .withRestartPolicy("Always")
                              .withCommand(
                                  "sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.05; done")
                              .withNewStartupProbe()
                              .withNewTcpSocket()
                              .withNewPort(service.getLocalPort())
                              .endTcpSocket()
                              .endStartupProbe()
                              .build()));

      // When
      jobs.create(job);

      // Then
      Pod pod = jobs.awaitPhase("client", "Succeeded");
      assertThat(jobs.log(pod)).startsWith("127.0.0.1 cache-svc cache");
    }
  }

  private static Set<Integer> codes(List<Pod> seen, Pod of) {
    return seen.stream()
        .filter(pod -> pod.getMetadata().getUid().equals(of.getMetadata().getUid()))
        .map(Jobs::end)
        .filter(Objects::nonNull)
        .map(ContainerStateTerminated::getExitCode)
        .collect(Collectors.toSet());
  }
}
