package dev.gantry.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * P10: what Gantry adds to a pod's own life: from the request to the Job in the cluster, and from
 * the end of its container to the answer that the execution is completed.
 */
record ClusterOverhead(Effort effort, Path kubeconfig, String image) implements Figure {
  private static final Measure P99 = Measure.atMost("p99", 100, "ms");
  private static final Measure MEDIAN = Measure.told("median", "ms");

  @Override
  public String id() {
    return "P10";
  }

  @Override
  public String what() {
    return "Kubernetes: added before a Job's creation and after its container's end";
  }

  @Override
  public List<Measure> measures() {
    return List.of(P99, MEDIAN);
  }

  @Override
  public List<String> arguments() {
    return List.of("--runner", "kubernetes");
  }

  @Override
  public Map<String, String> environment() {
    return ClusterJobs.environment(kubeconfig, image);
  }

  @Override
  public void warmUp(Gantry gantry) throws IOException, InterruptedException {
    measure(gantry, effort.of(10));
  }

  @Override
  public Map<Measure, Double> run(Gantry gantry) throws IOException, InterruptedException {
    Histogram micros = measure(gantry, effort.of(100));
    return Map.of(
        P99, micros.getValueAtPercentile(99) / 1e3, MEDIAN, micros.getValueAtPercentile(50) / 1e3);
  }

  private Histogram measure(Gantry gantry, int times) throws IOException, InterruptedException {
    OneAtATime step = OneAtATime.onCluster(gantry.api());
    Histogram micros = new Histogram(3);
    try (ClusterJobs cluster = new ClusterJobs(kubeconfig, image)) {
      for (int i = 0; i < times; i++) {
        try (ClusterJobs.Sighting sighting = cluster.watch()) {
          long sent = System.nanoTime();
          step.runOnce();
          long answered = System.nanoTime();
          long added = sighting.created() - sent + answered - sighting.ended();
          micros.recordValue(Math.max(0, added) / 1_000);
        }
      }
    }
    return micros;
  }
}
