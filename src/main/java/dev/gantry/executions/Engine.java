package dev.gantry.executions;

import dev.gantry.executions.Execution.Stop;
import dev.gantry.executions.StepState.Ended;
import dev.gantry.executions.StepState.Pending;
import dev.gantry.executions.StepState.Queued;
import dev.gantry.executions.StepState.Retrying;
import dev.gantry.executions.StepState.Running;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.executions.protocol.StepEvent.CancelRequested;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepEvent.StepStarted;
import dev.gantry.workflows.WorkflowDefinition.ContinueOn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PrimitiveIterator;

/**
 * Decides what an execution does next. Pure: state and a message in, state and {@link Effects} out;
 * no clock, no I/O, no framework.
 *
 * <p>Every message may come twice, late or out of date: it changes something only when it is about
 * the attempt that the step is at, in a state that it can move forward.
 */
final class Engine {
  /** How long a cancelled program has between the termination signal and the kill. */
  static final Duration GRACE = Duration.ofSeconds(10);

  /** How long after the grace period the engine waits for the runner's word. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How much longer than its timeout a step may go unreported. */
  static final Duration STEP_SLACK = Duration.ofSeconds(30);

  private Engine() {}

  /** The execution has just been accepted: tell it and hand out the first steps. */
  static void begin(Execution execution, Instant now, Effects effects) {
    Narration.started(execution, now, effects);
    List<Integer> roots = new ArrayList<>();
    for (int step = 0; step < execution.size(); step++) {
      if (execution.dependenciesEnded(step)) {
        roots.add(step);
      }
    }
    dispatch(execution, roots, now, effects);
  }

  /** Applies one message; what is out of date changes nothing. */
  static void apply(Execution execution, StepEvent event, Instant now, Effects effects) {
    if (execution.status().terminal()) {
      return;
    }
    if (event instanceof StepStarted started) {
      started(execution, started, now, effects);
    } else if (event instanceof StepFinished finished) {
      finished(execution, finished, now, effects);
    } else if (event instanceof CancelRequested cancel) {
      stop(
          execution,
          ExecutionStatus.CANCELLED,
          "cancelled by " + cancel.requestedBy(),
          now,
          effects);
    }
  }

  /** Time has passed: deadlines, retries, runners that did not answer. */
  static void tick(Execution execution, Instant now, Effects effects) {
    if (execution.status().terminal()) {
      return;
    }
    Stop stop = execution.stop();
    if (stop == null && !now.isBefore(execution.accepted().deadline())) {
      String reason = Narration.timedOut(execution);
      stop(execution, ExecutionStatus.TIMED_OUT, reason, now, effects);
    } else if (stop != null && !now.isBefore(stop.requestedAt().plus(GRACE).plus(PATIENCE))) {
      giveUpOnRunner(execution, now, effects);
    } else if (stop == null) {
      endOverdueSteps(execution, now, effects);
      queueDueRetries(execution, now, effects);
    }
  }

  /** When {@link #tick} has something to do; null once the execution is terminal. */
  static Instant nextWake(Execution execution) {
    if (execution.status().terminal()) {
      return null;
    }
    if (execution.stop() != null) {
      return execution.stop().requestedAt().plus(GRACE).plus(PATIENCE);
    }
    Instant wake = execution.accepted().deadline();
    for (PrimitiveIterator.OfInt it = execution.retrying(); it.hasNext(); ) {
      wake = earlier(wake, ((Retrying) execution.state(it.nextInt())).retryAt());
    }
    for (PrimitiveIterator.OfInt it = execution.active(); it.hasNext(); ) {
      Instant overdue = overdueAt(execution, it.nextInt());
      wake = overdue == null ? wake : earlier(wake, overdue);
    }
    return wake;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static void started(
      Execution execution, StepStarted event, Instant now, Effects effects) {
    if (execution.state(event.step()) instanceof Queued queued
        && queued.attempt() == event.attempt()) {
      execution.set(event.step(), queued.start(event));
      Narration.stepStarted(execution, event.step(), now, effects);
    }
  }

  private static void finished(
      Execution execution, StepFinished event, Instant now, Effects effects) {
    StepState state = execution.state(event.step());
    if (state.attempt() != event.attempt()) {
      return;
    }
    Ended ended;
    if (state instanceof Queued queued) {
      // The report of the start was lost or overtaken; tell it, so that subscribers see both.
      Narration.stepStarted(execution, event.step(), now, effects);
      ended = queued.end(event);
    } else if (state instanceof Running running) {
      ended = running.end(event);
    } else {
      return;
    }
    if (!event.continues()) {
      takeBackSegment(execution, event.step(), now);
    }
    settle(execution, event.step(), ended, now, effects);
  }

  /** The steps behind this one were handed out with it and will not be run by that command. */
  private static void takeBackSegment(Execution execution, int ended, Instant now) {
    for (int next = queuedDependent(execution, ended); next >= 0; ) {
      execution.set(next, ((Queued) execution.state(next)).takeBack());
      if (execution.stop() != null) {
        cancelPending(execution, next, now);
      }
      next = queuedDependent(execution, next);
    }
  }

  private static int queuedDependent(Execution execution, int step) {
    for (int dependent : execution.accepted().graph().dependents(step)) {
      if (execution.state(dependent) instanceof Queued) {
        return dependent;
      }
    }
    return -1;
  }

  /** An attempt has just ended: retry the step, or let its dependents go on, or skip them. */
  private static void settle(
      Execution execution, int step, Ended ended, Instant now, Effects effects) {
    if (execution.stop() == null && retries(execution, step, ended)) {
      var policy = execution.definition(step).retryPolicy();
      execution.set(step, ended.retry(now.plus(policy.delayAfter(ended.attempt()))));
      Narration.stepEnded(execution, step, ended, true, now, effects);
      return;
    }
    ContinueOn continueOn = execution.definition(step).continueOn();
    Ended settled =
        Tolerance.marksSuccess(continueOn, ended) ? ended.as(StepStatus.COMPLETED) : ended;
    execution.set(step, settled);
    Narration.stepEnded(execution, step, settled, false, now, effects);
    if (execution.stop() == null) {
      List<Integer> ready = new ArrayList<>();
      follow(execution, step, ready, now);
      dispatch(execution, ready, now, effects);
    }
    finishIfDone(execution, now, effects);
  }

  /** Hands steps out; one that is too large for a message fails, and says why. */
  private static void dispatch(
      Execution execution, List<Integer> ready, Instant now, Effects effects) {
    for (int step : Dispatch.queue(execution, ready, now, effects)) {
      int attempt = execution.state(step).attempt() + 1;
      Ended refused = Ended.unstarted(attempt, StepStatus.FAILED, Narration.tooLarge(), now);
      settle(execution, step, refused, now, effects);
    }
  }

  private static boolean retries(Execution execution, int step, Ended ended) {
    return ended.status().isFailure()
        && execution.definition(step).retryPolicy().allows(ended.attempt(), ended.exitCode());
  }

  /** Collects the dependents that can run now; skips, and theirs, those that never can. */
  private static void follow(Execution execution, int from, List<Integer> ready, Instant now) {
    Deque<Integer> ended = new ArrayDeque<>(List.of(from));
    while (!ended.isEmpty()) {
      int step = ended.pop();
      boolean satisfied = Tolerance.letsDependentsRun(execution, step);
      for (int dependent : execution.accepted().graph().dependents(step)) {
        if (!(execution.state(dependent) instanceof Pending pending)) {
          continue;
        }
        if (!satisfied) {
          String reason = Narration.skipped(execution, step);
          execution.set(dependent, pending.skip(reason, StepStatus.SKIPPED, now));
          ended.push(dependent);
        } else if (execution.dependenciesEnded(dependent)) {
          ready.add(dependent);
        }
      }
    }
  }

  /** Ends what has not begun, and tells the runner to end what has. */
  private static void stop(
      Execution execution, ExecutionStatus status, String reason, Instant now, Effects effects) {
    if (execution.stop() != null) {
      return;
    }
    execution.stopping(new Stop(now, status, reason));
    for (int step = 0; step < execution.size(); step++) {
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
          new CancelSteps(execution.accepted().id(), attempts, GRACE.toMillis(), reason));
    }
    finishIfDone(execution, now, effects);
  }

  private static void cancelPending(Execution execution, int step, Instant now) {
    StepState state = execution.state(step);
    String reason = execution.stop().reason();
    if (state instanceof Pending pending) {
      execution.set(step, pending.skip(reason, StepStatus.CANCELLED, now));
    } else if (state instanceof Retrying retrying) {
      execution.set(step, retrying.stop(StepStatus.CANCELLED, reason, now));
    }
  }

  private static void giveUpOnRunner(Execution execution, Instant now, Effects effects) {
    String reason = execution.stop().reason() + "; " + Narration.noAnswer(execution);
    for (int step : activeSteps(execution)) {
      Ended ended = abandoned(execution, step, StepStatus.CANCELLED, reason, now);
      execution.set(step, ended);
      Narration.stepEnded(execution, step, ended, false, now, effects);
    }
    finishIfDone(execution, now, effects);
  }

  private static List<Integer> activeSteps(Execution execution) {
    List<Integer> steps = new ArrayList<>();
    execution.active().forEachRemaining((int step) -> steps.add(step));
    return steps;
  }

  private static void endOverdueSteps(Execution execution, Instant now, Effects effects) {
    for (int step : activeSteps(execution)) {
      Instant at = overdueAt(execution, step);
      if (at == null || now.isBefore(at)) {
        continue;
      }
      AttemptRef attempt = new AttemptRef(step, execution.state(step).attempt());
      String reason = "ran longer than its timeout; " + Narration.noAnswer(execution);
      effects.command(
          execution, new CancelSteps(execution.accepted().id(), List.of(attempt), 0, reason));
      Ended ended = abandoned(execution, step, StepStatus.TIMED_OUT, reason, now);
      takeBackSegment(execution, step, now);
      settle(execution, step, ended, now, effects);
    }
  }

  private static Ended abandoned(
      Execution execution, int step, StepStatus status, String reason, Instant now) {
    return execution.state(step) instanceof Running running
        ? running.stop(status, reason, now)
        : ((Queued) execution.state(step)).stop(status, reason, now);
  }

  /** When the engine stops believing that the runner will tell the end; null = no timeout. */
  private static Instant overdueAt(Execution execution, int step) {
    Duration timeout = execution.definition(step).timeout();
    return execution.state(step) instanceof Running running && !timeout.isZero()
        ? running.startedAt().plus(timeout).plus(STEP_SLACK)
        : null;
  }

  private static void queueDueRetries(Execution execution, Instant now, Effects effects) {
    List<Integer> due = new ArrayList<>();
    for (PrimitiveIterator.OfInt it = execution.retrying(); it.hasNext(); ) {
      int step = it.nextInt();
      if (!now.isBefore(((Retrying) execution.state(step)).retryAt())) {
        due.add(step);
      }
    }
    dispatch(execution, due, now, effects);
  }

  private static void finishIfDone(Execution execution, Instant now, Effects effects) {
    if (execution.everyStepEnded()) {
      Verdict verdict = Verdict.of(execution);
      execution.complete(verdict.status(), verdict.error(), now);
      Narration.ended(execution, now, effects);
    }
  }
}
