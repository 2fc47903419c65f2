package dev.gantry.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * P10: what Gantry adds to a pod's own life: from the request to the Job in the cluster, and from
 * the end of its container to the answer that the execution is completed.
 */
record ClusterOverhead(Effort effort, Path kubeconfig, String image) implements OnCluster {
  private static final Measure P99 = Measure.atMost("p99", 100, "ms");
  private static final Measure MEDIAN = Measure.told("median", "ms");
  private static final Measure BEFORE = Measure.told("before, median", "ms");
  private static final Measure AFTER = Measure.told("after, median", "ms");

  private static final int WARM_UP_WIDTH = 8;

  /**
   * On the node at hand the kubelet takes the pod's network and mounts away when its program has
   * ended, for which it needs both cores for a while: the next step is to meet an idle node.
   */
  private static final long PAUSE_MILLIS = 1000;

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
    return List.of(P99, MEDIAN, BEFORE, AFTER);
  }

  @Override
  public void warmUp(Gantry gantry) throws IOException, InterruptedException {
    OneAtATime step = OneAtATime.onCluster(gantry.api());
    new ClosedLoop(WARM_UP_WIDTH, step::runOnce)
        .run(Duration.ofSeconds(1), effort.of(Duration.ofSeconds(60)));
  }

  @Override
  public Map<Measure, Double> run(Gantry gantry) throws IOException, InterruptedException {
    Parts parts = measure(gantry, effort.of(100));
    return Map.of(
        P99,
        parts.both().getValueAtPercentile(99) / 1e3,
        MEDIAN,
        parts.both().getValueAtPercentile(50) / 1e3,
        BEFORE,
        parts.before().getValueAtPercentile(50) / 1e3,
        AFTER,
        parts.after().getValueAtPercentile(50) / 1e3);
  }

  /** In microseconds. */
  private record Parts(Histogram before, Histogram after, Histogram both) {
    Parts() {
      this(new Histogram(3), new Histogram(3), new Histogram(3));
    }

    void add(long beforeNanos, long afterNanos) {
      before.recordValue(Math.max(0, beforeNanos) / 1_000);
      after.recordValue(Math.max(0, afterNanos) / 1_000);
      both.recordValue(Math.max(0, beforeNanos + afterNanos) / 1_000);
    }
  }

  private Parts measure(Gantry gantry, int times) throws IOException, InterruptedException {
    OneAtATime step = OneAtATime.onCluster(gantry.api());
    Parts parts = new Parts();
    try (ClusterJobs cluster = new ClusterJobs(kubeconfig, image);
        ClusterJobs.Sighting sighting = cluster.watch()) {
      for (int i = 0; i < times; i++) {
        long sent = System.nanoTime();
        step.runOnce();
        long answered = System.nanoTime();
        ClusterJobs.Life life = sighting.next();
        parts.add(life.created() - sent, answered - life.ended());
        Thread.sleep(PAUSE_MILLIS);
      }
    }
    return parts;
  }
}
