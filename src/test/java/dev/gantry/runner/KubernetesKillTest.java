package dev.gantry.runner;

import dev.gantry.runner.kubernetes.KubernetesHost;
import dev.gantry.runner.kubernetes.cluster.TestCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** By Jobs of a cluster, which has all that is remembered. */
@Tag("chaos")
class KubernetesKillTest extends BackendKillContract {
  @TempDir private Path folder;
  private final TestCluster cluster = TestCluster.start();
  private KubernetesHost host;

  @Override
  BackendHost host() {
    if (host == null) {
      host = KubernetesHost.on(cluster, folder);
    }
    return host;
  }

  @Override
  @AfterEach
  void stop() {
    super.stop();
    cluster.close();
  }
}
