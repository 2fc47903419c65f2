package dev.gantry.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.runner.kubernetes.KubernetesHost;
import dev.gantry.runner.kubernetes.RealCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The contract, by Jobs of a cluster that is already there. */
@EnabledIfSystemProperty(
    named = RealCluster.KUBECONFIG,
    matches = ".+",
    disabledReason = "no cluster is named by -D" + RealCluster.KUBECONFIG)
class RealClusterKillTest extends BackendKillContract {
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

  @Override
  @AfterEach
  void stop() {
    super.stop();
    cluster.close();
    assertThat(host.traffic().warnings()).isEmpty();
  }
}
