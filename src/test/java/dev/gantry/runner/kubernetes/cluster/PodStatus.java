package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A pod as its kubelet knows it, and how that reads as the pod's status. */
final class PodStatus {
  private final List<ContainerState> init = new ArrayList<>();
  private final List<ContainerState> main = new ArrayList<>();
  private final String startTime = Json.now();
  private boolean hasSandbox;
  private boolean ended;
  private String reason = "";
  private String message = "";

  PodStatus(PodSpec spec) {
    spec.getInitContainers().forEach(c -> init.add(new ContainerState(c, true)));
    spec.getContainers().forEach(c -> main.add(new ContainerState(c, false)));
    if (!init.isEmpty()) {
      main.forEach(state -> state.waiting("PodInitializing", ""));
    }
  }

  List<ContainerState> init() {
    return init;
  }

  List<ContainerState> main() {
    return main;
  }

  List<ContainerState> all() {
    List<ContainerState> all = new ArrayList<>(init);
    all.addAll(main);
    return all;
  }

  /** Volumes and network are there. */
  void sandbox() {
    hasSandbox = true;
  }

  /** The pod fails, whatever its containers do; told once it has ended. */
  void fail(String why, String text) {
    reason = why;
    message = text;
  }

  boolean isFailing() {
    return !reason.isEmpty();
  }

  /** No container runs, and none will. */
  void end() {
    ended = true;
  }

  void writeTo(ObjectNode pod) {
    ObjectNode status = pod.withObjectProperty("status");
    String phase = phase();
    status.put("phase", phase).put("startTime", startTime);
    if (isFailing()) {
      status.put("reason", reason).put("message", message);
    }
    address(status, "hostIP");
    if (hasSandbox) {
      address(status, "podIP");
    }
    statuses(status, "initContainerStatuses", init);
    statuses(status, "containerStatuses", main);
    conditions(pod, phase);
  }

  /** Over with its last container, also where the kubelet still has to tidy up. */
  private boolean isOver() {
    return ended
        || (main.stream().allMatch(ContainerState::hasEnded)
            && init.stream().noneMatch(ContainerState::isRunning));
  }

  private String phase() {
    if (isOver()) {
      boolean good =
          !isFailing()
              && main.stream().allMatch(ContainerState::hasSucceeded)
              && init.stream().allMatch(s -> s.isSidecar() || s.hasSucceeded());
      return good ? "Succeeded" : "Failed";
    }
    return main.stream().anyMatch(s -> s.isRunning() || s.hasEnded()) ? "Running" : "Pending";
  }

  private void conditions(ObjectNode pod, String phase) {
    String over =
        phase.equals("Succeeded") ? "PodCompleted" : phase.equals("Failed") ? "PodFailed" : "";
    Conditions.set(
        pod, "PodReadyToStartContainers", hasSandbox && over.isEmpty() ? "True" : "False", "", "");
    String uninitialized = names(init.stream().filter(s -> !s.isInitialized()).toList());
    if (uninitialized.isEmpty() || phase.equals("Succeeded")) {
      Conditions.set(
          pod, "Initialized", "True", phase.equals("Succeeded") ? "PodCompleted" : "", "");
    } else {
      Conditions.set(
          pod,
          "Initialized",
          "False",
          "ContainersNotInitialized",
          "containers with incomplete status: [" + uninitialized + "]");
    }
    String unready = names(main.stream().filter(s -> !s.isRunning()).toList());
    for (String type : List.of("Ready", "ContainersReady")) {
      if (!over.isEmpty()) {
        Conditions.set(pod, type, "False", over, "");
      } else if (unready.isEmpty()) {
        Conditions.set(pod, type, "True", "", "");
      } else {
        Conditions.set(
            pod,
            type,
            "False",
            "ContainersNotReady",
            "containers with unready status: [" + unready + "]");
      }
    }
  }

  private static void statuses(ObjectNode status, String field, List<ContainerState> states) {
    if (states.isEmpty()) {
      return;
    }
    ArrayNode all = status.putArray(field);
    states.forEach(state -> all.add(state.status()));
  }

  private static void address(ObjectNode status, String field) {
    status.put(field, Kubelet.ADDRESS);
    status.putArray(field + "s").addObject().put("ip", Kubelet.ADDRESS);
  }

  private static String names(List<ContainerState> states) {
    return states.stream().map(s -> s.container.getName()).collect(Collectors.joining(" "));
  }
}
