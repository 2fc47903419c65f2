package dev.gantry.runner.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a pod's status says of the step's container. Pure code. */
record PodStatus(Pod pod) {
  /** Reasons of a waiting container that no waiting will mend. */
  private static final Set<String> FINAL =
      Set.of("InvalidImageName", "CreateContainerError", "RunContainerError");

  /** Reasons of one that may pass, and name what is wrong until then. */
  private static final Set<String> TROUBLE =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "ErrImageNeverPull",
          "CreateContainerConfigError",
          "ImageInspectError",
          "RegistryUnavailable");

  /** When the program began; empty while it has not. */
  Optional<Instant> startedAt() {
    return container()
        .map(ContainerStatus::getState)
        .flatMap(
            state ->
                Stream.of(
                        state.getRunning() == null ? null : state.getRunning().getStartedAt(),
                        state.getTerminated() == null ? null : state.getTerminated().getStartedAt())
                    .filter(at -> at != null && !at.isEmpty())
                    .findFirst())
        .map(PodStatus::time);
  }

  /** How the program ended; empty while it has not. */
  Optional<ContainerStateTerminated> terminated() {
    return container().map(ContainerStatus::getState).map(ContainerState::getTerminated);
  }

  /** When the program ended, if the cluster knows. */
  static Optional<Instant> endedAt(ContainerStateTerminated end) {
    return Optional.ofNullable(end.getFinishedAt())
        .filter(at -> !at.isEmpty())
        .map(PodStatus::time);
  }

  /** Nothing of the pod runs, or ever will. */
  boolean isOver() {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    return "Failed".equals(phase) || "Succeeded".equals(phase);
  }

  /**
   * Why the platform ended the pod, or is about to: evicted, preempted, deleted, its node gone;
   * empty when it did not.
   */
  Optional<String> disruption() {
    if (pod.getStatus() == null) {
      return Optional.empty();
    }
    if (isOver() && pod.getStatus().getReason() != null && terminated().isEmpty()) {
      return Optional.of(sentence(pod.getStatus().getReason(), pod.getStatus().getMessage()));
    }
    if (isOver() && "Evicted".equals(pod.getStatus().getReason())) {
      return Optional.of(sentence("Evicted", pod.getStatus().getMessage()));
    }
    return condition("DisruptionTarget")
        .filter(condition -> "True".equals(condition.getStatus()))
        .map(condition -> sentence(condition.getReason(), condition.getMessage()))
        .or(this::deletion);
  }

  private Optional<String> deletion() {
    return isDeleted() ? Optional.of("somebody has deleted the pod") : Optional.empty();
  }

  /** Whether its programs were asked to end: that is what deleting a pod begins with. */
  boolean isDeleted() {
    return pod.getMetadata().getDeletionTimestamp() != null;
  }

  /**
   * Why the program does not begin, in words for a person; empty when nothing is known to be wrong.
   */
  Optional<String> trouble() {
    Optional<String> waiting =
        waiting()
            .filter(
                state -> TROUBLE.contains(state.getReason()) || FINAL.contains(state.getReason()))
            .map(state -> sentence(state.getReason(), state.getMessage()));
    return waiting.isPresent()
        ? waiting
        : condition("PodScheduled")
            .filter(condition -> "False".equals(condition.getStatus()))
            .map(condition -> sentence(condition.getReason(), condition.getMessage()));
  }

  /** What the program waits for that has not begun, as the end of a sentence. */
  String waits() {
    return trouble()
        .map(why -> "waits for its pod: " + why)
        .orElseGet(
            () ->
                node()
                    .map(name -> "waits for its pod to begin on " + name)
                    .orElse("waits for a node for its pod"));
  }

  /** Whether {@link #trouble} will not pass. */
  boolean isFinal() {
    return waiting().filter(state -> FINAL.contains(state.getReason())).isPresent();
  }

  /** Where the pod runs; empty while that is not decided. */
  Optional<String> node() {
    return Optional.ofNullable(pod.getSpec().getNodeName()).filter(name -> !name.isEmpty());
  }

  /** When it was decided where the pod runs. */
  Optional<Instant> scheduledAt() {
    return condition("PodScheduled")
        .filter(condition -> "True".equals(condition.getStatus()))
        .map(PodCondition::getLastTransitionTime)
        .map(PodStatus::time);
  }

  static String sentence(String reason, String message) {
    return message == null || message.isBlank() ? reason : reason + ": " + message.strip();
  }

  static Instant time(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }

  private Optional<ContainerStateWaiting> waiting() {
    List<ContainerStatus> all =
        pod.getStatus() == null
            ? List.of()
            : Stream.concat(
                    pod.getStatus().getInitContainerStatuses().stream(),
                    pod.getStatus().getContainerStatuses().stream())
                .toList();
    return all.stream()
        .map(ContainerStatus::getState)
        .filter(state -> state != null && state.getWaiting() != null)
        .map(ContainerState::getWaiting)
        .filter(state -> TROUBLE.contains(state.getReason()) || FINAL.contains(state.getReason()))
        .findFirst();
  }

  private Optional<ContainerStatus> container() {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getContainerStatuses().stream()
            .filter(status -> status.getName().equals(JobTemplate.CONTAINER))
            .findFirst();
  }

  private Optional<PodCondition> condition(String type) {
    return pod.getStatus() == null
        ? Optional.empty()
        : pod.getStatus().getConditions().stream()
            .filter(condition -> condition.getType().equals(type))
            .findFirst();
  }
}
