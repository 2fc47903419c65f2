package dev.gantry.executions;

import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepEvent.StepStarted;
import java.time.Instant;

/**
 * Where a step stands; the legal moves are the methods, so that another one does not compile.
 *
 * <pre>
 * Pending ─queue→ Queued ─start→ Running ─end→ Ended
 *  │  │              └────────────end──────────↗ │
 *  │  └──skip─────────────────────────────────→│ │
 *  └─delay→ Waiting ─queue→ Queued     Waiting ←again
 * </pre>
 */
sealed interface StepState {
  /** The attempt that this state is about; 0 before the first. */
  int attempt();

  /** Waits for the steps it depends on. */
  record Pending() implements StepState {
    @Override
    public int attempt() {
      return 0;
    }

    Queued queue(Instant now) {
      return new Queued(1, now);
    }

    Waiting delay(Instant until) {
      return new Waiting(0, until, StepStatus.DELAYED, null);
    }

    Ended skip(String reason, StepStatus status, Instant now) {
      return Ended.unstarted(0, status, reason, now);
    }
  }

  /** Handed to a runner, by itself or as part of a segment. */
  record Queued(int attempt, Instant queuedAt) implements StepState {
    Running start(StepStarted event) {
      return new Running(attempt, event.startedAt(), event.runner());
    }

    Ended end(StepFinished event) {
      return Ended.of(event);
    }

    Ended stop(StepStatus status, String reason, Instant now) {
      return Ended.unstarted(attempt, status, reason, now);
    }

    /** The runner ended the segment before it came to this step. */
    Pending takeBack() {
      return new Pending();
    }
  }

  /** The attempt's program runs, by the runner's word. */
  record Running(int attempt, Instant startedAt, String runner) implements StepState {
    Ended end(StepFinished event) {
      return Ended.of(event);
    }

    /** The runner did not tell the end in time. */
    Ended stop(StepStatus status, String reason, Instant now) {
      return new Ended(attempt, status, startedAt, now, null, reason, null, false, 0, 0);
    }
  }

  /**
   * The next attempt waits for its time.
   *
   * @param why {@code RETRYING} after a failure, {@code REPEATING} by the step's policy, {@code
   *     DELAYED} before the first
   * @param error of the attempt that failed, else null
   */
  record Waiting(int attempt, Instant until, StepStatus why, String error) implements StepState {
    Queued queue(Instant now) {
      return new Queued(attempt + 1, now);
    }

    Ended stop(StepStatus status, String reason, Instant now) {
      return Ended.unstarted(attempt, status, reason, now);
    }
  }

  /**
   * @param startedAt null when no program was started
   * @param output null when the step keeps none
   */
  record Ended(
      int attempt,
      StepStatus status,
      Instant startedAt,
      Instant finishedAt,
      Integer exitCode,
      String error,
      String output,
      boolean outputTruncated,
      long logLines,
      long logDigest)
      implements StepState {

    static Ended of(StepFinished event) {
      return new Ended(
          event.attempt(),
          StepStatus.of(event.outcome()),
          event.startedAt(),
          event.finishedAt(),
          event.exitCode(),
          event.error(),
          event.output(),
          event.outputTruncated(),
          event.lines(),
          event.digest());
    }

    static Ended unstarted(int attempt, StepStatus status, String reason, Instant now) {
      return new Ended(attempt, status, null, now, null, reason, null, false, 0, 0);
    }

    /** As a step of another execution that does not run it, with this one's output. */
    Ended takenOver(Instant now) {
      return new Ended(
          0, StepStatus.COMPLETED, null, now, null, null, output, outputTruncated, 0, 0);
    }

    Waiting again(Instant at, StepStatus why) {
      return new Waiting(attempt, at, why, error);
    }

    Ended as(StepStatus other) {
      return as(other, error);
    }

    Ended as(StepStatus other, String because) {
      return new Ended(
          attempt,
          other,
          startedAt,
          finishedAt,
          exitCode,
          because,
          output,
          outputTruncated,
          logLines,
          logDigest);
    }
  }

  /** The status that the API shows and the database keeps. */
  default StepStatus status() {
    if (this instanceof Queued) {
      return StepStatus.QUEUED;
    } else if (this instanceof Running) {
      return StepStatus.RUNNING;
    } else if (this instanceof Waiting waiting) {
      return waiting.why;
    } else if (this instanceof Ended ended) {
      return ended.status;
    }
    return StepStatus.PENDING;
  }
}
