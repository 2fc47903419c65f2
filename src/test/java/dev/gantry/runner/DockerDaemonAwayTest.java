package dev.gantry.runner;

import static dev.gantry.runner.RunnerFixture.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.runner.docker.DockerDaemon;
import dev.gantry.runner.docker.DockerHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that is killed while its containers live on: nothing is told before it is back. */
class DockerDaemonAwayTest {
  @TempDir private Path directory;
  private final UUID execution = UUID.randomUUID();
  private DockerDaemon daemon;
  private RunnerFixture fixture;

  @BeforeEach
  void start() {
    daemon = DockerDaemon.start();
    fixture = new RunnerFixture(DockerHost.on(daemon), directory.resolve("runner"), 64);
  }

  @AfterEach
  void stop() {
    if (fixture != null) {
      fixture.close();
      daemon.close();
    }
  }

  private static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
  }

  private Path file(String name) {
    return directory.resolve("runner/" + execution + "/work").resolve(name);
  }

  private StepFinished finished() {
    await().until(() -> !fixture.topics.finished(execution).isEmpty());
    return fixture.topics.finished(execution).get(0);
  }

  @Test
  void whatRunsIsFollowedOnAndItsLogIsWhole() throws Exception {
    fixture.run(
        execution,
        script(
            0,
            "echo first; until [ -e away ]; do sleep 0.05; done; echo meanwhile; echo > said;"
                + " until [ -e go ]; do sleep 0.05; done; echo last; exit 5"));
    await().until(() -> fixture.topics.log(execution, 0, 1).lines.size() == 1);

    daemon.kill();
    Files.createFile(file("away"));
    await().until(() -> Files.exists(file("said")));
    assertThat(fixture.topics.finished(execution)).isEmpty();
    daemon.run();
    Files.createFile(file("go"));

    assertThat(finished().exitCode()).isEqualTo(5);
    await().until(() -> fixture.topics.log(execution, 0, 1).end != null);
    assertThat(fixture.topics.log(execution, 0, 1).texts())
        .containsExactly("first", "meanwhile", "last");
  }

  /** A12, with the daemon away. */
  @Test
  void aCancelWaitsForTheDaemon() {
    fixture.run(execution, script(0, "echo > begun; sleep 300"));
    await().until(() -> Files.exists(file("begun")));
    await().until(() -> !fixture.topics.events(execution).isEmpty());

    daemon.kill();
    fixture.cancel(execution, 1000, new AttemptRef(0, 1));
    daemon.run();

    assertThat(finished().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(fixture.topics.finished(execution)).hasSize(1);
  }

  @Test
  void whatComesWhileItIsAwayIsRunLaterUnlessItIsCancelled() {
    daemon.kill();
    UUID cancelled = UUID.randomUUID();
    fixture.run(execution, script(0, "echo ran"));
    fixture.run(cancelled, script(0, "echo ran"));
    fixture.cancel(cancelled, 1000, new AttemptRef(0, 1));

    await().until(() -> !fixture.topics.finished(cancelled).isEmpty());
    assertThat(fixture.topics.finished(cancelled).get(0).outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(fixture.topics.finished(execution)).isEmpty();
    daemon.run();

    assertThat(finished().output()).isEqualTo("ran");
  }
}
