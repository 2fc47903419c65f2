package dev.gantry.runner;

import static dev.gantry.runner.RunnerFixture.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** ... and before it remembers what it has begun, on its disk (A4). */
abstract class DiskKillContract extends BackendKillContract {
  @Test
  void whatWasKeptButNotStartedIsStartedOnce() throws IOException {
    kill();
    Path root = directory.resolve("runner");
    Files.createDirectories(root.resolve(execution + "/0-1"));
    Files.createDirectories(root.resolve("segments"));
    var command = RunnerFixture.command(execution, Map.of(), script(0, "echo start >> starts"));
    Files.write(root.resolve("segments/" + execution + "-0-1.json"), ProtocolJson.write(command));
    topics.send(command);

    start();

    assertThat(finished(0).outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(Files.readAllLines(file("starts"))).hasSize(1);
  }
}
