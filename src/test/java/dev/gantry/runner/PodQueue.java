package dev.gantry.runner;

import dev.gantry.runner.kubernetes.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** How long each execution's Job waited for its program to begin, as the cluster itself sees it. */
final class PodQueue {
  private final Map<UUID, Instant> created = new ConcurrentHashMap<>();
  private final Map<UUID, Instant> begun = new ConcurrentHashMap<>();

  private PodQueue(TestCluster cluster) {
    var all = cluster.admin();
    // until the cluster's end
    Watch unusedJobs =
        all.batch()
            .v1()
            .jobs()
            .inNamespace(cluster.namespace())
            .watch(new Each<>(job -> created.putIfAbsent(execution(job), Instant.now())));
    Watch unusedPods = all.pods().inNamespace(cluster.namespace()).watch(new Each<>(this::seen));
  }

  static PodQueue watch(TestCluster cluster) {
    return new PodQueue(cluster);
  }

  /** Of those whose program began. */
  Set<UUID> waitedLongerThan(Duration time) {
    return begun.keySet().stream()
        .filter(id -> begun.get(id).isAfter(created.get(id).plus(time)))
        .collect(Collectors.toSet());
  }

  private void seen(Pod pod) {
    boolean runs =
        pod.getStatus().getContainerStatuses().stream()
            .map(status -> status.getState())
            .anyMatch(state -> state.getRunning() != null || state.getTerminated() != null);
    if (runs) {
      begun.putIfAbsent(execution(pod), Instant.now());
    }
  }

  private static UUID execution(HasMetadata object) {
    return UUID.fromString(object.getMetadata().getLabels().get("gantry.dev/execution"));
  }

  private record Each<T>(Consumer<T> look) implements Watcher<T> {
    @Override
    public void eventReceived(Action action, T object) {
      look.accept(object);
    }

    @Override
    public void onClose(WatcherException cause) {
      throw new IllegalStateException("the test sees no more of the cluster", cause);
    }
  }
}
