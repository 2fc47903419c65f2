package dev.gantry.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.runner.kubernetes.KubernetesHost;
import dev.gantry.runner.kubernetes.RealCluster;
import io.fabric8.kubernetes.client.Config;
import java.nio.file.Path;

/** A namespace of a real cluster for one test, from which no warning may come. */
final class RealClusterHost implements AutoCloseable {
  private final RealCluster cluster;
  private final KubernetesHost host;

  /**
   * @param folder takes the marks
   */
  RealClusterHost(Config access, Path folder) {
    cluster = new RealCluster(access, folder);
    host = cluster.host();
  }

  KubernetesHost host() {
    return host;
  }

  @Override
  public void close() {
    cluster.close();
    assertThat(host.traffic().warnings()).isEmpty();
  }
}
