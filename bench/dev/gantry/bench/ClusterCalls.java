package dev.gantry.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** P11: what a step costs the cluster's API server, counted on the way there. */
final class ClusterCalls implements OnCluster {
  private static final Measure WRITES = Measure.atMost("writes per step", 1, "");
  private static final Measure READS = Measure.told("reads per step", "");

  private final Effort effort;
  private final Path kubeconfig;
  private final String image;
  private CountedApiServer server;
  private Path counted;

  ClusterCalls(Effort effort, Path kubeconfig, String image) {
    this.effort = effort;
    this.kubeconfig = kubeconfig;
    this.image = image;
  }

  @Override
  public Path kubeconfig() {
    return counted;
  }

  @Override
  public String image() {
    return image;
  }

  @Override
  public String id() {
    return "P11";
  }

  @Override
  public String what() {
    return "Kubernetes: calls of the API server for a step without files";
  }

  @Override
  public List<Measure> measures() {
    return List.of(WRITES, READS);
  }

  /** Gantry is started with the address of what counts, which is known when it listens only. */
  @Override
  public Map<String, String> environment() throws IOException {
    server = new CountedApiServer(kubeconfig);
    counted = Files.createTempFile("gantry-bench", ".kubeconfig");
    server.writeKubeconfig(counted);
    return OnCluster.super.environment();
  }

  @Override
  public void warmUp(Gantry gantry) throws IOException, InterruptedException {
    OneAtATime.onCluster(gantry.api()).run(3);
  }

  @Override
  public Map<Measure, Double> run(Gantry gantry) throws IOException, InterruptedException {
    int steps = effort.of(50);
    int writes = server.writes();
    int reads = server.reads();
    OneAtATime.onCluster(gantry.api()).run(steps);
    return Map.of(
        WRITES,
        (double) (server.writes() - writes) / steps,
        READS,
        (double) (server.reads() - reads) / steps);
  }

  @Override
  public void close() throws IOException {
    if (server != null) {
      server.close();
      Files.delete(counted);
    }
  }
}
