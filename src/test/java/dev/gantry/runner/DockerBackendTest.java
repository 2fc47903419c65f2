package dev.gantry.runner;

import static dev.gantry.runner.RunnerFixture.script;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.docker.DockerDaemon;
import dev.gantry.runner.docker.DockerHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** The contract and more, by containers of a real daemon. */
class DockerBackendTest extends HostBackendContract {
  private static DockerDaemon daemon;

  @BeforeAll
  static void findDaemon() {
    daemon = DockerDaemon.orSkip();
  }

  @Override
  BackendHost host() {
    return DockerHost.on(daemon);
  }

  private static StepSpec image(String image, List<String> argv, String script) {
    return new StepSpec(0, "step-0", 1, image, argv, script, null, null, null, 0, null, false);
  }

  private String container(int step) {
    return "gantry-" + execution.toString().replace("-", "") + "-" + step + "-1";
  }

  private static boolean isThere(String container) {
    try {
      daemon.client().inspectContainerCmd(container).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  @Test
  void anImageWithoutAShellRunsItsProgram() {
    StepFinished end = end(image(DockerDaemon.WITHOUT_SHELL, List.of("/echo", "hello"), null));
    assertThat(end.outcome()).as(end.error()).isEqualTo(Outcome.COMPLETED);
    assertThat(end.output()).isEqualTo("hello");
  }

  /** A8: an image that cannot be pulled. */
  @Test
  void anImageThatCannotBePulledIsNamed() {
    StepFinished end = end(image("127.0.0.1:1/none:1", List.of("true"), null));
    assertThat(end.outcome()).isEqualTo(Outcome.INFRASTRUCTURE);
    assertThat(end.error()).contains("127.0.0.1:1/none:1").contains("cannot be pulled");
    assertThat(end.startedAt()).isNull();
  }

  @Test
  void whatIsNoNameOfAnImageIsTheStepsFault() {
    StepFinished end = end(image("No:Name:At:All", List.of("true"), null));
    assertThat(end.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(end.error()).contains("invalid reference");
  }

  /** A8: killed because it used its memory up. */
  @Test
  void aProgramThatUsesItsMemoryUpIsToldFromOthers() {
    try (RunnerFixture narrow =
        new RunnerFixture(DockerHost.on(daemon, 32 << 20), directory.resolve("narrow"), 1)) {
      narrow.run(execution, script(0, "echo x; tail /dev/zero"));
      await().until(() -> !narrow.topics.finished(execution).isEmpty());

      StepFinished end = narrow.topics.finished(execution).get(0);
      assertThat(end.outcome()).isEqualTo(Outcome.FAILED);
      assertThat(end.exitCode()).isEqualTo(137);
      assertThat(end.error()).contains("out of memory").contains("32 MiB");
    }
  }

  @Test
  void aProgramHasNoRightsAndItsContainerTellsNoSecret() {
    StepSpec step =
        new StepSpec(
            0,
            "step-0",
            1,
            null,
            null,
            "grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status | tr -d '\\t';"
                + " until [ -e go ]; do sleep 0.05; done",
            null,
            null,
            null,
            0,
            "OUT",
            true);
    fixture
        .grants(execution, step)
        .complete(new StepGrants(Map.of("TOKEN", "canary"), List.of("TOKEN"), false));
    fixture.run(execution, step);
    await().until(() -> !log(0).lines.isEmpty());

    InspectContainerResponse container = daemon.client().inspectContainerCmd(container(0)).exec();
    assertThat(container.getHostConfig().getPrivileged()).isFalse();
    assertThat(container.getHostConfig().getNetworkMode()).isEqualTo(daemon.network());
    assertThat(container.getName() + container.getConfig().getLabels()).doesNotContain("canary");
    assertThat(container.getConfig().getLabels())
        .containsEntry("dev.gantry.execution", execution.toString())
        .containsEntry("dev.gantry.runner", "test");
    make("go");
    assertThat(finished(1).output())
        .isEqualTo("CapEff:0000000000000000\nCapBnd:0000000000000000\nNoNewPrivs:1");
  }

  @Test
  void aContainerGoesWhenItsEndIsTold() {
    end(script(0, "true"));
    await().until(() -> !isThere(container(0)));
  }

  @Test
  void orphansOfThisRunnerAreSweptAndNothingElse() {
    fixture.run(execution, script(0, "echo x > begun; sleep 300"));
    awaitFile("begun");
    Map<String, String> labels =
        daemon.client().inspectContainerCmd(container(0)).exec().getConfig().getLabels();
    String orphan = create("orphan-" + execution, labels, UUID.randomUUID());
    Map<String, String> others = new HashMap<>(labels);
    others.put("dev.gantry.ledger", "another");
    String foreign = create("foreign-" + execution, others, UUID.randomUUID());

    fixture.runner().sweep();

    assertThat(isThere(orphan)).isFalse();
    assertThat(isThere(foreign)).isTrue();
    assertThat(isThere(container(0))).isTrue();
    daemon.client().removeContainerCmd(foreign).exec();
    fixture.cancel(execution, 0, new AttemptRef(0, 1));
    finished(1);
  }

  private String create(String name, Map<String, String> labels, UUID ofExecution) {
    Map<String, String> own = new HashMap<>(labels);
    own.put("dev.gantry.execution", ofExecution.toString());
    daemon
        .client()
        .createContainerCmd(daemon.image())
        .withName(name)
        .withLabels(own)
        .withEntrypoint("sh", "-c", "echo begun >> /work/starts")
        .withHostConfig(
            HostConfig.newHostConfig()
                .withNetworkMode("none")
                .withBinds(Bind.parse(file("").toString() + ":/work")))
        .exec();
    return name;
  }

  /** A4: created by a process that was killed before it started it, or remembered anything. */
  @Test
  void aContainerThatIsThereIsAdoptedByItsName() throws IOException {
    Files.createDirectories(file(""));
    create(container(0), Map.of(), execution);

    StepFinished end = end(script(0, "echo another >> starts"));

    assertThat(end.outcome()).as(end.error()).isEqualTo(Outcome.COMPLETED);
    assertThat(read("starts")).containsExactly("begun");
  }

  /** A4: started by a process that was killed before it remembered that. */
  @Test
  void aContainerThatRunsIsAdoptedByItsName() throws IOException {
    fixture.run(
        execution, script(0, "echo x >> starts; until [ -e go ]; do sleep 0.05; done; exit 4"));
    awaitFile("starts");
    Path remembered = directory.resolve("runner/" + execution + "/0-1/started");
    await().until(() -> Files.exists(remembered));
    fixture.runner().close();
    Files.delete(remembered);
    fixture.start();
    fixture.resume();
    make("go");

    assertThat(finished(1).exitCode()).isEqualTo(4);
    assertThat(read("starts")).hasSize(1);
  }

  @Test
  void aContainerOfSomebodyElsesIsLeftAlone() throws IOException {
    Files.createDirectories(file(""));
    create(container(0), Map.of(), UUID.randomUUID());

    StepFinished end = end(script(0, "true"));

    assertThat(end.outcome()).isEqualTo(Outcome.INFRASTRUCTURE);
    assertThat(end.error()).contains(container(0)).contains("not made by Gantry");
    fixture.runner().sweep();
    assertThat(isThere(container(0))).isTrue();
    daemon.client().removeContainerCmd(container(0)).exec();
  }

  @Test
  void aContainerThatSomebodyRemovesIsSaid() {
    fixture.run(execution, script(0, "echo x > begun; sleep 300"));
    awaitFile("begun");
    await().until(() -> !fixture.topics.events(execution).isEmpty());

    daemon.client().removeContainerCmd(container(0)).withForce(true).exec();

    StepFinished end = finished(1);
    assertThat(end.outcome()).isIn(Outcome.INFRASTRUCTURE, Outcome.FAILED);
    assertThat(end.error()).containsAnyOf("was removed", "signal 9");
  }

  /** A3: removed while its runner was away, so that nobody knows how it ended. */
  @Test
  void aContainerThatIsGoneAfterARestartIsSaid() {
    fixture.run(execution, script(0, "echo x; echo x > begun; sleep 300"));
    awaitFile("begun");
    await().until(() -> log(0).lines.size() == 1);
    fixture.runner().close();
    daemon.client().removeContainerCmd(container(0)).withForce(true).exec();
    fixture.start();
    fixture.resume();

    StepFinished end = finished(1);
    assertThat(end.outcome()).isEqualTo(Outcome.INFRASTRUCTURE);
    assertThat(end.error()).contains("was removed");
    assertThat(wholeLog(0).texts()).containsExactly("x");
  }

  @Test
  void aUserThatIsSetOwnsTheWorkDirectoryAndReadsTheScript() {
    DockerHost host = DockerHost.as("4711:4712", daemon);
    try (RunnerFixture other = new RunnerFixture(host, directory.resolve("other"), 1)) {
      other.run(execution, script(0, "id -u; id -g; echo x > made && stat -c %u made"));
      await().until(() -> !other.topics.finished(execution).isEmpty());

      StepFinished end = other.topics.finished(execution).get(0);
      assertThat(end.outcome()).as(end.error()).isEqualTo(Outcome.COMPLETED);
      assertThat(end.output()).isEqualTo("4711\n4712\n4711");
    }
  }

  @Override
  @Test
  @Disabled("with its driver 'local' Docker 20.10 forgets the end of a line longer than 16 KiB")
  void aLongLineEndsWithItsLastPiece() {
    super.aLongLineEndsWithItsLastPiece();
  }

  @Test
  void theLoadIsTheDaemons() {
    Load load = fixture.runner().load();
    assertThat(load.capacity().cpuMillis())
        .isEqualTo(1000L * daemon.client().infoCmd().exec().getNCPU());
    assertThat(load.usage().memoryBytes()).isPositive();
  }
}
