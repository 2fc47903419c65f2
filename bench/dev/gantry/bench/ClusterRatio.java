package dev.gantry.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** P9: a step on Kubernetes beside a Job that the cluster is given by hand, in turns. */
record ClusterRatio(Effort effort, Path kubeconfig, String image) implements OnCluster {
  private static final Measure RATIO = Measure.atMost("of the Job's own", 0.8, "");
  private static final Measure STEP = Measure.told("step, median", "ms");
  private static final Measure JOB = Measure.told("Job and wait, median", "ms");

  @Override
  public String id() {
    return "P9";
  }

  @Override
  public String what() {
    return "Kubernetes: request to completed, beside creating a Job and waiting for it";
  }

  @Override
  public List<Measure> measures() {
    return List.of(RATIO, STEP, JOB);
  }

  @Override
  public void warmUp(Gantry gantry) throws IOException, InterruptedException {
    measure(gantry, 3);
  }

  @Override
  public Map<Measure, Double> run(Gantry gantry) throws IOException, InterruptedException {
    return measure(gantry, effort.of(20));
  }

  private Map<Measure, Double> measure(Gantry gantry, int times)
      throws IOException, InterruptedException {
    OneAtATime step = OneAtATime.onCluster(gantry.api());
    Histogram steps = new Histogram(3);
    Histogram jobs = new Histogram(3);
    try (ClusterJobs cluster = new ClusterJobs(kubeconfig, image)) {
      for (int i = 0; i < times; i++) {
        jobs.recordValue(cluster.createAndWait() / 1_000);
        steps.add(step.run(1));
      }
    }
    double ours = steps.getValueAtPercentile(50) / 1e3;
    double theirs = jobs.getValueAtPercentile(50) / 1e3;
    return Map.of(RATIO, ours / theirs, STEP, ours, JOB, theirs);
  }
}
