package dev.gantry.bench;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The cluster itself, without Gantry: its own Jobs, and what becomes of Gantry's. Blocks. */
final class ClusterJobs implements AutoCloseable {
  private static final String EXECUTION = "gantry.dev/execution";
  private static final long PATIENCE_SECONDS = 120;

  private final KubernetesClient client;
  private final String image;
  private int made;

  ClusterJobs(Path kubeconfig, String image) throws IOException {
    Config config = Config.fromKubeconfig(Files.readString(kubeconfig));
    this.client = new KubernetesClientBuilder().withConfig(config).build();
    this.image = image;
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

  /** Sees when the next Job of Gantry is there, and when its container has ended. */
  Sighting watch() {
    return new Sighting();
  }

  /** The Job of one execution, as the cluster tells of it: times of {@link System#nanoTime}. */
  final class Sighting implements AutoCloseable {
    private final CompletableFuture<Long> created = new CompletableFuture<>();
    private final CompletableFuture<Long> ended = new CompletableFuture<>();
    private final Watch jobs =
        client
            .batch()
            .v1()
            .jobs()
            .withLabel(EXECUTION)
            .watch(new New<>(job -> created.complete(System.nanoTime())));
    private final Watch pods = client.pods().withLabel(EXECUTION).watch(new New<>(this::look));

    private void look(Pod pod) {
      if (created.isDone() && pod.getStatus() != null) {
        for (ContainerStatus container : pod.getStatus().getContainerStatuses()) {
          if (container.getState().getTerminated() != null) {
            ended.complete(System.nanoTime());
          }
        }
      }
    }

    long created() throws IOException, InterruptedException {
      return get(created, "a Job");
    }

    long ended() throws IOException, InterruptedException {
      return get(ended, "the end of a container");
    }

    private long get(CompletableFuture<Long> seen, String what)
        throws IOException, InterruptedException {
      try {
        return seen.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException("the cluster told of " + what + " too late or never", e);
      }
    }

    @Override
    public void close() {
      jobs.close();
      pods.close();
    }
  }

  /** What is new or changed since the watch began; the rest was there before. */
  private record New<T>(Consumer<T> sink) implements Watcher<T> {
    @Override
    public void eventReceived(Action action, T resource) {
      if (action == Action.ADDED || action == Action.MODIFIED) {
        sink.accept(resource);
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      // The sighting then waits in vain, and says so.
    }
  }

  /** What Gantry's own process is started with. */
  static Map<String, String> environment(Path kubeconfig, String image) {
    return Map.of(
        "KUBECONFIG",
        kubeconfig.toAbsolutePath().toString(),
        "GANTRY_RUNNER_KUBERNETES_IMAGE",
        image,
        "GANTRY_RUNNER_KUBERNETES_IMAGE_PULL_POLICY",
        "IfNotPresent");
  }

  @Override
  public void close() {
    client.close();
  }
}
