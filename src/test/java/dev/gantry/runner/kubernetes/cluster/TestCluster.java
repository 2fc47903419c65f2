package dev.gantry.runner.kubernetes.cluster;

import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A cluster of one node and one namespace of its own, for one test. Everything happens in this JVM
 * and on this machine: containers are processes, images are only names, and all of a pod's
 * containers have the host's network. {@link #close} ends every process, and throws when something
 * within the cluster itself went wrong.
 */
public final class TestCluster implements AutoCloseable {
  private final String namespace = "gantry-" + UUID.randomUUID().toString().substring(0, 8);
  private final Path folder;

  /** Of what is owned by what is gone; a cluster takes longer when it is large. */
  private static final long COLLECTION_MILLIS = 50;

  private final ExecutorService threads = Executors.newCachedThreadPool(TestCluster::daemon);
  private final ScheduledExecutorService controllers =
      Executors.newSingleThreadScheduledExecutor(TestCluster::daemon);
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(TestCluster::daemon);
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private final Map<String, String> tokens = new ConcurrentHashMap<>();
  private final Map<String, KubernetesClient> clients = new ConcurrentHashMap<>();
  private final ObjectStore store = new ObjectStore();
  private final EventRecorder events = new EventRecorder(store);
  private final GarbageCollector garbage = new GarbageCollector(store, this::later);
  private final JobController jobs = new JobController(store, events, controllers);
  private final Kubelet kubelet;
  private final ApiServer server;
  private final Disruptions disruptions;

  private TestCluster() {
    try {
      folder = Files.createTempDirectory("gantry-cluster");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    kubelet = new Kubelet(store, events, folder, threads, clock);
    server = new ApiServer(store, kubelet, threads);
    disruptions = new Disruptions(store, events, kubelet, namespace);
  }

  public static TestCluster start() {
    TestCluster cluster = new TestCluster();
    // for as long as the cluster is there
    Runnable unused = cluster.store.listen(cluster::changed);
    cluster.server.start();
    return cluster;
  }

  public String namespace() {
    return namespace;
  }

  public String url() {
    return server.url();
  }

  /** The client of the runner under test: recorded, subject to faults and to the Role. */
  public KubernetesClient client() {
    return client("system:serviceaccount:" + namespace + ":gantry-runner");
  }

  /** The same for one runner of several. */
  public KubernetesClient client(String user) {
    return clients.computeIfAbsent(
        user, u -> new KubernetesClientBuilder().withConfig(config(u)).build());
  }

  /** The test's own view: allowed all, not recorded, not subject to faults. */
  public KubernetesClient admin() {
    return client(ApiServer.TEST);
  }

  /** For a client that is made elsewhere; each user has a token. */
  public Config config(String user) {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(url())
        .withNamespace(namespace)
        .withOauthToken(token(user))
        .build();
  }

  public String token(String user) {
    return tokens.computeIfAbsent(
        user,
        u -> {
          String token = "example-token-" + UUID.randomUUID();
          server.know(token, u);
          return token;
        });
  }

  /** From now on clients are allowed what this Role allows in the cluster's namespace. */
  public void allow(Role role) {
    server.access().bind(role, namespace);
  }

  public Requests requests() {
    return server.requests();
  }

  public ApiFaults faults() {
    return server.faults();
  }

  public PodFaults podFaults() {
    return kubelet.faults();
  }

  public Disruptions disruptions() {
    return disruptions;
  }

  /**
   * Containers that begin from now on have this folder of the host at the same path, and may write
   * to it: so a test and a step can leave each other files. They have no other of the host's.
   */
  public void share(Path place) {
    kubelet.share(place);
  }

  /**
   * Containers that begin from now on are begun with as little as can be: they are processes that
   * see what the host has. For tests of many pods.
   */
  public void bareContainers() {
    kubelet.bare();
  }

  /**
   * The API server takes so long for each request that is answered at once, and refuses those above
   * so many at a time with 429, as its flow control does.
   */
  public void limitRequests(int atOnce, Duration each) {
    server.limit(atOnce, each);
  }

  /** So long at least lies between the beginnings of two pods; nothing until this is called. */
  public void podEvery(Duration time) {
    jobs.pace(time);
  }

  /** How long a Job whose pod failed waits for the next one; twice as long each time. */
  public void backoff(Duration first) {
    jobs.backoff(first);
  }

  /**
   * Of containers that begin from now on: a log's file has at most these bytes, and so many stay.
   */
  public void rotateLogs(long bytes, int files) {
    kubelet.rotate(new ContainerLog.Rotation(bytes, files));
  }

  /** No connection is taken or kept until {@link #up}; what runs goes on. */
  public void down() {
    server.down();
  }

  public void up() {
    server.up();
  }

  public void down(Duration during) {
    down();
    kubelet.later(during, this::up);
  }

  /** Ends the connections of all watches; they can go on where they were. */
  public void dropWatches() {
    server.dropWatches();
  }

  /** As {@link #dropWatches}, but the next watch is told 410, so that its client lists again. */
  public void expireWatches() {
    server.expire();
  }

  /** How many watches are open. */
  public int watches() {
    return server.watches();
  }

  /** Tells each watch that asked for bookmarks up to where it has been told all. */
  public void bookmark() {
    server.bookmark();
  }

  /** Whether containers have users, mounts and a root of their own on this machine. */
  public static boolean isolatesContainers() {
    return Sandbox.BEST instanceof Sandbox.Namespaces;
  }

  @Override
  public void close() {
    clients.values().forEach(KubernetesClient::close);
    server.close();
    controllers.shutdownNow();
    try {
      kubelet.stop();
      clock.shutdownNow();
      threads.shutdownNow();
      delete(folder);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (failure.get() != null) {
      throw new IllegalStateException("the test's cluster failed", failure.get());
    }
  }

  private void changed(Change change) {
    try {
      controllers.execute(() -> reconcile(change));
    } catch (RejectedExecutionException e) {
      // the last writes of pods that end with the cluster
    }
  }

  private void reconcile(Change change) {
    noting(
        () -> {
          garbage.after(change);
          jobs.after(change);
          kubelet.after(change);
        });
  }

  private void later(Runnable task) {
    // what is rejected would have come after the end of the cluster
    var unused = controllers.schedule(() -> noting(task), COLLECTION_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void noting(Runnable task) {
    try {
      task.run();
    } catch (RejectedExecutionException e) {
      // What a controller was still about to do when the cluster ended is none
      if (!controllers.isShutdown()) {
        failure.compareAndSet(null, e);
      }
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "test-cluster");
    thread.setDaemon(true);
    return thread;
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException e)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
