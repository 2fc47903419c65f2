package dev.gantry.executions;

import dev.gantry.executions.protocol.StepEvent.ChildEnded;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepEvent.StepReturned;
import dev.gantry.executions.protocol.StepEvent.StepStarted;
import dev.gantry.platform.Ids;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * Where a step stands; the legal moves are the methods, so that another one does not compile.
 *
 * <pre>
 * Pending ─queue→ Queued ─start→ Running ─end→ Ended
 *  │  │              └────────────end──────────↗ │
 *  │  └──skip─────────────────────────────────→│ │
 *  └─delay→ Waiting ─queue→ Queued     Waiting ←again
 *  ├─ask──→ Waiting ─decide→ Ended
 *  └─delegate→ Delegated ─end→ Ended
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

    Waiting delay(Instant now, Duration delay) {
      return new Waiting(0, now, now.plus(delay), StepStatus.DELAYED, null);
    }

    /**
     * Asks a person.
     *
     * @param patience how long it waits for the answer; zero = for ever
     */
    Waiting ask(Instant now, Duration patience) {
      Instant until = patience.isZero() ? null : now.plus(patience);
      return new Waiting(1, now, until, StepStatus.AWAITING_APPROVAL, null);
    }

    Ended skip(String reason, StepStatus status, Instant now) {
      return Ended.unstarted(0, status, reason, now);
    }
  }

  /**
   * Another execution does it.
   *
   * @param child its id, whether it is there already or not
   * @param until when the child is asked to end, whatever becomes of this execution, as for a
   *     handler; null = with this execution
   */
  record Delegated(int attempt, Instant startedAt, UUID child, Instant until) implements StepState {
    static Delegated of(StepState before, UUID execution, int step, Instant now, Instant until) {
      int attempt = before.attempt() + 1;
      long number = (long) attempt << 32 | step;
      return new Delegated(attempt, now, Ids.derived(now, execution, number), until);
    }

    /** With the exit code that a program would have: policies go by it. */
    Ended end(ChildEnded event) {
      StepStatus status = StepStatus.of(event.outcome());
      Integer failed = status == StepStatus.FAILED ? 1 : null;
      return new Ended(
          attempt,
          status,
          startedAt,
          event.endedAt(),
          status == StepStatus.COMPLETED ? (Integer) 0 : failed,
          event.error(),
          event.output(),
          false,
          0,
          0);
    }

    Ended stop(StepStatus status, String reason, Instant now) {
      return new Ended(attempt, status, startedAt, now, null, reason, null, false, 0, 0);
    }
  }

  /** Handed to a runner, by itself or as part of a segment. */
  record Queued(int attempt, Instant queuedAt) implements StepState {
    /** Whether it is what the runner gives back, and not the same attempt handed out again. */
    boolean isOf(StepReturned event) {
      return attempt == event.attempt() && stored(queuedAt).equals(stored(event.issuedAt()));
    }

    /** The database keeps microseconds. */
    private static Instant stored(Instant time) {
      return time.truncatedTo(ChronoUnit.MICROS);
    }

    Running start(StepStarted event, Instant now) {
      return new Running(attempt, between(queuedAt, event.startedAt(), now), event.runner());
    }

    Ended end(StepFinished event, Instant now) {
      return Ended.of(event, between(queuedAt, event.startedAt(), now), now);
    }

    Ended stop(StepStatus status, String reason, Instant now) {
      return Ended.unstarted(attempt, status, reason, now);
    }

    /** The runner gave it back before it came to this step: as it was before it was handed out. */
    StepState takeBack(Instant now, StepStatus why) {
      return attempt == 1 ? new Pending() : new Waiting(attempt - 1, now, now, why, null);
    }
  }

  /** The attempt's program runs, by the runner's word. */
  record Running(int attempt, Instant startedAt, String runner) implements StepState {
    Ended end(StepFinished event, Instant now) {
      return Ended.of(event, startedAt, now);
    }

    /** The runner did not tell the end in time. */
    Ended stop(StepStatus status, String reason, Instant now) {
      return new Ended(attempt, status, startedAt, now, null, reason, null, false, 0, 0);
    }
  }

  /**
   * The next attempt waits for its time, or the step for a person.
   *
   * @param since null for one of an earlier version
   * @param until null = no time is set: a person decides, or a place that becomes free
   * @param why {@code RETRYING} after a failure, {@code REPEATING} by the step's policy, {@code
   *     DELAYED} before the first, or {@code AWAITING_APPROVAL}
   * @param error of the attempt that failed, else null
   */
  record Waiting(int attempt, Instant since, Instant until, StepStatus why, String error)
      implements StepState {
    boolean isForAPerson() {
      return why == StepStatus.AWAITING_APPROVAL;
    }

    /** It is to run once more as soon as {@code maxActiveSteps} lets it. */
    boolean isHeld() {
      return until == null && !isForAPerson();
    }

    boolean isDue(Instant now) {
      return until != null && !now.isBefore(until);
    }

    Queued queue(Instant now) {
      return new Queued(attempt + 1, now);
    }

    /** A person has said yes; {@code output} tells who and what was given. */
    Ended approve(String output, Instant now) {
      return new Ended(attempt, StepStatus.COMPLETED, since, now, null, null, output, false, 0, 0);
    }

    /** A person has said no, or nobody anything. */
    Ended refuse(StepStatus status, String reason, Instant now) {
      return new Ended(attempt, status, since, now, null, reason, null, false, 0, 0);
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

    /**
     * @param startedAt when the attempt began; a program that was never started has no time
     */
    static Ended of(StepFinished event, Instant startedAt, Instant now) {
      Instant began = event.startedAt() == null ? null : startedAt;
      return new Ended(
          event.attempt(),
          StepStatus.of(event.outcome()),
          began,
          between(began, event.finishedAt(), now),
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

    /** A person asks for one more attempt, whatever the step's policy says. */
    Waiting held(Instant now) {
      return new Waiting(attempt, now, null, StepStatus.RETRYING, error);
    }

    Waiting again(Instant now, Duration delay, StepStatus why) {
      return new Waiting(attempt, now, now.plus(delay), why, error);
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

  /**
   * A time by a runner's clock, which may be off: within what the engine knows by its own.
   *
   * @param from null = nothing is known
   */
  private static Instant between(Instant from, Instant told, Instant now) {
    if (told == null || told.isAfter(now)) {
      return told == null ? null : now;
    }
    return from != null && told.isBefore(from) ? from : told;
  }

  /** The status that the API shows and the database keeps. */
  default StepStatus status() {
    if (this instanceof Queued) {
      return StepStatus.QUEUED;
    } else if (this instanceof Running || this instanceof Delegated) {
      return StepStatus.RUNNING;
    } else if (this instanceof Waiting waiting) {
      return waiting.why;
    } else if (this instanceof Ended ended) {
      return ended.status;
    }
    return StepStatus.PENDING;
  }
}
