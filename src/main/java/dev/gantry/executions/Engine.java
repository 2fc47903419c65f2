package dev.gantry.executions;

import dev.gantry.executions.Execution.Stop;
import dev.gantry.executions.StepState.Delegated;
import dev.gantry.executions.StepState.Ended;
import dev.gantry.executions.StepState.Queued;
import dev.gantry.executions.StepState.Running;
import dev.gantry.executions.StepState.Waiting;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.HoldSteps;
import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.executions.protocol.StepEvent.CancelRequested;
import dev.gantry.executions.protocol.StepEvent.ChildEnded;
import dev.gantry.executions.protocol.StepEvent.Decided;
import dev.gantry.executions.protocol.StepEvent.PauseRequested;
import dev.gantry.executions.protocol.StepEvent.ResumeRequested;
import dev.gantry.executions.protocol.StepEvent.RetryRequested;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepEvent.StepReturned;
import dev.gantry.executions.protocol.StepEvent.StepStarted;
import dev.gantry.executions.protocol.StepEvent.StepWaits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

  /**
   * How long the engine waits for the end of executions that do steps, once they were asked to end.
   * They do so by themselves; this only bounds what follows from a fault.
   */
  static final Duration CHILD_PATIENCE = Duration.ofHours(1);

  /** How much longer than its timeout a step may go unreported. */
  static final Duration STEP_SLACK = Duration.ofSeconds(30);

  private Engine() {}

  /** The longest that an execution waits for a place. */
  static final Duration QUEUE_PATIENCE = Duration.ofDays(7);

  /** The execution is new: it begins, or waits for a place in its queues. */
  static void accept(Execution execution, Instant now, Effects effects) {
    if (execution.accepted().limits().isNone()) {
      execution.enter(ExecutionStatus.RUNNING);
      begin(execution, now, effects);
    } else {
      execution.enter(ExecutionStatus.QUEUED);
      Narration.queued(execution, now, effects);
    }
  }

  /** Tells that it runs and hands out the first steps. */
  private static void begin(Execution execution, Instant now, Effects effects) {
    Narration.started(execution, now, effects);
    var definition = execution.accepted().definition();
    String unmet = Conditions.unmet(definition.preconditions(), execution);
    if (unmet == null) {
      Progress.dispatch(execution, execution.ready(), now, effects);
    } else {
      for (int step = 0; step < execution.size(); step++) {
        Progress.skip(
            execution, step, "not run, because the workflow's precondition " + unmet, now);
      }
    }
  }

  /**
   * Applies one message; what is out of date changes nothing.
   *
   * @param disruptions how many attempts of a step are made up for that the platform has ended
   */
  static void apply(
      Execution execution, StepEvent event, int disruptions, Instant now, Effects effects) {
    if (execution.status().terminal()) {
      return;
    }
    if (event instanceof StepStarted started) {
      started(execution, started, now, effects);
    } else if (event instanceof StepFinished finished) {
      finished(execution, finished, disruptions, now, effects);
    } else if (event instanceof StepWaits waits) {
      waits(execution, waits);
    } else if (event instanceof StepReturned returned) {
      returned(execution, returned, now, effects);
    } else if (event instanceof ChildEnded ended) {
      childEnded(execution, ended, now, effects);
    } else if (event instanceof Decided decided) {
      decided(execution, decided, now, effects);
    } else if (event instanceof RetryRequested retry) {
      retry(execution, retry, now, effects);
    } else if (event instanceof PauseRequested) {
      pause(execution, now, effects);
    } else if (event instanceof ResumeRequested) {
      resume(execution, now, effects);
    } else if (event instanceof CancelRequested cancel) {
      String reason = "cancelled by " + cancel.requestedBy();
      Ending.stop(execution, ExecutionStatus.CANCELLED, reason, now, effects);
    }
  }

  /** Time has passed: deadlines, waits, runners that did not answer. */
  static void tick(Execution execution, Instant now, Effects effects) {
    if (execution.status().terminal()) {
      return;
    }
    if (execution.isQueued()) {
      tickQueued(execution, now, effects);
      return;
    }
    Stop stop = execution.stop();
    if (execution.everyStepEnded()) {
      Ending.endOverdueSteps(execution, now, effects);
      Ending.giveUpOnChildren(execution, now, effects);
      Progress.queueDue(execution, now, effects);
    } else if (stop == null && !now.isBefore(execution.deadline())) {
      String reason = Narration.timedOut(execution);
      Ending.stop(execution, ExecutionStatus.TIMED_OUT, reason, now, effects);
    } else if (stop != null && !now.isBefore(stop.requestedAt().plus(GRACE).plus(PATIENCE))) {
      Ending.giveUpOnRunner(execution, now, effects);
      Ending.giveUpOnChildren(execution, now, effects);
    } else if (stop == null) {
      Ending.endOverdueSteps(execution, now, effects);
      Progress.queueDue(execution, now, effects);
    }
  }

  private static void tickQueued(Execution execution, Instant now, Effects effects) {
    if (execution.admittedAt() != null) {
      execution.run();
      begin(execution, now, effects);
    } else if (!now.isBefore(execution.accepted().createdAt().plus(QUEUE_PATIENCE))) {
      Ending.stop(execution, ExecutionStatus.TIMED_OUT, Narration.neverAdmitted(), now, effects);
    }
  }

  /** When {@link #tick} has something to do; null once the execution is terminal. */
  static Instant nextWake(Execution execution) {
    if (execution.status().terminal()) {
      return null;
    }
    if (execution.isQueued()) {
      return execution.admittedAt() == null
          ? execution.accepted().createdAt().plus(QUEUE_PATIENCE)
          : execution.admittedAt();
    }
    boolean handling = execution.everyStepEnded();
    if (execution.stop() != null && !handling) {
      Duration patience =
          execution.active().hasNext() ? GRACE.plus(PATIENCE) : Ending.patience(execution);
      return execution.stop().requestedAt().plus(patience);
    }
    Instant wake = handling ? null : execution.deadline();
    for (PrimitiveIterator.OfInt it = execution.waiting(); it.hasNext(); ) {
      Waiting waiting = (Waiting) execution.state(it.nextInt());
      boolean held = execution.isPaused() && !waiting.isForAPerson();
      wake = held || waiting.until() == null ? wake : earlier(wake, waiting.until());
    }
    for (PrimitiveIterator.OfInt it = execution.active(); it.hasNext(); ) {
      Instant overdue = Ending.overdueAt(execution, it.nextInt());
      wake = overdue == null ? wake : earlier(wake, overdue);
    }
    for (PrimitiveIterator.OfInt it = execution.delegated(); it.hasNext(); ) {
      Instant givenUp = Ending.givenUpAt(execution, it.nextInt());
      wake = givenUp == null ? wake : earlier(wake, givenUp);
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
      execution.set(event.step(), queued.start(event, now));
      execution.know(event.step(), execution.facts(event.step()).and(event.phases()));
      Narration.stepStarted(execution, event.step(), now, effects);
    }
  }

  private static void waits(Execution execution, StepWaits event) {
    if (execution.state(event.step()) instanceof Queued queued
        && queued.attempt() == event.attempt()) {
      StepFacts facts = execution.facts(event.step());
      execution.know(event.step(), facts.waiting(event.reason(), event.phases()));
    }
  }

  private static void finished(
      Execution execution, StepFinished event, int disruptions, Instant now, Effects effects) {
    StepState state = execution.state(event.step());
    if (state.attempt() != event.attempt()) {
      return;
    }
    Ended ended;
    if (state instanceof Queued queued) {
      // The report of the start was lost or overtaken; tell it, so that subscribers see both.
      Narration.stepStarted(execution, event.step(), now, effects);
      ended = queued.end(event, now);
    } else if (state instanceof Running running) {
      ended = running.end(event, now);
    } else {
      return;
    }
    if (!event.continues()) {
      Progress.takeBackSegment(execution, event.step(), now);
    }
    execution.know(event.step(), execution.facts(event.step()).and(event.phases()));
    Waiting next = Disruption.next(execution, event, ended, disruptions, now);
    if (next == null) {
      Ended judged = Disruption.judged(execution, event, ended);
      Progress.settle(execution, event.step(), judged, now, effects);
    } else {
      execution.know(event.step(), execution.facts(event.step()).disrupted());
      execution.set(event.step(), next);
      Narration.stepEnded(execution, event.step(), ended, true, now, effects);
    }
  }

  private static void childEnded(
      Execution execution, ChildEnded event, Instant now, Effects effects) {
    if (execution.state(event.step()) instanceof Delegated delegated
        && delegated.attempt() == event.attempt()) {
      Progress.settle(execution, event.step(), delegated.end(event), now, effects);
    }
  }

  /** The runner did not begin the step, and knows nothing of it any more. */
  private static void returned(
      Execution execution, StepReturned event, Instant now, Effects effects) {
    if (execution.state(event.step()) instanceof Queued queued && queued.isOf(event)) {
      Progress.takeBack(execution, event.step(), now);
      Progress.takeBackSegment(execution, event.step(), now);
      goOn(execution, now, effects);
    }
  }

  private static void goOn(Execution execution, Instant now, Effects effects) {
    if (execution.stop() == null) {
      Progress.dispatch(execution, execution.ready(), now, effects);
      Progress.queueDue(execution, now, effects);
    }
    Progress.finishIfDone(execution, now, effects);
  }

  private static void decided(Execution execution, Decided event, Instant now, Effects effects) {
    if (execution.state(event.step()) instanceof Waiting waiting && waiting.isForAPerson()) {
      Ended ended =
          event.approved()
              ? waiting.approve(Approvals.output(event), now)
              : waiting.refuse(StepStatus.FAILED, Narration.rejected(event), now);
      Progress.decide(execution, event.step(), ended, now, effects);
    }
  }

  private static void retry(
      Execution execution, RetryRequested event, Instant now, Effects effects) {
    if (Progress.canReopen(execution, event.step())) {
      Progress.reopen(execution, event.step(), now);
      Progress.dispatch(execution, List.of(), now, effects);
    }
  }

  /** Nothing more begins; the runner gives back what it has not begun. */
  private static void pause(Execution execution, Instant now, Effects effects) {
    if (execution.isQueued()
        || execution.isPaused()
        || execution.stop() != null
        || execution.everyStepEnded()) {
      return;
    }
    execution.pause();
    Narration.paused(execution, now, effects);
    List<AttemptRef> unbegun = new ArrayList<>();
    for (PrimitiveIterator.OfInt it = execution.active(); it.hasNext(); ) {
      int step = it.nextInt();
      if (execution.state(step) instanceof Queued queued) {
        unbegun.add(new AttemptRef(step, queued.attempt()));
      }
    }
    if (!unbegun.isEmpty()) {
      effects.command(execution, new HoldSteps(execution.accepted().id(), unbegun));
    }
  }

  private static void resume(Execution execution, Instant now, Effects effects) {
    if (execution.isPaused()) {
      execution.run();
      Narration.resumed(execution, now, effects);
      goOn(execution, now, effects);
    }
  }
}
