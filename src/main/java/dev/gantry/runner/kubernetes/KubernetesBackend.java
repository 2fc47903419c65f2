package dev.gantry.runner.kubernetes;

import dev.gantry.runner.Attempt;
import dev.gantry.runner.AttemptKey;
import dev.gantry.runner.AttemptListener;
import dev.gantry.runner.AttemptRecords;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.Backend;
import dev.gantry.runner.GrantSource;
import dev.gantry.runner.Ledger;
import dev.gantry.runner.Load;
import dev.gantry.runner.LogShipper;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/** Runs attempts as Jobs of one namespace. The cluster is its memory, in common with its peers. */
public final class KubernetesBackend implements Backend {
  private static final Logger LOG = Logger.getLogger(KubernetesBackend.class);

  /** How long quotas are taken to be as they were: they are changed by people. */
  private static final Duration QUOTAS_LAST = Duration.ofMinutes(1);

  /** A watch that was cut has begun again by then. */
  private static final Duration MOST_GRACE = Duration.ofSeconds(10);

  private final ScheduledExecutorService comparisons =
      Executors.newSingleThreadScheduledExecutor(KubernetesBackend::daemon);
  private final KubernetesResources resources;
  private final ClusterEvents events;
  private final Orphans orphans;
  private List<ResourceQuota> quotas = List.of();
  private Instant quotasAt = Instant.EPOCH;

  /**
   * @param client is closed with the backend
   * @param runner the runner's name, by which it knows its objects
   */
  public KubernetesBackend(
      KubernetesClient client,
      KubernetesSettings settings,
      String runner,
      LogShipper logs,
      AttemptRecords records,
      GrantSource grants,
      Executor workers) {
    Followed followed = new Followed();
    Cluster cluster = new Cluster(client, settings.namespace(), runner, followed::changed);
    ApiCalls calls = new ApiCalls();
    KubernetesLedger ledger =
        new KubernetesLedger(
            cluster,
            calls,
            new JobTemplate(settings, runner),
            records,
            grants,
            settings.namespace(),
            runner);
    this.resources =
        KubernetesResources.of(cluster, calls, ledger, records, logs, settings, workers, followed);
    this.orphans = new Orphans(cluster, records);
    this.events = new ClusterEvents(client, settings.namespace(), followed::told);
    cluster.start();
    events.start();
    startComparing(settings.comparison().toMillis());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a comparison throws nothing
  private void startComparing(long period) {
    comparisons.scheduleWithFixedDelay(this::compare, period, period, TimeUnit.MILLISECONDS);
  }

  /** What the watches have told with what there is. */
  private void compare() {
    try {
      resources.cluster().compare(grace());
    } catch (KubernetesClientException e) {
      LOG.debugf("what the watches tell is compared later: %s", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("what the watches tell was not compared with what there is", e);
    }
  }

  private Duration grace() {
    Duration quarter = resources.settings().comparison().dividedBy(4);
    return quarter.compareTo(MOST_GRACE) < 0 ? quarter : MOST_GRACE;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "gantry-kubernetes-comparison");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public Ledger ledger() {
    return resources.ledger();
  }

  @Override
  public boolean keepsGrants() {
    return false;
  }

  @Override
  public boolean holds(AttemptKey key) {
    // One that is suspended is kept, and was never handed over.
    return resources
        .cluster()
        .job(JobTemplate.name(key))
        .filter(job -> !JobCreation.isSuspended(job))
        .isPresent();
  }

  @Override
  public Attempt run(AttemptRequest request, AttemptListener listener) {
    JobAttempt attempt = new JobAttempt(request, listener, resources);
    attempt.begin();
    return attempt;
  }

  /** Jobs that have ended go by their own time to live. */
  @Override
  public void sweep(Predicate<UUID> active, Instant before) {
    resources.ledger().sweep(active);
    try {
      orphans.sweep(active);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the namespace's quotas let pods request, where it has any that the runner may read. */
  @Override
  public synchronized Load load() {
    Instant now = Instant.now();
    if (quotasAt.plus(QUOTAS_LAST).isBefore(now)) {
      quotas = quotas();
      quotasAt = now;
    }
    return NamespaceLoad.of(quotas, resources.cluster().pods());
  }

  private List<ResourceQuota> quotas() {
    try {
      return resources.cluster().quotas();
    } catch (KubernetesClientException e) {
      LOG.debugf("the namespace's quotas cannot be read: %s", e.getMessage());
      return List.of();
    }
  }

  @Override
  public void close() {
    comparisons.shutdownNow();
    events.close();
    resources.close();
  }
}
