package dev.gantry.runner;

import static dev.gantry.runner.RunnerFixture.script;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.runner.kubernetes.ApiTraffic.Call;
import dev.gantry.runner.kubernetes.KubernetesHost;
import dev.gantry.runner.kubernetes.RealCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The contract, by Jobs of a cluster that is already there. */
@EnabledIfSystemProperty(
    named = RealCluster.KUBECONFIG,
    matches = ".+",
    disabledReason = "no cluster is named by -D" + RealCluster.KUBECONFIG)
class RealClusterBackendTest extends BackendContract {
  @TempDir private Path folder;
  private RealCluster cluster;
  private KubernetesHost host;

  @Override
  BackendHost host() {
    if (host == null) {
      cluster = new RealCluster(folder);
      host = cluster.host();
    }
    return host;
  }

  /** P11. */
  @Test
  void aStepIsOneWrite() {
    end(script(0, "echo done"));
    await().until(() -> fixture.runner().active() == 0);

    assertThat(host.traffic().writes()).extracting(Call::method).containsExactly("POST");
  }

  @Override
  @AfterEach
  void close() {
    super.close();
    cluster.close();
    assertThat(host.traffic().warnings()).isEmpty();
  }
}
