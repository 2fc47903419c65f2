package dev.gantry.runner;

import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepPhases;
import java.time.Instant;

/**
 * How an attempt ended, told when Kafka has acknowledged the last of its log.
 *
 * @param exitCode null when there is none
 * @param error what a person should read; null when completed
 * @param output trimmed standard output; null when it is not known
 * @param digest over the {@code lines} of the log
 * @param mayPass as in {@link StepFinished}
 */
public record AttemptEnd(
    Outcome outcome,
    Integer exitCode,
    String error,
    String output,
    boolean outputTruncated,
    long lines,
    long digest,
    Instant startedAt,
    Instant finishedAt,
    boolean mayPass,
    StepPhases phases) {

  /** One that is as it is, whatever is tried again; of which no more is known. */
  public AttemptEnd(
      Outcome outcome,
      Integer exitCode,
      String error,
      String output,
      boolean outputTruncated,
      long lines,
      long digest,
      Instant startedAt,
      Instant finishedAt) {
    this(
        outcome,
        exitCode,
        error,
        output,
        outputTruncated,
        lines,
        digest,
        startedAt,
        finishedAt,
        false,
        StepPhases.NONE);
  }

  /** An end without a beginning: no log, no exit code. */
  public static AttemptEnd neverStarted(Outcome outcome, String error, Instant at) {
    return new AttemptEnd(outcome, null, error, null, false, 0, 0, null, at);
  }

  StepFinished report(AttemptKey key, boolean continues) {
    return new StepFinished(
        key.executionId(),
        key.step(),
        key.attempt(),
        outcome,
        exitCode,
        error,
        output,
        outputTruncated,
        lines,
        digest,
        startedAt,
        finishedAt,
        continues,
        mayPass,
        phases);
  }
}
