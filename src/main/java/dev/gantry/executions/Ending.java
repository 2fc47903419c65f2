package dev.gantry.executions;

import dev.gantry.executions.Execution.Stop;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.StepState.Delegated;
import dev.gantry.executions.StepState.Ended;
import dev.gantry.executions.StepState.Pending;
import dev.gantry.executions.StepState.Queued;
import dev.gantry.executions.StepState.Running;
import dev.gantry.executions.StepState.Waiting;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;

/**
 * How an execution, or a step that nobody reports, is brought to its end. Pure, as {@link Engine},
 * which calls it.
 */
final class Ending {
  private Ending() {}

  /** Ends what has not begun, and tells the runner to end what has; handlers are left to end. */
  static void stop(
      Execution execution, ExecutionStatus status, String reason, Instant now, Effects effects) {
    if (execution.stop() != null || execution.everyStepEnded()) {
      return;
    }
    execution.run();
    execution.stopping(new Stop(now, status, reason));
    for (int step = 0; step < execution.handlersFrom(); step++) {
      cancelPending(execution, step, now);
    }
    List<AttemptRef> attempts = new ArrayList<>();
    for (PrimitiveIterator.OfInt it = execution.active(); it.hasNext(); ) {
      int step = it.nextInt();
      attempts.add(new AttemptRef(step, execution.state(step).attempt()));
    }
    if (!attempts.isEmpty()) {
      effects.command(
          execution,
          new CancelSteps(execution.accepted().id(), attempts, Engine.GRACE.toMillis(), reason));
    }
    Progress.finishIfDone(execution, now, effects);
  }

  static void cancelPending(Execution execution, int step, Instant now) {
    StepState state = execution.state(step);
    String reason = execution.stop().reason();
    if (state instanceof Pending pending) {
      execution.set(step, pending.skip(reason, StepStatus.CANCELLED, now));
    } else if (state instanceof Waiting waiting) {
      execution.set(step, waiting.stop(StepStatus.CANCELLED, reason, now));
    }
  }

  static void giveUpOnRunner(Execution execution, Instant now, Effects effects) {
    for (int step = 0; step < execution.handlersFrom(); step++) {
      cancelPending(execution, step, now);
    }
    String reason = execution.stop().reason() + "; " + Narration.noAnswer(execution);
    for (int step : activeSteps(execution)) {
      Ended ended = abandoned(execution, step, StepStatus.CANCELLED, reason, now);
      execution.set(step, ended);
      Narration.stepEnded(execution, step, ended, false, now, effects);
    }
    Progress.finishIfDone(execution, now, effects);
  }

  static void giveUpOnChildren(Execution execution, Instant now, Effects effects) {
    List<Integer> steps = new ArrayList<>();
    execution.delegated().forEachRemaining((int step) -> steps.add(step));
    for (int step : steps) {
      Instant at = givenUpAt(execution, step);
      if (at == null || now.isBefore(at)) {
        continue;
      }
      boolean handles = step >= execution.handlersFrom();
      String why = handles ? Narration.tooLong() : execution.stop().reason();
      Ended ended =
          ((Delegated) execution.state(step))
              .stop(
                  handles ? StepStatus.TIMED_OUT : StepStatus.CANCELLED,
                  why + "; the execution that does it does not end",
                  now);
      execution.set(step, ended);
      Narration.stepEnded(execution, step, ended, false, now, effects);
    }
    Progress.finishIfDone(execution, now, effects);
  }

  /** When an execution that was asked to end is waited for no longer; null = it was not. */
  static Instant givenUpAt(Execution execution, int step) {
    Instant asked = ((Delegated) execution.state(step)).until();
    if (asked == null && execution.stop() != null) {
      asked = execution.stop().requestedAt();
    }
    return asked == null ? null : asked.plus(patience(execution));
  }

  /**
   * How long what does a step is waited for, once it was asked to end: a turn for as long as a
   * runner, executions longer, since they are bounded themselves.
   */
  static Duration patience(Execution execution) {
    return execution.accepted().kind() == Kind.CHAT
        ? Engine.GRACE.plus(Engine.PATIENCE)
        : Engine.CHILD_PATIENCE;
  }

  private static List<Integer> activeSteps(Execution execution) {
    List<Integer> steps = new ArrayList<>();
    execution.active().forEachRemaining((int step) -> steps.add(step));
    return steps;
  }

  static void endOverdueSteps(Execution execution, Instant now, Effects effects) {
    for (int step : activeSteps(execution)) {
      Instant at = overdueAt(execution, step);
      if (at == null || now.isBefore(at)) {
        continue;
      }
      AttemptRef attempt = new AttemptRef(step, execution.state(step).attempt());
      String reason = Narration.tooLong() + "; " + Narration.noAnswer(execution);
      effects.command(
          execution, new CancelSteps(execution.accepted().id(), List.of(attempt), 0, reason));
      Ended ended = abandoned(execution, step, StepStatus.TIMED_OUT, reason, now);
      Progress.takeBackSegment(execution, step, now);
      Progress.settle(execution, step, ended, now, effects);
    }
  }

  private static Ended abandoned(
      Execution execution, int step, StepStatus status, String reason, Instant now) {
    return execution.state(step) instanceof Running running
        ? running.stop(status, reason, now)
        : ((Queued) execution.state(step)).stop(status, reason, now);
  }

  /**
   * When the engine stops believing that the runner will tell the end, or asks the execution that
   * does it to end; null = no timeout. A handler has one, and it counts from when it was handed
   * out: nothing else bounds it.
   */
  static Instant overdueAt(Execution execution, int step) {
    if (execution.state(step) instanceof Delegated delegated) {
      return delegated.until();
    }
    Duration timeout = execution.definition(step).timeout();
    Instant from = null;
    if (execution.state(step) instanceof Running running) {
      from = running.startedAt();
    } else if (step >= execution.handlersFrom() && execution.state(step) instanceof Queued queued) {
      from = queued.queuedAt();
    }
    return from == null || timeout.isZero() ? null : from.plus(timeout).plus(Engine.STEP_SLACK);
  }
}
