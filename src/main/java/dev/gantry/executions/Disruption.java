package dev.gantry.executions;

import dev.gantry.executions.StepState.Ended;
import dev.gantry.executions.StepState.Waiting;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * What becomes of an attempt that the platform has ended, or kept from beginning: it is made up for
 * by a budget of its own, and the step's policies hear of it when that is spent. Pure, as {@link
 * Engine}, which calls it.
 */
final class Disruption {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** Doubled so often the first pause is longer than the longest. */
  private static final int MOST_DOUBLINGS = 6;

  private Disruption() {}

  /**
   * The wait for the attempt that makes up for this one; null when there is none.
   *
   * @param budget how many of them a step has
   */
  static Waiting next(
      Execution execution, StepFinished event, Ended ended, int budget, Instant now) {
    int before = execution.facts(event.step()).disruptions();
    // Handlers are run to their end, also after a cancellation.
    boolean isStopped = execution.stop() != null && event.step() < execution.handlersFrom();
    if (!isDisrupted(event) || isStopped || before >= budget) {
      return null;
    }
    String error = "retry %d of %d after a failure of the platform: %s";
    return new Waiting(
        ended.attempt(),
        now,
        now.plus(pause(execution.accepted().id(), ended.attempt(), before)),
        StepStatus.RETRYING,
        error.formatted(before + 1, budget, ended.error()));
  }

  private static boolean isDisrupted(StepFinished event) {
    return event.outcome() == Outcome.INFRASTRUCTURE && event.mayPass();
  }

  /** An attempt that is made up for no more says how often that was done. */
  static Ended judged(Execution execution, StepFinished event, Ended ended) {
    int before = execution.facts(event.step()).disruptions();
    return isDisrupted(event) && before > 0
        ? ended.as(
            ended.status(),
            ended.error() + "; that was retried " + before + (before == 1 ? " time" : " times"))
        : ended;
  }

  /** The same whenever it is asked for, and not the same for all steps that a node had. */
  private static Duration pause(UUID execution, int attempt, int before) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(before, MOST_DOUBLINGS));
    double luck =
        new SplittableRandom(execution.getLeastSignificantBits() + attempt).nextDouble() / 2;
    Duration jittered = pause.plusMillis((long) (luck * pause.toMillis()));
    return jittered.compareTo(LONGEST_PAUSE) < 0 ? jittered : LONGEST_PAUSE;
  }
}
