package dev.gantry.runner;

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
  private RealClusterHost cluster;

  @Override
  BackendHost host() {
    if (cluster == null) {
      cluster = new RealClusterHost(RealCluster.named(), folder);
    }
    return cluster.host();
  }

  @Override
  @AfterEach
  void stop() {
    super.stop();
    cluster.close();
  }
}
