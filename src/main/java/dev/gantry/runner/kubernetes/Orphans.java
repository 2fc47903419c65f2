package dev.gantry.runner.kubernetes;

import dev.gantry.runner.AttemptKey;
import dev.gantry.runner.AttemptRecords;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Jobs that run, or would, and that nobody waits for: their execution is gone, or has ended without
 * them. For one thread, which may block.
 */
final class Orphans {
  private static final Logger LOG = Logger.getLogger(Orphans.class);

  private final Cluster cluster;
  private final AttemptRecords records;

  /** Nobody waited for them when this was looked at last. */
  private Set<AttemptKey> before = Set.of();

  Orphans(Cluster cluster, AttemptRecords records) {
    this.cluster = cluster;
    this.records = records;
  }

  /**
   * Deletes those of which the API has said twice in a row that nobody waits for them. Asks for as
   * long as it takes; interrupt the thread to give up.
   *
   * @param active executions that this process is at, and sees to itself
   */
  void sweep(Predicate<UUID> active) throws InterruptedException {
    Map<AttemptKey, String> open =
        cluster
            .jobs()
            .filter(job -> !isOver(job))
            .flatMap(Orphans::named)
            .filter(job -> !active.test(job.getKey().executionId()))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a));
    Set<AttemptKey> orphans = new HashSet<>(open.keySet());
    orphans.removeAll(records.held(open.keySet()));
    for (AttemptKey key : orphans) {
      if (before.contains(key)) {
        delete(open.get(key));
      }
    }
    before = orphans;
  }

  private static Stream<Map.Entry<AttemptKey, String>> named(Job job) {
    return Labels.attempt(job).map(key -> Map.entry(key, job.getMetadata().getName())).stream();
  }

  /** It goes by its time to live. */
  private static boolean isOver(Job job) {
    return job.getStatus() != null
        && (job.getStatus().getCompletionTime() != null || StepEnd.of(job).isPresent());
  }

  private void delete(String name) {
    try {
      cluster.delete(name);
      LOG.infof("Job %s is deleted: nobody waits for it", name);
    } catch (KubernetesClientException e) {
      LOG.warnf("Job %s, for which nobody waits, is deleted later: %s", name, e.getMessage());
    }
  }
}
