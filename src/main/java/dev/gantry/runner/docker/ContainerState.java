package dev.gantry.runner.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import dev.gantry.runner.AttemptKey;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;

/**
 * What the daemon says of a container.
 *
 * @param startedAt null when it was not started
 * @param finishedAt null when it has not ended
 * @param exitCode once it has ended
 * @param outOfMemory something in it was killed because it had used its memory up
 */
record ContainerState(
    String id,
    Map<String, String> labels,
    Instant startedAt,
    Instant finishedAt,
    long exitCode,
    boolean outOfMemory) {
  static ContainerState of(InspectContainerResponse answer) {
    InspectContainerResponse.ContainerState state = answer.getState();
    Instant startedAt = time(state.getStartedAt());
    boolean ended = startedAt != null && !Boolean.TRUE.equals(state.getRunning());
    Map<String, String> labels = answer.getConfig().getLabels();
    return new ContainerState(
        answer.getId(),
        labels == null ? Map.of() : labels,
        startedAt,
        ended ? time(state.getFinishedAt()) : null,
        state.getExitCodeLong() == null ? 0 : state.getExitCodeLong(),
        Boolean.TRUE.equals(state.getOOMKilled()));
  }

  /** What has not happened is in the year 1. */
  private static Instant time(String text) {
    try {
      Instant time = text == null ? Instant.MIN : OffsetDateTime.parse(text).toInstant();
      return time.isAfter(Instant.EPOCH) ? time : null;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** Whether it was made for this attempt, and not only named so. */
  boolean isOf(AttemptKey key) {
    return key.executionId().toString().equals(labels.get(ContainerPlan.EXECUTION));
  }

  boolean hasEnded() {
    return finishedAt != null;
  }
}
