package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The one node, its kubelet and the scheduler: a {@link PodWorker} for each pod. */
final class Kubelet implements PodLogs {
  static final String NODE = "node-1";
  static final String ADDRESS = "127.0.0.1";

  private static final Map<String, String> LABELS =
      Map.of("kubernetes.io/hostname", NODE, "kubernetes.io/os", "linux");

  private final ObjectStore store;
  private final EventRecorder events;
  private final Path folder;
  private final ExecutorService threads;
  private final ScheduledExecutorService clock;
  private final PodFaults faults = new PodFaults();
  private final Set<String> images = ConcurrentHashMap.newKeySet();
  private final List<Path> shared = new CopyOnWriteArrayList<>();
  private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
  private volatile Sandbox sandbox = Sandbox.BEST;
  private volatile ContainerLog.Rotation rotation = ContainerLog.Rotation.OFF;

  Kubelet(
      ObjectStore store,
      EventRecorder events,
      Path folder,
      ExecutorService threads,
      ScheduledExecutorService clock) {
    this.store = store;
    this.events = events;
    this.folder = folder;
    this.threads = threads;
    this.clock = clock;
  }

  void after(Change change) {
    if (!change.kind().equals(Kind.PODS)) {
      return;
    }
    String uid = Json.uid(change.object());
    if (change.type() == Change.Type.ADDED) {
      PodWorker worker = new PodWorker(this, change.object());
      workers.put(uid, worker);
      threads.execute(worker);
    } else if (change.type() == Change.Type.DELETED) {
      PodWorker worker = workers.remove(uid);
      if (worker != null) {
        worker.stop(Duration.ZERO);
      }
    } else if (Json.isDeleting(change.object()) && isNews(change)) {
      long grace = change.object().at("/metadata/deletionGracePeriodSeconds").asLong();
      worker(change.object()).stop(Duration.ofSeconds(grace));
    }
  }

  /** The log of a container of a pod that there still is. */
  @Override
  public ContainerLog find(ApiRequest request) {
    ObjectNode pod = store.get(Kind.PODS, request.namespace(), request.name());
    List<String> all = new ArrayList<>();
    pod.at("/spec/containers").forEach(c -> all.add(c.path("name").asText()));
    pod.at("/spec/initContainers").forEach(c -> all.add(c.path("name").asText()));
    String container = request.parameter("container").orElse(all.size() == 1 ? all.get(0) : "");
    if (container.isEmpty()) {
      throw ApiException.badRequest(
          "a container name must be specified for pod %s, choose one of: %s"
              .formatted(request.name(), all));
    }
    if (!all.contains(container)) {
      throw ApiException.badRequest(
          "container %s is not valid for pod %s".formatted(container, request.name()));
    }
    return worker(pod).log(container, request.flag("previous"));
  }

  PodWorker worker(ObjectNode pod) {
    PodWorker worker = workers.get(Json.uid(pod));
    if (worker == null) {
      throw ApiException.notFound(Kind.PODS, Json.name(pod));
    }
    return worker;
  }

  /** Why no node will have it; null where the one does. */
  String unschedulable(Pod pod) {
    var fault = faults.find(PodFaults.Stage.SCHEDULE, pod);
    if (fault.isPresent()) {
      return fault.get().message();
    }
    Map<String, String> wanted = pod.getSpec().getNodeSelector();
    if (wanted != null && !LABELS.entrySet().containsAll(wanted.entrySet())) {
      return "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
    }
    return pod.getSpec().getVolumes().stream()
        .filter(volume -> volume.getPersistentVolumeClaim() != null)
        .map(volume -> volume.getPersistentVolumeClaim().getClaimName())
        .filter(claim -> store.find(Kind.CLAIMS, pod.getMetadata().getNamespace(), claim).isEmpty())
        .map(claim -> "persistentvolumeclaim \"" + claim + "\" not found")
        .findFirst()
        .orElse(null);
  }

  /** Nothing of it runs any more: the API server may let it go. */
  void confirm(ObjectNode pod) {
    store.updateIfThere(
        Kind.PODS,
        Json.namespace(pod),
        Json.name(pod),
        o -> {
          if (Json.isDeleting(o) && Json.uid(o).equals(Json.uid(pod))) {
            Json.meta(o).put("deletionGracePeriodSeconds", 0);
          }
        });
  }

  void later(Duration in, Runnable task) {
    // what is rejected would have come after the end of the cluster
    var unused = clock.schedule(() -> threads.execute(task), in.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends all that runs, and waits for it. */
  void stop() throws InterruptedException {
    workers.values().forEach(worker -> worker.stop(Duration.ZERO));
    for (PodWorker worker : workers.values()) {
      if (!worker.awaitGone(Duration.ofSeconds(10))) {
        throw new IllegalStateException(
            "the processes of " + Json.name(worker.object()) + " do not end");
      }
    }
  }

  void rotate(ContainerLog.Rotation wanted) {
    rotation = wanted;
  }

  ContainerLog.Rotation rotation() {
    return rotation;
  }

  /** Containers that begin from now on are processes of the host as any other. */
  void bare() {
    sandbox = new RewrittenPaths();
  }

  Sandbox sandbox() {
    return sandbox;
  }

  void share(Path place) {
    shared.add(place);
  }

  /** Folders that all containers have where the host has them. */
  List<Path> shared() {
    return shared;
  }

  boolean has(String image) {
    return images.contains(image);
  }

  void pulled(String image) {
    images.add(image);
  }

  PodFaults faults() {
    return faults;
  }

  ObjectStore store() {
    return store;
  }

  EventRecorder events() {
    return events;
  }

  ExecutorService threads() {
    return threads;
  }

  Path folder() {
    return folder;
  }

  private static boolean isNews(Change change) {
    return !change
        .object()
        .at("/metadata/deletionGracePeriodSeconds")
        .equals(change.before().at("/metadata/deletionGracePeriodSeconds"));
  }
}
