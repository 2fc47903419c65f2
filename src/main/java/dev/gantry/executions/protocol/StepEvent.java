package dev.gantry.executions.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** What moves an execution: a runner's report on one attempt, or a caller's request. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = StepEvent.StepStarted.class, name = "step_started"),
  @JsonSubTypes.Type(value = StepEvent.StepWaits.class, name = "step_waits"),
  @JsonSubTypes.Type(value = StepEvent.StepFinished.class, name = "step_finished"),
  @JsonSubTypes.Type(value = StepEvent.StepReturned.class, name = "step_returned"),
  @JsonSubTypes.Type(value = StepEvent.CancelRequested.class, name = "cancel_requested"),
  @JsonSubTypes.Type(value = StepEvent.PauseRequested.class, name = "pause_requested"),
  @JsonSubTypes.Type(value = StepEvent.ResumeRequested.class, name = "resume_requested"),
  @JsonSubTypes.Type(value = StepEvent.Decided.class, name = "decided"),
  @JsonSubTypes.Type(value = StepEvent.RetryRequested.class, name = "retry_requested"),
  @JsonSubTypes.Type(value = StepEvent.ChildEnded.class, name = "child_ended")
})
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public sealed interface StepEvent {
  UUID executionId();

  /** The attempt's program runs. {@code startedAt} is by the runner's clock. */
  record StepStarted(
      UUID executionId, int step, int attempt, String runner, Instant startedAt, StepPhases phases)
      implements StepEvent {
    public StepStarted {
      phases = phases == null ? StepPhases.NONE : phases;
    }

    /** Of which no more is known. */
    public StepStarted(UUID executionId, int step, int attempt, String runner, Instant startedAt) {
      this(executionId, step, attempt, runner, startedAt, StepPhases.NONE);
    }
  }

  /**
   * The attempt's program has not begun, for a while already.
   *
   * @param reason what it waits for, as the end of a sentence that begins with the attempt
   */
  record StepWaits(UUID executionId, int step, int attempt, String reason, StepPhases phases)
      implements StepEvent {
    public StepWaits {
      phases = phases == null ? StepPhases.NONE : phases;
    }
  }

  /**
   * The attempt ended; sent after Kafka acknowledged its last log line.
   *
   * @param exitCode the program's, or null when it has none (never started, killed)
   * @param error what a person should read when {@code outcome} is not {@code COMPLETED}
   * @param output trimmed standard output, at most {@link #MAX_OUTPUT_BYTES}; null when there is
   *     none
   * @param outputTruncated the output was longer than {@link #MAX_OUTPUT_BYTES}
   * @param lines how many log lines the attempt wrote
   * @param digest {@link LogDigest} over them
   * @param continues the runner goes on with the segment's next step by itself
   * @param mayPass of {@code INFRASTRUCTURE}: the program has certainly ended, or never begun, and
   *     what was in its way may not be in that of another attempt
   */
  record StepFinished(
      UUID executionId,
      int step,
      int attempt,
      Outcome outcome,
      Integer exitCode,
      String error,
      String output,
      boolean outputTruncated,
      long lines,
      long digest,
      Instant startedAt,
      Instant finishedAt,
      boolean continues,
      boolean mayPass,
      StepPhases phases)
      implements StepEvent {
    public StepFinished {
      phases = phases == null ? StepPhases.NONE : phases;
    }

    /** Of which no more is known. */
    public StepFinished(
        UUID executionId,
        int step,
        int attempt,
        Outcome outcome,
        Integer exitCode,
        String error,
        String output,
        boolean outputTruncated,
        long lines,
        long digest,
        Instant startedAt,
        Instant finishedAt,
        boolean continues) {
      this(
          executionId,
          step,
          attempt,
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
          false,
          StepPhases.NONE);
    }
  }

  /**
   * The execution that did the attempt has ended, or cannot be.
   *
   * @param error why it did not complete, else null
   * @param output null when the step keeps none
   */
  record ChildEnded(
      UUID executionId,
      int step,
      int attempt,
      Outcome outcome,
      String error,
      String output,
      Instant endedAt)
      implements StepEvent {}

  /** A caller asked to run a failed step once more. */
  record RetryRequested(UUID executionId, int step, String requestedBy, Instant requestedAt)
      implements StepEvent {}

  /** A caller asked to cancel; {@code requestedBy} is the name of the key. */
  record CancelRequested(UUID executionId, String requestedBy, Instant requestedAt)
      implements StepEvent {}

  /**
   * The runner held the attempt back before it began; it may be handed out again as it was.
   *
   * @param issuedAt of the command that brought it, which tells it from one that brings it again
   */
  record StepReturned(UUID executionId, int step, int attempt, Instant issuedAt)
      implements StepEvent {}

  /** A caller asked that nothing more begins; {@code requestedBy} is the name of the key. */
  record PauseRequested(UUID executionId, String requestedBy, Instant requestedAt)
      implements StepEvent {}

  /** A caller asked to go on after a pause; {@code requestedBy} is the name of the key. */
  record ResumeRequested(UUID executionId, String requestedBy, Instant requestedAt)
      implements StepEvent {}

  /**
   * A person has answered an approval.
   *
   * @param decidedBy the name of the key
   * @param comment what the person says to it, or null
   * @param input what was given, checked and with its defaults
   */
  record Decided(
      UUID executionId,
      int step,
      boolean approved,
      String decidedBy,
      String comment,
      Map<String, String> input,
      Instant decidedAt)
      implements StepEvent {}

  /** How an attempt ended. */
  enum Outcome {
    /** Exit code 0. */
    COMPLETED,
    /** Another exit code, or a signal that nobody here sent. */
    FAILED,
    /** Stopped because it ran longer than its timeout. */
    TIMED_OUT,
    /** Stopped on the engine's command, or never started because of it. */
    CANCELLED,
    /** Could not be run: the runner's or the platform's fault, not the program's. */
    INFRASTRUCTURE
  }

  /** The most of a step's standard output that is kept as its output, in bytes of UTF-8. */
  int MAX_OUTPUT_BYTES = 64 << 10;
}
