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
import dev.gantry.runners.protocol.Heartbeat.Amount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** Runs attempts as Jobs of one namespace. The cluster is its memory, in common with its peers. */
public final class KubernetesBackend implements Backend {
  private final KubernetesResources resources;
  private final ClusterEvents events;

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
    this.events = new ClusterEvents(client, settings.namespace(), followed::told);
    cluster.start();
    events.start();
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
        .filter(job -> !KubernetesLedger.isSuspended(job))
        .isPresent();
  }

  @Override
  public Attempt run(AttemptRequest request, AttemptListener listener) {
    JobAttempt attempt = new JobAttempt(request, listener, resources);
    attempt.begin();
    return attempt;
  }

  /** Jobs of ended executions go by their own time to live. */
  @Override
  public void sweep(Predicate<UUID> active, Instant before) {
    resources.ledger().sweep(active);
  }

  @Override
  public Load load() {
    return new Load(new Amount(0, 0), new Amount(0, 0));
  }

  @Override
  public void close() {
    events.close();
    resources.close();
  }
}
