package dev.gantry.executions;

import dev.gantry.executions.Execution.Stop;
import dev.gantry.executions.StepState.Ended;
import dev.gantry.executions.StepState.Pending;
import dev.gantry.executions.StepState.Queued;
import dev.gantry.executions.StepState.Running;
import dev.gantry.executions.StepState.Waiting;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.executions.protocol.StepEvent.CancelRequested;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepEvent.StepStarted;
import dev.gantry.workflows.WorkflowDefinition.ContinueOn;
import dev.gantry.workflows.WorkflowDefinition.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Set;

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
    var definition = execution.accepted().definition();
    String unmet = Conditions.unmet(definition.preconditions(), execution);
    if (unmet == null) {
      dispatch(execution, execution.ready(), now, effects);
    } else {
      for (int step = 0; step < execution.size(); step++) {
        skip(execution, step, "not run, because the workflow's precondition " + unmet, now);
      }
    }
  }

  private static void skip(Execution execution, int step, String reason, Instant now) {
    Pending pending = (Pending) execution.state(step);
    execution.set(step, pending.skip(reason, StepStatus.SKIPPED, now));
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

  /** Time has passed: deadlines, waits, runners that did not answer. */
  static void tick(Execution execution, Instant now, Effects effects) {
    if (execution.status().terminal()) {
      return;
    }
    Stop stop = execution.stop();
    if (execution.everyStepEnded()) {
      endOverdueSteps(execution, now, effects);
      finishIfDone(execution, now, effects);
    } else if (stop == null && !now.isBefore(execution.accepted().deadline())) {
      String reason = Narration.timedOut(execution);
      stop(execution, ExecutionStatus.TIMED_OUT, reason, now, effects);
    } else if (stop != null && !now.isBefore(stop.requestedAt().plus(GRACE).plus(PATIENCE))) {
      giveUpOnRunner(execution, now, effects);
    } else if (stop == null) {
      endOverdueSteps(execution, now, effects);
      queueDue(execution, now, effects);
    }
  }

  /** When {@link #tick} has something to do; null once the execution is terminal. */
  static Instant nextWake(Execution execution) {
    if (execution.status().terminal()) {
      return null;
    }
    boolean handling = execution.everyStepEnded();
    if (execution.stop() != null && !handling) {
      return execution.stop().requestedAt().plus(GRACE).plus(PATIENCE);
    }
    Instant wake = handling ? null : execution.accepted().deadline();
    for (PrimitiveIterator.OfInt it = execution.waiting(); it.hasNext(); ) {
      wake = earlier(wake, ((Waiting) execution.state(it.nextInt())).until());
    }
    for (PrimitiveIterator.OfInt it = execution.active(); it.hasNext(); ) {
      Instant overdue = overdueAt(execution, it.nextInt());
      wake = overdue == null ? wake : earlier(wake, overdue);
    }
    // Every step was skipped when it was accepted, and it is still to be ended.
    return wake == null ? execution.accepted().createdAt() : wake;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a != null && a.isBefore(b) ? a : b;
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

  /** An attempt has just ended: another one, or let its dependents go on, or skip them. */
  private static void settle(
      Execution execution, int step, Ended ended, Instant now, Effects effects) {
    Waiting next = execution.stop() == null ? next(execution, step, ended, now) : null;
    if (next != null) {
      execution.set(step, next);
      Narration.stepEnded(execution, step, ended, true, now, effects);
      return;
    }
    ContinueOn continueOn = execution.definition(step).continueOn();
    Ended judged = Repetition.judged(execution, step, ended);
    Ended settled =
        Tolerance.marksSuccess(continueOn, judged) ? judged.as(StepStatus.COMPLETED) : judged;
    execution.set(step, settled);
    Narration.stepEnded(execution, step, settled, false, now, effects);
    if (execution.stop() == null) {
      dispatch(execution, follow(execution, step, now), now, effects);
    }
    finishIfDone(execution, now, effects);
  }

  /** The wait for the step's next attempt; null when this one was the last. */
  private static Waiting next(Execution execution, int step, Ended ended, Instant now) {
    Step definition = execution.definition(step);
    var retries = definition.retryPolicy();
    if (ended.status().isFailure() && retries.allows(ended.attempt(), ended.exitCode())) {
      return ended.again(now.plus(retries.delayAfter(ended.attempt())), StepStatus.RETRYING);
    }
    return Repetition.isDue(execution, step, ended)
        ? ended.again(now.plus(definition.repeatPolicy().interval()), StepStatus.REPEATING)
        : null;
  }

  /**
   * Lets steps begin that could: skips those with an unmet precondition, leaves those that are too
   * many at once, delays the others or hands them out.
   */
  private static void dispatch(
      Execution execution, Collection<Integer> ready, Instant now, Effects effects) {
    var definition = execution.accepted().definition();
    int most = definition.maxActiveSteps();
    Deque<Integer> open = new ArrayDeque<>(most == 0 ? ready : execution.ready());
    List<Integer> begun = new ArrayList<>();
    while (!open.isEmpty() && (most == 0 || execution.inHand() + begun.size() < most)) {
      int step = open.pop();
      String unmet = Conditions.unmet(execution.definition(step).preconditions(), execution);
      if (unmet != null) {
        skip(execution, step, "not run, because its precondition " + unmet, now);
        open.addAll(follow(execution, step, now));
      } else if (definition.delay().isZero() || execution.definition(step).depends().isEmpty()) {
        begun.add(step);
      } else {
        Pending pending = (Pending) execution.state(step);
        execution.set(step, pending.delay(now.plus(definition.delay())));
      }
    }
    handOut(execution, begun, now, effects);
  }

  /** Hands steps to the runner; one that is too large for a message fails, and says why. */
  private static void handOut(
      Execution execution, List<Integer> steps, Instant now, Effects effects) {
    for (int step : Dispatch.queue(execution, steps, now, effects)) {
      int attempt = execution.state(step).attempt() + 1;
      Ended refused = Ended.unstarted(attempt, StepStatus.FAILED, Narration.tooLarge(), now);
      settle(execution, step, refused, now, effects);
    }
  }

  /** The steps behind {@code from} that can run now; skips those that never can, and theirs. */
  private static Collection<Integer> follow(Execution execution, int from, Instant now) {
    Set<Integer> ready = new LinkedHashSet<>();
    Deque<Integer> ended = new ArrayDeque<>(List.of(from));
    while (!ended.isEmpty()) {
      int step = ended.pop();
      boolean satisfied = Tolerance.letsDependentsRun(execution, step);
      for (int dependent : execution.accepted().graph().dependents(step)) {
        if (!(execution.state(dependent) instanceof Pending)) {
          continue;
        }
        if (!satisfied) {
          skip(execution, dependent, Narration.skipped(execution, step), now);
          ended.push(dependent);
        } else if (execution.isReadyToRun(dependent)) {
          ready.add(dependent);
        }
      }
    }
    // Of several that ended here together, a later one may have said no.
    ready.removeIf(step -> !execution.isReadyToRun(step));
    return ready;
  }

  /** Ends what has not begun, and tells the runner to end what has; handlers are left to end. */
  private static void stop(
      Execution execution, ExecutionStatus status, String reason, Instant now, Effects effects) {
    if (execution.stop() != null || execution.everyStepEnded()) {
      return;
    }
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
          new CancelSteps(execution.accepted().id(), attempts, GRACE.toMillis(), reason));
    }
    finishIfDone(execution, now, effects);
  }

  private static void cancelPending(Execution execution, int step, Instant now) {
    StepState state = execution.state(step);
    String reason = execution.stop().reason();
    if (state instanceof Pending pending) {
      execution.set(step, pending.skip(reason, StepStatus.CANCELLED, now));
    } else if (state instanceof Waiting waiting) {
      execution.set(step, waiting.stop(StepStatus.CANCELLED, reason, now));
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

  /**
   * When the engine stops believing that the runner will tell the end; null = no timeout. A handler
   * has one, and it counts from when it was handed out: nothing else bounds it.
   */
  static Instant overdueAt(Execution execution, int step) {
    Duration timeout = execution.definition(step).timeout();
    Instant from = null;
    if (execution.state(step) instanceof Running running) {
      from = running.startedAt();
    } else if (step >= execution.handlersFrom() && execution.state(step) instanceof Queued queued) {
      from = queued.queuedAt();
    }
    return from == null || timeout.isZero() ? null : from.plus(timeout).plus(STEP_SLACK);
  }

  private static void queueDue(Execution execution, Instant now, Effects effects) {
    List<Integer> due = new ArrayList<>();
    for (PrimitiveIterator.OfInt it = execution.waiting(); it.hasNext(); ) {
      int step = it.nextInt();
      if (!now.isBefore(((Waiting) execution.state(step)).until())) {
        due.add(step);
      }
    }
    handOut(execution, due, now, effects);
  }

  private static void finishIfDone(Execution execution, Instant now, Effects effects) {
    if (!execution.everyStepEnded() || execution.status().terminal()) {
      return;
    }
    Verdict verdict = Verdict.of(execution);
    for (int step = execution.handlersFrom(); step < execution.size(); step++) {
      if (execution.state(step) instanceof Pending) {
        if (verdict.isHandledBy(execution.definition(step).handles())) {
          handOut(execution, List.of(step), now, effects);
        } else {
          skip(execution, step, Narration.notHandled(verdict), now);
        }
      }
      if (!(execution.state(step) instanceof Ended)) {
        return;
      }
    }
    Verdict last = verdict.afterHandlers(execution);
    execution.complete(last.status(), last.error(), now);
    Narration.ended(execution, now, effects);
  }
}
