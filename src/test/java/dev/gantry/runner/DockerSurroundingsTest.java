package dev.gantry.runner;

import static dev.gantry.runner.BackendContract.await;
import static dev.gantry.runner.ContainerContract.in;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import dev.gantry.executions.protocol.ContainerSpec;
import dev.gantry.executions.protocol.ContainerSpec.File;
import dev.gantry.executions.protocol.ContainerSpec.Repository;
import dev.gantry.executions.protocol.ContainerSpec.Service;
import dev.gantry.executions.protocol.ContainerSpec.Volume;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.runner.docker.DockerDaemon;
import dev.gantry.runner.docker.DockerHost;
import dev.gantry.runner.docker.GitImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a step has beside its container at a real daemon, and what is left of that: nothing. */
class DockerSurroundingsTest {
  private static DockerDaemon daemon;

  @TempDir private Path directory;
  private final UUID execution = UUID.randomUUID();
  private RunnerFixture fixture;

  @BeforeAll
  static void findDaemon() {
    daemon = DockerDaemon.orSkip();
  }

  @BeforeEach
  void open() {
    fixture = new RunnerFixture(DockerHost.on(daemon), directory.resolve("runner"), 64);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static ContainerSpec services(Service... services) {
    return new ContainerSpec(null, null, List.of(services), null);
  }

  private static Service web(List<Integer> ports) {
    return new Service(
        "web",
        daemon.image(),
        Map.of(),
        List.of("sh", "-c", "echo hello > /tmp/said; exec httpd -f -p 8099 -h /tmp"),
        ports);
  }

  private StepFinished finished() {
    await().until(() -> !fixture.topics.finished(execution).isEmpty());
    return fixture.topics.finished(execution).get(0);
  }

  private List<String> texts() {
    return fixture.topics.log(execution, 0, 1).texts();
  }

  private Map<String, String> labels() {
    return Map.of("dev.gantry.execution", execution.toString());
  }

  private List<Container> containers() {
    return daemon.client().listContainersCmd().withShowAll(true).withLabelFilter(labels()).exec();
  }

  private List<Network> networks() {
    return daemon
        .client()
        .listNetworksCmd()
        .withFilter("label", List.of("dev.gantry.execution=" + execution))
        .exec();
  }

  private void awaitNothingLeft() {
    await().until(() -> containers().isEmpty() && networks().isEmpty());
  }

  private Path attempt() {
    return directory.resolve("runner/" + execution + "/0-1");
  }

  @Test
  void allOfItGoesWithTheStep() {
    ContainerSpec all =
        new ContainerSpec(
            List.of(new File("~/.rc", "x"), new File("/etc/gantry-test/thing", "elsewhere")),
            List.of(new Volume("scratch", "/scratch")),
            List.of(web(List.of(8099))),
            null);
    fixture.run(
        execution,
        in(0, "touch /scratch/x; wget -qO- http://web:8099/said; cat /etc/gantry-test/thing", all));

    assertThat(finished().outcome()).as(finished().error()).isEqualTo(Outcome.COMPLETED);
    assertThat(finished().output()).isEqualTo("hello\nelsewhere");
    awaitNothingLeft();
    await().until(() -> !Files.exists(attempt().resolve("volumes")));
    assertThat(attempt().resolve("files")).doesNotExist();
  }

  @Test
  void aServiceHasNoRightsAndItsNetworkLeadsNowhere() {
    fixture.run(execution, in(0, "until [ -e go ]; do sleep 0.05; done", services(web(List.of()))));
    await().until(() -> !fixture.topics.events(execution).isEmpty());

    assertThat(networks()).hasSize(1);
    assertThat(networks().get(0).getInternal()).isTrue();
    assertThat(containers()).hasSize(2);
    for (Container each : containers()) {
      InspectContainerResponse container = daemon.client().inspectContainerCmd(each.getId()).exec();
      assertThat(container.getHostConfig().getPrivileged()).isFalse();
      assertThat(container.getHostConfig().getCapDrop()).isNotEmpty();
      assertThat(container.getHostConfig().getNetworkMode()).isNotEqualTo("host");
    }
    fixture.cancel(execution, 0, new AttemptRef(0, 1));
    assertThat(finished().outcome()).isEqualTo(Outcome.CANCELLED);
    awaitNothingLeft();
  }

  /** A3: adopted with all that is beside it. */
  @Test
  void aStepThatIsAdoptedStillHasItsServices() throws Exception {
    fixture.run(
        execution,
        in(
            0,
            "echo x > began; until [ -e go ]; do sleep 0.05; done;"
                + " wget -qO- http://web:8099/said",
            services(web(List.of(8099)))));
    Path work = directory.resolve("runner/" + execution + "/work");
    await().until(() -> Files.exists(work.resolve("began")));

    fixture.restart();
    Files.createFile(work.resolve("go"));

    assertThat(finished().outcome()).as(finished().error()).isEqualTo(Outcome.COMPLETED);
    assertThat(finished().output()).isEqualTo("hello");
    awaitNothingLeft();
  }

  @Test
  void whatIsLeftBesideNoStepIsSwept() {
    fixture.run(execution, in(0, "until [ -e go ]; do sleep 0.05; done", services(web(List.of()))));
    await().until(() -> !fixture.topics.events(execution).isEmpty());
    Map<String, String> labels =
        daemon
            .client()
            .inspectContainerCmd(containers().get(0).getId())
            .exec()
            .getConfig()
            .getLabels();
    UUID gone = UUID.randomUUID();
    Map<String, String> others = new HashMap<>(labels);
    others.put("dev.gantry.execution", gone.toString());
    String network =
        daemon
            .client()
            .createNetworkCmd()
            .withName("gantry-orphan-" + gone)
            .withInternal(true)
            .withLabels(others)
            .exec()
            .getId();

    fixture.runner().sweep();

    assertThat(daemon.client().listNetworksCmd().exec())
        .extracting(Network::getId)
        .doesNotContain(network);
    assertThat(networks()).hasSize(1);
    assertThat(containers()).hasSize(2);
    fixture.cancel(execution, 0, new AttemptRef(0, 1));
    finished();
  }

  @Test
  void aVolumeThatTheRunnerKnowsOutlivesTheStep() {
    ContainerSpec kept =
        new ContainerSpec(null, List.of(new Volume(DockerHost.KEPT, "/kept")), null, null);
    fixture.run(execution, in(0, "echo x > /kept/" + execution, kept), in(1, "ls /kept", kept));

    fixture.awaitFinished(execution, 2);
    assertThat(fixture.topics.finished(execution))
        .extracting(StepFinished::outcome)
        .containsOnly(Outcome.COMPLETED);
    assertThat(fixture.topics.finished(execution).get(1).output()).contains(execution.toString());
    awaitNothingLeft();
    daemon.client().removeVolumeCmd(DockerHost.KEPT).exec();
  }

  @Test
  void aRepositoryIsThereBeforeTheStepAndSeesNothingOfIt() {
    GitImage.orSkip(daemon);
    Service repo = new Service("repo", GitImage.NAME, Map.of(), GitImage.SERVE, List.of(8098));
    ContainerSpec cloned =
        new ContainerSpec(
            null, null, List.of(repo), new Repository(GitImage.URL, "main", "src/in"));
    fixture.run(execution, in(0, "cat src/in/greeting; echo x > src/in/made", cloned));

    assertThat(finished().outcome()).as(finished().error()).isEqualTo(Outcome.COMPLETED);
    assertThat(finished().output()).isEqualTo(GitImage.GREETING);
    awaitNothingLeft();
    await().until(() -> !Files.exists(attempt().resolve("clone")));
  }

  @Test
  void aRepositoryMayBeTheWholeWorkDirectory() {
    GitImage.orSkip(daemon);
    Service repo = new Service("repo", GitImage.NAME, Map.of(), GitImage.SERVE, List.of(8098));
    ContainerSpec cloned =
        new ContainerSpec(null, null, List.of(repo), new Repository(GitImage.URL, null, "."));
    fixture.run(execution, in(0, "pwd; cat greeting", cloned));

    assertThat(finished().outcome()).as(finished().error()).isEqualTo(Outcome.COMPLETED);
    assertThat(texts()).containsExactly("/work", GitImage.GREETING);
  }

  @Test
  void aRepositoryThatCannotBeClonedFailsTheStepWithGitsWords() {
    GitImage.orSkip(daemon);
    Service repo = new Service("repo", GitImage.NAME, Map.of(), GitImage.SERVE, List.of(8098));
    ContainerSpec cloned =
        new ContainerSpec(
            null, null, List.of(repo), new Repository(GitImage.URL, "no-such-branch", "src"));
    fixture.run(execution, in(0, "true", cloned));

    assertThat(finished().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(finished().startedAt()).isNull();
    assertThat(finished().error())
        .contains("the repository cannot be cloned")
        .contains("no-such-branch");
    awaitNothingLeft();
  }

  @Test
  void aServiceWhoseImageIsNotThereIsNamed() {
    Service none = new Service("none", "127.0.0.1:1/none:1", Map.of(), List.of(), List.of());
    fixture.run(execution, in(0, "true", services(none)));

    assertThat(finished().outcome()).isEqualTo(Outcome.INFRASTRUCTURE);
    assertThat(finished().error()).contains("127.0.0.1:1/none:1").contains("cannot be pulled");
    awaitNothingLeft();
  }

  @Test
  void whatIsCancelledBeforeItsServicesAreReadyLeavesNothing() {
    Service silent =
        new Service("silent", daemon.image(), Map.of(), List.of("sleep", "300"), List.of(8097));
    fixture.run(execution, in(0, "true", services(silent)));
    await().until(() -> containers().size() == 2);

    fixture.cancel(execution, 0, new AttemptRef(0, 1));

    assertThat(finished().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(finished().startedAt()).isNull();
    awaitNothingLeft();
  }
}
