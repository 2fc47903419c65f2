package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * One pod's life on its node, on a thread of its own: volumes, init containers and sidecars in
 * their order, the main containers, and the end. Whoever stops it does so from another thread.
 */
final class PodWorker implements Runnable {
  private static final Logger LOG = Logger.getLogger(PodWorker.class);
  private static final Duration AGAIN = Duration.ofMillis(100);

  private final Kubelet kubelet;
  private final Pod pod;
  private final ObjectNode object;
  private final PodStatus status;
  private final Path folder;
  private final Volumes volumes;
  private final ContainerSetups setups;
  private final Map<String, ContainerProcess> processes = new HashMap<>();
  private final LogsOfPod logs;
  private final CountDownLatch gone = new CountDownLatch(1);
  private boolean scheduled;
  private boolean stopping;
  private boolean lost;
  private String killed = "";
  private Instant killAt = Instant.MAX;
  private String told = "";

  /** Thrown where the pod is to end before the next thing is done. */
  private static final class StoppedException extends Exception {}

  PodWorker(Kubelet kubelet, ObjectNode object) {
    this.kubelet = kubelet;
    this.object = object;
    this.pod = Json.to(object, Pod.class);
    this.status = new PodStatus(pod.getSpec());
    this.folder = kubelet.folder().resolve(Json.uid(object));
    this.logs = new LogsOfPod(Json.name(object));
    KeyValues values = new KeyValues(kubelet.store(), Json.namespace(object));
    this.volumes =
        new Volumes(pod, folder.resolve("volumes"), kubelet.folder().resolve("claims"), values);
    this.setups =
        new ContainerSetups(pod, folder, values, volumes, kubelet.shared(), kubelet.sandbox());
  }

  ObjectNode object() {
    return object;
  }

  @Override
  public void run() {
    try {
      runToTheEnd();
    } finally {
      gone.countDown();
    }
  }

  /** Waits until nothing of it runs any more. */
  boolean awaitGone(Duration atMost) throws InterruptedException {
    return gone.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void runToTheEnd() {
    try {
      live();
    } catch (StoppedException e) {
      LOG.debugf("%s was stopped before all of it ran", Json.name(object));
    } catch (IOException | RuntimeException e) {
      LOG.errorf(e, "%s cannot be run", Json.name(object));
      synchronized (this) {
        status.fail("UnexpectedAdmissionError", e.toString());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    end();
  }

  /** SIGTERM now, SIGKILL after the grace period; a second call can only make it shorter. */
  synchronized void stop(Duration grace) {
    Instant at = Instant.now().plus(grace);
    killAt = at.isBefore(killAt) ? at : killAt;
    if (!stopping) {
      stopping = true;
      if (grace.isZero()) {
        processes.values().forEach(ContainerProcess::kill);
      } else {
        processes.keySet().forEach(name -> killing(name));
        processes.values().forEach(ContainerProcess::terminate);
      }
    }
    kubelet.later(grace.plusMillis(1), this::killOverdue);
    notifyAll();
  }

  /** The kubelet ends the pod; the reason stands in the pod's status. */
  void fail(String reason, String message, Duration grace) {
    synchronized (this) {
      status.fail(reason, message);
    }
    stop(grace);
  }

  /** Written once, beside what the kubelet itself keeps up to date. */
  void condition(String type, String reason, String message) {
    update(o -> Conditions.set(o, type, "True", reason, message));
  }

  /** The kernel ends the container's program for want of memory. */
  synchronized void outOfMemory(String container) {
    killed = container;
    processes.get(container).kill();
  }

  /** Its node is gone: nothing is written any more, neither status nor log. */
  synchronized void lose() {
    lost = true;
    processes.values().forEach(ContainerProcess::kill);
  }

  /** The API server gives up on the node: who follows a log of it is cut off. */
  synchronized void cutLogs() {
    logs.cut();
  }

  /** The newest log of a container, or the one before that. */
  synchronized ContainerLog log(String container, boolean previous) {
    if (lost) {
      throw ApiException.of(
          500,
          "Get \"https://%s:10250/containerLogs/%s/%s/%s\": dial tcp %s:10250: connect: no route to host"
              .formatted(
                  Kubelet.ADDRESS,
                  Json.namespace(object),
                  Json.name(object),
                  container,
                  Kubelet.ADDRESS),
          0);
    }
    return logs.find(container, previous, waitsFor(container));
  }

  private String waitsFor(String container) {
    return status.all().stream()
        .filter(state -> state.container.getName().equals(container))
        .map(state -> state.status().at("/state/waiting/reason").asText("ContainerCreating"))
        .findFirst()
        .orElse("ContainerCreating");
  }

  private void live() throws StoppedException, InterruptedException, IOException {
    schedule();
    write();
    deadline();
    lay();
    change(PodStatus::sandbox);
    for (ContainerState state : status.init()) {
      start(state);
      if (state.isSidecar()) {
        awaitAnswer(state);
      } else {
        awaitEnd(List.of(state));
        if (!state.hasSucceeded()) {
          return;
        }
      }
    }
    for (ContainerState state : status.main()) {
      start(state);
    }
    awaitEnd(status.main());
  }

  private void schedule() throws StoppedException, InterruptedException {
    for (String why = kubelet.unschedulable(pod); why != null; why = kubelet.unschedulable(pod)) {
      String message = why;
      if (isNews(why)) {
        update(o -> Conditions.set(o, "PodScheduled", "False", "Unschedulable", message));
        kubelet.events().warning("default-scheduler", Kind.PODS, object, "FailedScheduling", why);
      }
      pause();
    }
    synchronized (this) {
      if (stopping) {
        throw new StoppedException();
      }
      scheduled = true;
    }
    update(
        o -> {
          o.withObjectProperty("spec").put("nodeName", Kubelet.NODE);
          Conditions.set(o, "PodScheduled", "True", "", "");
        });
    kubelet
        .events()
        .normal(
            "default-scheduler",
            Kind.PODS,
            object,
            "Scheduled",
            "Successfully assigned %s/%s to %s"
                .formatted(Json.namespace(object), Json.name(object), Kubelet.NODE));
  }

  private void deadline() {
    Long seconds = pod.getSpec().getActiveDeadlineSeconds();
    if (seconds != null) {
      kubelet.later(
          Duration.ofSeconds(seconds),
          () ->
              fail(
                  "DeadlineExceeded",
                  "Pod was active on the node longer than the specified deadline",
                  grace()));
    }
  }

  private void lay() throws StoppedException, InterruptedException, IOException {
    while (true) {
      try {
        volumes.lay();
        return;
      } catch (NotReadyException e) {
        if (isNews(e.getMessage())) {
          warn(e.reason(), "MountVolume.SetUp failed for volume: " + e.getMessage());
        }
        pause();
      }
    }
  }

  private void start(ContainerState state)
      throws StoppedException, InterruptedException, IOException {
    if (isStopping()) {
      throw new StoppedException();
    }
    pull(state);
    ContainerSetup setup = setup(state);
    ContainerLog log = new ContainerLog(setup.folder().resolve("log"), kubelet.rotation());
    try {
      ContainerProcess process = ContainerProcess.start(setup, log, kubelet.threads());
      run(state, process, log);
    } catch (StartException e) {
      log.end();
      warn("Failed", "Error: " + e.getMessage());
      synchronized (this) {
        logs.add(state.container.getName(), log);
        state.running();
        state.terminated(128, "StartError", e.getMessage());
        notifyAll();
      }
      write();
    }
  }

  private void run(ContainerState state, ContainerProcess process, ContainerLog log) {
    String name = state.container.getName();
    synchronized (this) {
      processes.put(name, process);
      logs.add(name, log);
      state.running();
      // asked for while it was being started
      if (lost || !Instant.now().isBefore(killAt)) {
        process.kill();
      } else if (stopping) {
        process.terminate();
      }
    }
    write();
    normal("Started", "Started container " + name);
    process
        .exit()
        .thenAcceptAsync(code -> ended(state, log, code), kubelet.threads())
        .exceptionally(
            e -> {
              LOG.error("a container's end was not noted", e);
              return null;
            });
  }

  private void ended(ContainerState state, ContainerLog log, int code) {
    String name = state.container.getName();
    synchronized (this) {
      if (lost) {
        notifyAll();
        return;
      }
      processes.remove(name);
      end(log);
      String reason = code == 0 ? "Completed" : killed.equals(name) ? "OOMKilled" : "Error";
      state.terminated(code, reason, "");
      notifyAll();
    }
    write();
    if (state.isSidecar() && !isStopping()) {
      again(state);
    }
  }

  /** At once the first time, later and later from then on. */
  private void again(ContainerState state) {
    change(s -> state.restart());
    Duration wait =
        state.restarts() == 1
            ? Duration.ZERO
            : Duration.ofSeconds(10).multipliedBy(1L << Math.min(4, state.restarts() - 2));
    if (!wait.isZero()) {
      change(s -> state.waiting("CrashLoopBackOff", "back-off restarting failed container"));
    }
    kubelet.later(
        wait,
        () -> {
          try {
            if (!isStopping()) {
              start(state);
            }
          } catch (StoppedException | IOException e) {
            LOG.debug("a sidecar was not started again", e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void pull(ContainerState state) throws StoppedException, InterruptedException {
    String image = state.container.getImage();
    boolean present = kubelet.has(image) && !"Always".equals(state.container.getImagePullPolicy());
    for (int attempt = 0; ; attempt++) {
      var fault = kubelet.faults().find(PodFaults.Stage.PULL, pod).orElse(null);
      if (fault == null) {
        break;
      }
      String message =
          "failed to pull and unpack image \"%s\": %s".formatted(image, fault.message());
      if (attempt == 0) {
        normal("Pulling", "Pulling image \"" + image + "\"");
        warn("Failed", "Failed to pull image \"" + image + "\": " + message);
        warn("Failed", "Error: ErrImagePull");
        change(s -> state.waiting("ErrImagePull", message));
      } else if (attempt == 1) {
        normal("BackOff", "Back-off pulling image \"" + image + "\"");
        warn("Failed", "Error: ImagePullBackOff");
        change(
            s ->
                state.waiting(
                    "ImagePullBackOff",
                    "Back-off pulling image \"%s\": ErrImagePull: %s".formatted(image, message)));
      }
      pause();
    }
    if (present) {
      normal("Pulled", "Container image \"" + image + "\" already present on machine");
    } else {
      normal("Pulling", "Pulling image \"" + image + "\"");
      kubelet.pulled(image);
      normal(
          "Pulled", "Successfully pulled image \"" + image + "\" in 1ms (1ms including waiting)");
    }
  }

  /** Waits for what its environment refers to. */
  private ContainerSetup setup(ContainerState state)
      throws StoppedException, InterruptedException, IOException {
    while (true) {
      try {
        var fault = kubelet.faults().find(PodFaults.Stage.CREATE, pod).orElse(null);
        if (fault != null) {
          throw new NotReadyException(fault.reason(), fault.message());
        }
        ContainerSetup setup = setups.of(state);
        normal("Created", "Created container: " + state.container.getName());
        return setup;
      } catch (NotReadyException e) {
        if (isNews(e.getMessage())) {
          warn("Failed", "Error: " + e.getMessage());
          change(s -> state.waiting(e.reason(), e.getMessage()));
        }
        pause();
      }
    }
  }

  /** As its startup probe has it, of which only a port to connect to is done here. */
  private void awaitAnswer(ContainerState state) throws StoppedException, InterruptedException {
    Probe probe = state.container.getStartupProbe();
    if (probe == null) {
      return;
    }
    if (probe.getTcpSocket() == null) {
      throw ApiException.notHere("startup probes other than tcpSocket");
    }
    int port = probe.getTcpSocket().getPort().getIntVal();
    while (!listens(port)) {
      if (isNews("startup of " + state.container.getName())) {
        warn(
            "Unhealthy",
            "Startup probe failed: dial tcp %s:%d: connect: connection refused"
                .formatted(Kubelet.ADDRESS, port));
      }
      pause();
    }
    change(s -> state.answers());
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private synchronized void awaitEnd(List<ContainerState> states) throws InterruptedException {
    while (!lost && states.stream().anyMatch(state -> !state.hasEnded())) {
      wait();
    }
  }

  /** The sidecars go last; what never ran is told as such. */
  private void end() {
    try {
      if (!isStopping()) {
        stop(grace());
      }
      synchronized (this) {
        while (!lost && !processes.isEmpty()) {
          wait();
        }
        if (lost) {
          return;
        }
        boolean cut = status.isFailing() || Json.isDeleting(current());
        status.all().stream()
            .filter(state -> scheduled && cut && state.isWaiting())
            .forEach(ContainerState::lost);
        status.end();
      }
      write();
      kubelet.confirm(object);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ObjectNode current() {
    return kubelet
        .store()
        .find(Kind.PODS, Json.namespace(object), Json.name(object))
        .orElse(object);
  }

  private static void end(ContainerLog log) {
    try {
      log.end();
    } catch (IOException e) {
      LOG.error("a container's log has no end", e);
    }
  }

  private synchronized void killOverdue() {
    if (!Instant.now().isBefore(killAt)) {
      processes.values().forEach(ContainerProcess::kill);
    }
  }

  /** What it waits for is told once, not at each look. */
  private boolean isNews(String what) {
    boolean news = !told.equals(what);
    told = what;
    return news;
  }

  private void killing(String container) {
    normal("Killing", "Stopping container " + container);
  }

  private synchronized boolean isStopping() {
    return stopping || lost;
  }

  private Duration grace() {
    Long seconds = pod.getSpec().getTerminationGracePeriodSeconds();
    return Duration.ofSeconds(seconds == null ? 30 : seconds);
  }

  private synchronized void pause() throws StoppedException, InterruptedException {
    Instant until = Instant.now().plus(AGAIN);
    while (!stopping && !lost && Instant.now().isBefore(until)) {
      wait(AGAIN.toMillis());
    }
    if (stopping || lost) {
      throw new StoppedException();
    }
  }

  private void change(Consumer<PodStatus> change) {
    synchronized (this) {
      change.accept(status);
    }
    write();
  }

  private void write() {
    update(
        o -> {
          if (scheduled) {
            status.writeTo(o);
          } else if (Json.isDeleting(o)) {
            o.withObjectProperty("status").put("phase", "Failed");
          }
        });
  }

  /** Of this very pod, not one that has its name now. */
  private void update(ObjectStore.Edit edit) {
    synchronized (this) {
      if (lost) {
        return;
      }
      kubelet
          .store()
          .updateIfThere(
              Kind.PODS,
              Json.namespace(object),
              Json.name(object),
              o -> {
                if (Json.uid(o).equals(Json.uid(object))) {
                  edit.apply(o);
                }
              });
    }
  }

  private void normal(String reason, String message) {
    kubelet.events().normal("kubelet", Kind.PODS, object, reason, message);
  }

  private void warn(String reason, String message) {
    kubelet.events().warning("kubelet", Kind.PODS, object, reason, message);
  }
}
