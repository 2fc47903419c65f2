package dev.gantry.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A figure whose steps are Jobs of a cluster. */
interface OnCluster extends Figure {
  Path kubeconfig();

  /** Has the program {@code true}. */
  String image();

  @Override
  default List<String> arguments() {
    return List.of("--runner", "kubernetes");
  }

  @Override
  default Map<String, String> environment() throws IOException {
    return Map.of(
        "KUBECONFIG",
        kubeconfig().toAbsolutePath().toString(),
        "GANTRY_RUNNER_KUBERNETES_IMAGE",
        image(),
        "GANTRY_RUNNER_KUBERNETES_IMAGE_PULL_POLICY",
        "IfNotPresent");
  }
}
