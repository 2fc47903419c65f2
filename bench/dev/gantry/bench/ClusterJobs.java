package dev.gantry.bench;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.Watcher.Action;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/** The cluster itself, without Gantry: its own Jobs, and what becomes of Gantry's. Blocks. */
final class ClusterJobs implements AutoCloseable {
  private static final String JOB_NAME = "batch.kubernetes.io/job-name";
  private static final String EXECUTION = "gantry.dev/execution";
  private static final long PATIENCE_SECONDS = 120;

  private final KubernetesClient client;
  private final String image;
  private int made;

  ClusterJobs(Path kubeconfig, String image) throws IOException {
    Config config = access(kubeconfig);
    this.client = new KubernetesClientBuilder().withConfig(config).build();
    this.image = image;
  }

  /** As kubectl has it: in the namespace {@code default} where the context names none. */
  static Config access(Path kubeconfig) throws IOException {
    Config config = Config.fromKubeconfig(Files.readString(kubeconfig));
    if (config.getNamespace() == null) {
      config.setNamespace("default");
    }
    return config;
  }

  /**
   * Makes a Job of {@code true} and waits for its condition {@code Complete}, as {@code kubectl
   * create job} and {@code kubectl wait} do; how long that took, in nanoseconds.
   */
  long createAndWait() {
    String name = "gantry-bench-" + ProcessHandle.current().pid() + "-" + made++;
    long begin = System.nanoTime();
    client.resource(job(name)).create();
    client
        .batch()
        .v1()
        .jobs()
        .withName(name)
        .waitUntilCondition(ClusterJobs::isComplete, PATIENCE_SECONDS, TimeUnit.SECONDS);
    long took = System.nanoTime() - begin;
    client.batch().v1().jobs().withName(name).delete();
    return took;
  }

  private static boolean isComplete(Job job) {
    return job != null
        && job.getStatus() != null
        && job.getStatus().getConditions() != null
        && job.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Complete") && c.getStatus().equals("True"));
  }

  private Job job(String name) {
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(0)
        .withNewTemplate()
        .withNewSpec()
        .withRestartPolicy("Never")
        .addNewContainer()
        .withName("step")
        .withImage(image)
        .withImagePullPolicy("IfNotPresent")
        .withCommand("true")
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(65532L)
        .withAllowPrivilegeEscalation(false)
        .withNewCapabilities()
        .addToDrop("ALL")
        .endCapabilities()
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  /** Begins to look: what is told of executions before does not count. */
  Sighting watch() {
    return new Sighting();
  }

  /**
   * The Jobs of Gantry and the ends of their containers, as the cluster tells of them: times of
   * {@link System#nanoTime}. One watch for all, so that looking costs next to nothing.
   */
  final class Sighting implements AutoCloseable {
    private record Seen(String job, long at) {}

    private final BlockingQueue<Seen> created = new LinkedBlockingQueue<>();
    private final Map<String, CompletableFuture<Long>> ended = new ConcurrentHashMap<>();
    private final Watch jobs =
        fromNowOn(client.batch().v1().jobs().withLabel(EXECUTION), this::lookAtJob);
    private final Watch pods = fromNowOn(client.pods().withLabel(EXECUTION), this::lookAtPod);

    private void lookAtJob(Action action, HasMetadata job) {
      if (action == Action.ADDED) {
        created.add(new Seen(job.getMetadata().getName(), System.nanoTime()));
      }
    }

    private void lookAtPod(Action action, Pod pod) {
      long now = System.nanoTime();
      if (pod.getStatus().getContainerStatuses().stream()
          .anyMatch(container -> container.getState().getTerminated() != null)) {
        end(pod.getMetadata().getLabels().get(JOB_NAME)).complete(now);
      }
    }

    private CompletableFuture<Long> end(String job) {
      return ended.computeIfAbsent(job, unseen -> new CompletableFuture<>());
    }

    /** Of the next Job. */
    Life next() throws IOException, InterruptedException {
      Seen job = created.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (job == null) {
        throw new IOException("the cluster told of no Job");
      }
      try {
        return new Life(job.at(), end(job.job()).get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException("the cluster told of no end of " + job.job(), e);
      }
    }

    @Override
    public void close() {
      jobs.close();
      pods.close();
    }
  }

  /** When a Job was there, and when its container had ended. */
  record Life(long created, long ended) {}

  /** A watch without a version would begin with all that is there. */
  private static <T extends HasMetadata, L extends KubernetesResourceList<T>> Watch fromNowOn(
      FilterWatchListDeletable<T, L, ?> resources, BiConsumer<Action, T> sink) {
    String version =
        resources
            .list(new ListOptionsBuilder().withLimit(1L).build())
            .getMetadata()
            .getResourceVersion();
    return resources.watch(
        new ListOptionsBuilder().withResourceVersion(version).build(), new New<>(sink));
  }

  private record New<T>(BiConsumer<Action, T> sink) implements Watcher<T> {
    @Override
    public void eventReceived(Action action, T resource) {
      sink.accept(action, resource);
    }

    @Override
    public void onClose(WatcherException cause) {
      // The sighting then waits in vain, and says so.
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
