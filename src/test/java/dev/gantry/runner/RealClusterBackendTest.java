package dev.gantry.runner;

import dev.gantry.runner.kubernetes.RealCluster;
import io.fabric8.kubernetes.client.Config;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** On a cluster that is already there. */
@EnabledIfSystemProperty(
    named = RealCluster.KUBECONFIG,
    matches = ".+",
    disabledReason = "no cluster is named by -D" + RealCluster.KUBECONFIG)
class RealClusterBackendTest extends RealClusterContract {
  @Override
  Config access() {
    return RealCluster.named();
  }
}
