package dev.gantry.runner.kubernetes;

import dev.gantry.executions.protocol.StepEvent.Outcome;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.time.Instant;
import java.util.Optional;

/**
 * How a step ended by what the cluster says: the program's own end is told apart from what the
 * platform did to it. Pure code.
 *
 * @param exitCode the program's, or null when it has none
 * @param error null when completed
 * @param at null when the cluster does not say
 * @param mayPass as in {@link dev.gantry.executions.protocol.StepEvent.StepFinished}
 */
record StepEnd(Outcome outcome, Integer exitCode, String error, Instant at, boolean mayPass) {
  private static final int SIGNALLED = 128;

  /** The program's own. */
  StepEnd(Outcome outcome, Integer exitCode, String error, Instant at) {
    this(outcome, exitCode, error, at, false);
  }

  /**
   * The platform has ended the program or kept it from beginning, as it may not do to another.
   *
   * @param at null when the cluster does not say
   */
  static StepEnd byPlatform(String error, Instant at) {
    return new StepEnd(Outcome.INFRASTRUCTURE, null, error, at, true);
  }

  /** Of a pod; empty while it is not over. */
  static Optional<StepEnd> of(PodStatus pod) {
    Optional<ContainerStateTerminated> end = pod.terminated();
    Optional<String> disruption = pod.disruption();
    if (end.isPresent()) {
      Instant at = PodStatus.endedAt(end.get()).orElse(null);
      if (disruption.isPresent() && end.get().getExitCode() != 0) {
        return Optional.of(byPlatform(disruption.get(), at));
      }
      return Optional.of(of(end.get(), at));
    }
    return pod.isOver()
        ? Optional.of(
            byPlatform(
                disruption.orElse("the pod has ended without a word of the step's container"),
                null))
        : Optional.empty();
  }

  private static StepEnd of(ContainerStateTerminated end, Instant at) {
    int code = end.getExitCode();
    if (code == 0) {
      return new StepEnd(Outcome.COMPLETED, 0, null, at);
    }
    return switch (String.valueOf(end.getReason())) {
      case "OOMKilled" ->
          new StepEnd(
              Outcome.FAILED,
              code,
              "OOMKilled: the program took more memory than its limit allows",
              at);
      case "ContainerCannotRun", "StartError" ->
          new StepEnd(
              Outcome.FAILED, code, PodStatus.sentence(end.getReason(), end.getMessage()), at);
      case "ContainerStatusUnknown" ->
          byPlatform(PodStatus.sentence(end.getReason(), end.getMessage()), at);
      default -> new StepEnd(Outcome.FAILED, code, explained(code), at);
    };
  }

  private static String explained(int code) {
    return code > SIGNALLED && code <= SIGNALLED + 64
        ? "exit code " + code + ": signal " + (code - SIGNALLED)
        : "exit code " + code;
  }

  /** Of a Job that has failed, as far as its conditions say; empty while it has not. */
  static Optional<StepEnd> of(Job job) {
    return failure(job)
        .map(
            condition -> {
              String error = PodStatus.sentence(condition.getReason(), condition.getMessage());
              Instant at =
                  condition.getLastTransitionTime() == null
                      ? null
                      : PodStatus.time(condition.getLastTransitionTime());
              return condition.getReason().equals("DeadlineExceeded")
                  ? new StepEnd(Outcome.TIMED_OUT, null, error, at)
                  : byPlatform(error, at);
            });
  }

  private static Optional<JobCondition> failure(Job job) {
    return job.getStatus() == null
        ? Optional.empty()
        : job.getStatus().getConditions().stream()
            .filter(each -> each.getType().equals("Failed") && each.getStatus().equals("True"))
            .findFirst();
  }
}
