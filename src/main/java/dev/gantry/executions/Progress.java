package dev.gantry.executions;

import dev.gantry.executions.StepState.Delegated;
import dev.gantry.executions.StepState.Ended;
import dev.gantry.executions.StepState.Pending;
import dev.gantry.executions.StepState.Queued;
import dev.gantry.executions.StepState.Waiting;
import dev.gantry.workflows.WorkflowDefinition.Action;
import dev.gantry.workflows.WorkflowDefinition.ContinueOn;
import dev.gantry.workflows.WorkflowDefinition.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.UUID;

/**
 * How an execution goes on: what an ended attempt makes possible, what may begin now, and whether
 * that was all. Pure, as {@link Engine}, which calls it.
 */
final class Progress {
  private Progress() {}

  /** An attempt has just ended: another one, or let its dependents go on, or skip them. */
  static void settle(Execution execution, int step, Ended ended, Instant now, Effects effects) {
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
    goOn(execution, step, now, effects);
  }

  /** A step has just ended for good: lets those behind it begin, or the execution end. */
  static void goOn(Execution execution, int step, Instant now, Effects effects) {
    if (execution.stop() == null) {
      dispatch(execution, follow(execution, step, now), now, effects);
    }
    finishIfDone(execution, now, effects);
  }

  /** The wait for the step's next attempt; null when this one was the last. */
  static Waiting next(Execution execution, int step, Ended ended, Instant now) {
    Step definition = execution.definition(step);
    var retries = definition.retryPolicy();
    int attempt = execution.ownAttempt(step, ended);
    if (ended.status().isFailure()
        && retries.allows(attempt, ended.exitCode(), ended.output(), ended.error())) {
      return ended.again(now, retries.delayAfter(attempt), StepStatus.RETRYING);
    }
    return Repetition.isDue(execution, step, ended)
        ? ended.again(now, definition.repeatPolicy().interval(), StepStatus.REPEATING)
        : null;
  }

  /**
   * Lets steps begin that could: skips those with an unmet precondition, leaves those that are too
   * many at once, delays the others, asks a person or hands them out.
   */
  static void dispatch(
      Execution execution, Collection<Integer> ready, Instant now, Effects effects) {
    if (execution.isPaused()) {
      return;
    }
    var definition = execution.accepted().definition();
    int most = definition.concurrency().maxActiveSteps();
    Deque<Integer> open = new ArrayDeque<>(execution.held());
    open.addAll(most == 0 ? ready : execution.ready());
    List<Integer> begun = new ArrayList<>();
    while (!open.isEmpty() && (most == 0 || execution.inHand() + begun.size() < most)) {
      int step = open.pop();
      if (execution.state(step) instanceof Waiting) {
        begun.add(step);
        continue;
      }
      String unmet = Conditions.unmet(execution.definition(step).preconditions(), execution);
      if (unmet != null) {
        skip(execution, step, "not run, because its precondition " + unmet, now);
        open.addAll(follow(execution, step, now));
      } else if (definition.delay().isZero() || execution.definition(step).depends().isEmpty()) {
        begun.add(step);
      } else {
        Pending pending = (Pending) execution.state(step);
        execution.set(step, pending.delay(now, definition.delay()));
      }
    }
    start(execution, begun, now, effects);
  }

  /** Asks a person, leaves it to another execution, or hands it to the runner. */
  private static void start(
      Execution execution, List<Integer> steps, Instant now, Effects effects) {
    List<Integer> programs = new ArrayList<>();
    for (int step : steps) {
      if (execution.definition(step).action() instanceof Action.Approval) {
        Duration patience = execution.definition(step).timeout();
        execution.set(step, new Pending().ask(now, patience));
        Narration.stepAwaitsApproval(execution, step, now, effects);
      } else if (execution.definition(step).action().delegated()) {
        delegate(execution, step, now, effects);
      } else {
        programs.add(step);
      }
    }
    handOut(execution, programs, now, effects);
  }

  /** A handler's child does not end with the execution, which waits for it: it has its own time. */
  private static void delegate(Execution execution, int step, Instant now, Effects effects) {
    UUID id = execution.accepted().id();
    Instant until =
        step < execution.handlersFrom()
            ? null
            : now.plus(execution.definition(step).timeout()).plus(Engine.STEP_SLACK);
    execution.set(step, Delegated.of(execution.state(step), id, step, now, until));
    Narration.stepStarted(execution, step, now, effects);
  }

  /** Hands steps to the runner; one that is too large for a message fails, and says why. */
  static void handOut(Execution execution, List<Integer> steps, Instant now, Effects effects) {
    for (int step : Dispatch.queue(execution, steps, now, effects)) {
      int attempt = execution.state(step).attempt() + 1;
      Ended refused = Ended.unstarted(attempt, StepStatus.FAILED, Narration.tooLarge(), now);
      settle(execution, step, refused, now, effects);
    }
  }

  /** The steps behind {@code from} that can run now; skips those that never can, and theirs. */
  static Collection<Integer> follow(Execution execution, int from, Instant now) {
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

  static void skip(Execution execution, int step, String reason, Instant now) {
    Pending pending = (Pending) execution.state(step);
    execution.set(step, pending.skip(reason, StepStatus.SKIPPED, now));
  }

  /** The step has failed, the execution goes on, and nothing behind the step has begun. */
  static boolean canReopen(Execution execution, int step) {
    return execution.stop() == null
        && !execution.everyStepEnded()
        && step < execution.handlersFrom()
        && execution.state(step).status().isFailure()
        && !hasLetOthersBegin(execution, step);
  }

  private static boolean hasLetOthersBegin(Execution execution, int step) {
    return Arrays.stream(execution.accepted().graph().dependents(step))
        .mapToObj(dependent -> execution.state(dependent).status())
        .anyMatch(status -> status != StepStatus.PENDING && status != StepStatus.SKIPPED);
  }

  /**
   * A step that has failed is to run once more. Those behind it that were skipped wait again, but
   * for those that something else forbids, or whose being skipped has let others begin.
   */
  static void reopen(Execution execution, int step, Instant now) {
    execution.set(step, ((Ended) execution.state(step)).held(now));
    Deque<Integer> reopened = new ArrayDeque<>(List.of(step));
    while (!reopened.isEmpty()) {
      for (int dependent : execution.accepted().graph().dependents(reopened.pop())) {
        if (execution.state(dependent).status() == StepStatus.SKIPPED
            && mayWait(execution, dependent)
            && !hasLetOthersBegin(execution, dependent)) {
          execution.set(dependent, new Pending());
          reopened.add(dependent);
        }
      }
    }
  }

  /** Nothing that it waits for has ended so that it cannot run. */
  private static boolean mayWait(Execution execution, int step) {
    return execution.definition(step).depends().stream()
        .allMatch(
            before ->
                !(execution.state(before) instanceof Ended)
                    || Tolerance.letsDependentsRun(execution, before));
  }

  static void queueDue(Execution execution, Instant now, Effects effects) {
    List<Integer> due = new ArrayList<>();
    List<Integer> unanswered = new ArrayList<>();
    for (PrimitiveIterator.OfInt it = execution.waiting(); it.hasNext(); ) {
      int step = it.nextInt();
      Waiting waiting = (Waiting) execution.state(step);
      if (waiting.isDue(now)) {
        (waiting.isForAPerson() ? unanswered : due).add(step);
      }
    }
    for (int step : unanswered) {
      Waiting waiting = (Waiting) execution.state(step);
      String reason = Narration.unanswered(execution, step);
      decide(execution, step, waiting.refuse(StepStatus.TIMED_OUT, reason, now), now, effects);
    }
    if (!execution.isPaused()) {
      start(execution, due, now, effects);
    }
  }

  static void finishIfDone(Execution execution, Instant now, Effects effects) {
    if (!execution.everyStepEnded() || execution.status().terminal()) {
      return;
    }
    if (execution.isPaused()) {
      // Nothing is left that a pause could hold back: handlers clean up, whoever paused.
      execution.run();
    }
    Verdict verdict = Verdict.of(execution);
    for (int step = execution.handlersFrom(); step < execution.size(); step++) {
      if (execution.state(step) instanceof Pending) {
        if (verdict.isHandledBy(execution.definition(step).handles())) {
          start(execution, List.of(step), now, effects);
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
    ResultMail mail = ResultMail.of(execution, now);
    if (mail != null) {
      effects.mail(mail);
    }
  }

  /** An approval was given, refused or left unanswered. It is asked once, whatever comes of it. */
  static void decide(Execution execution, int step, Ended ended, Instant now, Effects effects) {
    execution.set(step, ended);
    Narration.stepEnded(execution, step, ended, false, now, effects);
    goOn(execution, step, now, effects);
  }

  /** The steps behind this one were handed out with it and will not be run by that command. */
  static void takeBackSegment(Execution execution, int ended, Instant now) {
    for (int next = queuedDependent(execution, ended); next >= 0; ) {
      takeBack(execution, next, now);
      next = queuedDependent(execution, next);
    }
  }

  static void takeBack(Execution execution, int step, Instant now) {
    StepStatus why =
        execution.definition(step).repeatPolicy() == null
            ? StepStatus.RETRYING
            : StepStatus.REPEATING;
    execution.set(step, ((Queued) execution.state(step)).takeBack(now, why));
    if (execution.stop() != null) {
      Ending.cancelPending(execution, step, now);
    }
  }

  static int queuedDependent(Execution execution, int step) {
    for (int dependent : execution.accepted().graph().dependents(step)) {
      if (execution.state(dependent) instanceof Queued) {
        return dependent;
      }
    }
    return -1;
  }
}
