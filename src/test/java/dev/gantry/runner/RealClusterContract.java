package dev.gantry.runner;

import static dev.gantry.runner.RunnerFixture.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.runner.kubernetes.ApiTraffic.Call;
import io.fabric8.kubernetes.client.Config;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract, by Jobs of a real API server and a real kubelet. */
abstract class RealClusterContract extends ContainerContract {
  @TempDir private Path folder;
  private RealClusterHost cluster;

  /** As somebody who may make namespaces. */
  abstract Config access();

  @Override
  BackendHost host() {
    if (cluster == null) {
      cluster = new RealClusterHost(access(), folder);
    }
    return cluster.host();
  }

  /** P11. */
  @Test
  void aStepIsOneWrite() {
    end(script(0, "echo done"));
    await().until(() -> fixture.runner().active() == 0);

    assertThat(cluster.host().traffic().writes()).extracting(Call::method).containsExactly("POST");
  }

  @Override
  @AfterEach
  void close() {
    super.close();
    cluster.close();
  }
}
