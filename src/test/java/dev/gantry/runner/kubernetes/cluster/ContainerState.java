package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import java.time.Instant;
import java.util.UUID;

/** What the kubelet knows of one container: it waits, runs or has ended. */
final class ContainerState {
  final Container container;
  final boolean init;
  private ObjectNode state = Json.object();
  private ObjectNode last = Json.object();
  private Instant started;
  private String id = "";
  private int restarts;
  private boolean answers;

  ContainerState(Container container, boolean init) {
    this.container = container;
    this.init = init;
    waiting(init ? "PodInitializing" : "ContainerCreating", "");
  }

  boolean isSidecar() {
    return init && "Always".equals(container.getRestartPolicy());
  }

  void waiting(String reason, String message) {
    started = null;
    state = Json.object();
    ObjectNode waiting = state.putObject("waiting").put("reason", reason);
    if (!message.isEmpty()) {
      waiting.put("message", message);
    }
  }

  void running() {
    answers = container.getStartupProbe() == null;
    started = Instant.now();
    id = "containerd://" + UUID.randomUUID().toString().replace("-", "").repeat(2);
    state = Json.object();
    state.putObject("running").put("startedAt", Json.time(started));
  }

  /** Its startup probe has succeeded. */
  void answers() {
    answers = true;
  }

  boolean isStarted() {
    return isRunning() && answers;
  }

  /** As the kubelet writes it, the signal is only to be seen in the code. */
  void terminated(int code, String reason, String message) {
    state = Json.object();
    ObjectNode ended = state.putObject("terminated").put("exitCode", code).put("reason", reason);
    if (!message.isEmpty()) {
      ended.put("message", message);
    }
    if (started != null) {
      ended.put("startedAt", Json.time(started)).put("finishedAt", Json.now());
    }
    if (!id.isEmpty()) {
      ended.put("containerID", id);
    }
  }

  /** Of a container that was not there when its pod ended. */
  void lost() {
    state = Json.object();
    state
        .putObject("terminated")
        .put("exitCode", 137)
        .put("reason", "ContainerStatusUnknown")
        .put("message", "The container could not be located when the pod was terminated")
        .putNull("startedAt")
        .putNull("finishedAt");
  }

  /** It will run again; its last end is remembered. */
  void restart() {
    restarts++;
    last = state;
  }

  int restarts() {
    return restarts;
  }

  boolean isRunning() {
    return state.has("running");
  }

  boolean isWaiting() {
    return state.has("waiting");
  }

  boolean hasEnded() {
    return state.has("terminated");
  }

  boolean hasSucceeded() {
    return hasEnded() && state.at("/terminated/exitCode").asInt() == 0;
  }

  /** Done as far as the containers behind it are concerned. */
  boolean isInitialized() {
    return isSidecar() ? isStarted() : hasSucceeded();
  }

  ObjectNode status() {
    ObjectNode status = Json.object().put("name", container.getName());
    status.set("state", state);
    status.set("lastState", last);
    boolean ready = isStarted() && (!init || isSidecar());
    status.put("ready", ready || (init && !isSidecar() && hasSucceeded()));
    status.put("restartCount", restarts).put("image", container.getImage());
    status.put("imageID", id.isEmpty() ? "" : container.getImage() + "@sha256:" + "0".repeat(64));
    if (!id.isEmpty()) {
      status.put("containerID", id);
    }
    return status.put("started", isStarted());
  }
}
