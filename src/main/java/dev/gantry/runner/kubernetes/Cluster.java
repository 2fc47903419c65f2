package dev.gantry.runner.kubernetes;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.ScalableResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.HttpRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * One runner's Jobs and their pods in one namespace: what is known of them comes from two watches,
 * and nothing of one attempt is asked for again and again. What reads is for any thread; what calls
 * the API server blocks and throws {@link KubernetesClientException}.
 */
final class Cluster implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Cluster.class);
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int PAGE = 500;
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

  /** Told of what changes; does not block. */
  interface Followers {
    /** Whether anybody follows this Job, who then calls {@link #forget} at the end. */
    boolean changed(String jobName);
  }

  private final KubernetesClient client;
  private final CallWindow window = new CallWindow(ApiCalls.AT_ONCE);
  private final String namespace;
  private final Map<String, String> labels;
  private final Followers followers;
  private final Watched<Job> jobs;
  private final Watched<Pod> pods;

  /** Those that this process has created, until the watch has told of them. */
  private final Map<String, Job> created = new ConcurrentHashMap<>();

  /** The last that was told of a Job's pod, by the Job's name. */
  private final Map<String, Pod> podOfJob = new ConcurrentHashMap<>();

  /**
   * @param client is closed with it
   */
  Cluster(KubernetesClient client, String namespace, String runner, Followers followers) {
    this.client = client;
    this.namespace = namespace;
    this.labels = Labels.ofRunner(runner);
    this.followers = followers;
    this.jobs = new Watched<>(() -> ourJobs().runnableInformer(0), this::jobChanged, this::jobGone);
    this.pods = new Watched<>(() -> ourPods().runnableInformer(0), this::podChanged, this::podGone);
  }

  private FilterWatchListDeletable<Job, JobList, ScalableResource<Job>> ourJobs() {
    return client.batch().v1().jobs().inNamespace(namespace).withLabels(labels);
  }

  private FilterWatchListDeletable<Pod, PodList, PodResource> ourPods() {
    return client.pods().inNamespace(namespace).withLabels(labels);
  }

  /** Begins to watch; goes on trying for as long as the API server is away. */
  void start() {
    jobs.start();
    pods.start();
  }

  /** Waits until {@link #isSynced}. */
  void awaitSynced() throws InterruptedException {
    while (!isSynced()) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Whether all there was at the start is known. */
  boolean isSynced() {
    return jobs.isSynced() && pods.isSynced();
  }

  /**
   * Compares what the watches have told with what there is, and replaces one that has missed
   * something and does not make up for it in {@code grace}: its steps would wait for their
   * deadlines.
   */
  void compare(Duration grace) throws InterruptedException {
    if (!isSynced()) {
      return;
    }
    renewIfBehind("Jobs", jobs, this::ourJobs, grace);
    renewIfBehind("pods", pods, this::ourPods, grace);
  }

  private <T extends HasMetadata> void renewIfBehind(
      String what,
      Watched<T> watched,
      Supplier<? extends FilterWatchListDeletable<T, ? extends KubernetesResourceList<T>, ?>> ours,
      Duration grace)
      throws InterruptedException {
    if (watched.isBehind(() -> versions(ours), grace)) {
      LOG.warnf("the watch of %s in %s has missed something, and begins anew", what, namespace);
      watched.renew();
    }
  }

  private <T extends HasMetadata> Map<String, String> versions(
      Supplier<? extends FilterWatchListDeletable<T, ? extends KubernetesResourceList<T>, ?>>
          ours) {
    Map<String, String> versions = new HashMap<>();
    forEach(
        ours,
        object ->
            versions.put(
                object.getMetadata().getName(), object.getMetadata().getResourceVersion()));
    return versions;
  }

  private void jobChanged(Job job) {
    created.remove(job.getMetadata().getName());
    followers.changed(job.getMetadata().getName());
  }

  private void jobGone(Job job) {
    created.remove(job.getMetadata().getName());
    changedAtLast(job.getMetadata().getName());
  }

  /** How it has ended is still to be looked at by who follows it, and by nobody else. */
  private void changedAtLast(String jobName) {
    if (!followers.changed(jobName)) {
      forget(jobName);
    }
  }

  private void podChanged(Pod pod) {
    remember(pod).ifPresent(followers::changed);
  }

  private void podGone(Pod pod) {
    remember(pod).ifPresent(this::changedAtLast);
  }

  /** The name of the pod's Job, if that is ours. */
  private Optional<String> remember(Pod pod) {
    Optional<String> jobName = Labels.attempt(pod).map(JobTemplate::name);
    jobName.ifPresent(name -> podOfJob.put(name, pod));
    return jobName;
  }

  /** Nobody follows the Job any more: what is not in the cluster need not be known. */
  void forget(String jobName) {
    if (job(jobName).isEmpty()) {
      podOfJob.computeIfPresent(jobName, (name, pod) -> exists(pod) ? pod : null);
    }
  }

  /** As it was told last. */
  Optional<Job> job(String name) {
    Job job = created.get(name);
    return Optional.ofNullable(job == null ? stored(name) : job);
  }

  /** As it was told last, also when it is gone. */
  Optional<Pod> pod(String jobName) {
    return Optional.ofNullable(podOfJob.get(jobName));
  }

  /** Asks the API server, which may know of one that was not told yet. Blocks. */
  boolean hasPod(String jobName) {
    return !client
        .pods()
        .inNamespace(namespace)
        .withLabel("job-name", jobName)
        .list()
        .getItems()
        .isEmpty();
  }

  boolean exists(Pod pod) {
    return pods.get(namespace + "/" + pod.getMetadata().getName()) != null;
  }

  /** Creates the Job; empty when there is one of its name already. */
  Optional<Job> create(Job job) {
    try {
      Job made =
          window.call(
              () -> client.batch().v1().jobs().inNamespace(namespace).resource(job).create());
      if (stored(made.getMetadata().getName()) == null) {
        created.put(made.getMetadata().getName(), made);
      }
      return Optional.of(made);
    } catch (KubernetesClientException e) {
      if (e.getCode() == CONFLICT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Job stored(String name) {
    return jobs.get(namespace + "/" + name);
  }

  /** All that are known. */
  Stream<Job> jobs() {
    return jobs.all().stream();
  }

  /** All that are known. */
  Collection<Pod> pods() {
    return pods.all();
  }

  /** Those of the namespace, asked of the API server. */
  List<ResourceQuota> quotas() {
    return window.call(() -> client.resourceQuotas().inNamespace(namespace).list().getItems());
  }

  /** Whether there is a Job of the execution. */
  boolean remembers(UUID execution) {
    return jobs()
        .anyMatch(
            job ->
                Labels.attempt(job).filter(key -> key.executionId().equals(execution)).isPresent());
  }

  /** Asks the API server. */
  Optional<Job> read(String name) {
    return Optional.ofNullable(
        window.call(() -> client.batch().v1().jobs().inNamespace(namespace).withName(name).get()));
  }

  /** All Jobs of the runner, asked of the API server page by page. */
  void forEachJob(Consumer<Job> visitor) {
    forEach(this::ourJobs, visitor);
  }

  private <T extends HasMetadata> void forEach(
      Supplier<? extends FilterWatchListDeletable<T, ? extends KubernetesResourceList<T>, ?>> ours,
      Consumer<T> visitor) {
    String next = null;
    do {
      var from = new ListOptionsBuilder().withLimit((long) PAGE).withContinue(next).build();
      KubernetesResourceList<T> page = window.call(() -> ours.get().list(from));
      page.getItems().forEach(visitor);
      next = page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
  }

  /** Creates what belongs to a Job, unless it is there. */
  void createOwned(List<HasMetadata> objects) {
    for (HasMetadata object : objects) {
      try {
        window.call(() -> client.resource(object).inNamespace(namespace).create());
      } catch (KubernetesClientException e) {
        if (e.getCode() != CONFLICT) {
          throw e;
        }
      }
    }
  }

  void resume(String name) {
    patch(name, "{\"spec\":{\"suspend\":false}}");
  }

  /** Sets an annotation of the Job; does nothing when it is gone. */
  void annotate(String name, String jsonOfAnnotations) {
    patch(name, "{\"metadata\":{\"annotations\":" + jsonOfAnnotations + "}}");
  }

  private void patch(String name, String patch) {
    try {
      Job job =
          window.call(
              () ->
                  client
                      .batch()
                      .v1()
                      .jobs()
                      .inNamespace(namespace)
                      .withName(name)
                      .patch(MERGE, patch));
      created.computeIfPresent(name, (key, before) -> job);
    } catch (KubernetesClientException e) {
      if (e.getCode() != NOT_FOUND) {
        throw e;
      }
    }
  }

  /** Removes the Job with all that belongs to it. */
  void delete(String name) {
    window.call(
        () ->
            client
                .batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName(name)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete());
    created.remove(name);
  }

  /** Sends the pod's programs a termination signal, and kills them after the grace period. */
  void stop(Pod pod, Duration grace) {
    window.call(
        () ->
            client
                .pods()
                .inNamespace(namespace)
                .withName(pod.getMetadata().getName())
                .withGracePeriod(Math.max(1, (grace.toMillis() + 999) / 1000))
                .delete());
  }

  /**
   * The log of the step's container, from {@code since} on. Asked for directly: the client's own
   * way to it is a list and a watch for each log. Does not block, and waits for ever: the kubelet
   * need not answer before the container prints.
   *
   * @param follow until the container ends; else what there is
   */
  LogReading log(Pod pod, Instant since, boolean follow) throws IOException {
    String query = "container=" + JobTemplate.CONTAINER + "&timestamps=true&follow=" + follow;
    if (since != null) {
      query += "&sinceTime=" + since.truncatedTo(ChronoUnit.SECONDS);
    }
    String path =
        "api/v1/namespaces/" + namespace + "/pods/" + pod.getMetadata().getName() + "/log?";
    HttpRequest request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .url(new URL(client.getMasterUrl(), path + query))
            .forStreaming()
            .build();
    return new LogReading(client.getHttpClient().sendAsync(request, InputStream.class), follow);
  }

  /** How long a request waits for its answer, where that comes at once. */
  Duration answerTime() {
    return Duration.ofMillis(client.getConfiguration().getRequestTimeout());
  }

  @Override
  public void close() {
    jobs.close();
    pods.close();
    client.close();
  }
}
