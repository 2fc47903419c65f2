package dev.gantry.runner;

import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.RunnerCommand.HoldSteps;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepEvent.StepReturned;
import dev.gantry.executions.protocol.StepEvent.StepStarted;
import dev.gantry.executions.protocol.StepEvent.StepWaits;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepPhases;
import dev.gantry.executions.protocol.StepSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * The life of one {@link RunSteps}: run a step, report it, go on when Kafka has acknowledged the
 * report of a completed one, stop after any other. Begun again after a restart or a redelivery it
 * walks the same way: what has a report is told again, what runs is adopted, the rest is run.
 *
 * <p>All methods may be called on any thread that may block.
 */
final class Segment {
  private static final Logger LOG = Logger.getLogger(Segment.class);

  /** A program that ends sooner is told of once: the report of its end says when it began. */
  private static final Duration UNTOLD = Duration.ofMillis(20);

  private final AttemptKey first;
  private final int partition;
  private final RunnerContext context;
  private final Consumer<Segment> whenOver;
  private final Serial serial = new Serial();
  private final Map<String, String> variables = new HashMap<>();
  private final Map<AttemptRef, CancelSteps> cancels = new HashMap<>();
  private RunSteps command;
  private int at;
  private boolean begun;
  private boolean ending;
  private boolean continues;
  private boolean left;
  private Attempt current;
  private CompletableFuture<StepGrants> asked;

  /**
   * @param partition of the topic of commands, that it came from
   * @param whenOver called once, when the last report is acknowledged
   */
  Segment(RunSteps command, int partition, RunnerContext context, Consumer<Segment> whenOver) {
    this.command = command;
    this.partition = partition;
    this.first = key(command.steps().get(0));
    this.context = context;
    this.whenOver = whenOver;
    if (command.variables() != null) {
      variables.putAll(command.variables());
    }
    for (StepSpec step : command.steps()) {
      context.ledger().cancelOf(key(step)).ifPresent(c -> cancels.put(key(step).ref(), c));
    }
  }

  /** The attempt that it begins with, its identity. */
  AttemptKey first() {
    return first;
  }

  int partition() {
    return partition;
  }

  /** There is a slot: go. */
  void begin() {
    serial.run(
        () -> {
          if (!begun) {
            begun = true;
            next();
          }
        });
  }

  /** Ends the attempts named, and runs none of them that has not begun. */
  void cancel(CancelSteps cancel) {
    serial.run(
        () -> {
          cancel.attempts().forEach(attempt -> cancels.put(attempt, cancel));
          if (!begun && cancelled(at) != null) {
            // It waits for a slot, and needs none to be told as cancelled.
            begun = true;
            next();
          } else if (asked != null && cancelled(at) != null) {
            asked.cancel(false);
          } else if (current != null) {
            cancelCurrent();
          }
        });
  }

  /**
   * Begins none of the attempts named, and keeps that in mind.
   *
   * @return completes when they are told or kept as not to be run
   */
  CompletableFuture<Void> hold(HoldSteps hold) {
    CompletableFuture<Void> held = new CompletableFuture<>();
    serial.run(
        () -> {
          try {
            holdFrom(firstOf(hold), held);
          } catch (RuntimeException e) {
            held.completeExceptionally(e);
          }
        });
    return held;
  }

  private void holdFrom(int place, CompletableFuture<Void> held) {
    // What has been told to go on is let go on: the engine counts on it.
    int keep = Math.max(place, at + (isInHand() ? 1 : 0) + (ending && continues ? 1 : 0));
    if (keep >= command.steps().size()) {
      held.complete(null);
    } else if (keep > at) {
      command = first(keep);
      context.ledger().keep(command);
      held.complete(null);
    } else {
      giveBack(held);
    }
  }

  private int firstOf(HoldSteps hold) {
    for (int i = at; i < command.steps().size(); i++) {
      if (hold.attempts().contains(key(command.steps().get(i)).ref())) {
        return i;
      }
    }
    return command.steps().size();
  }

  private boolean isInHand() {
    return current != null || ending || context.backend().holds(key(command.steps().get(at)));
  }

  private RunSteps first(int count) {
    return command.with(command.steps().subList(0, count));
  }

  /** Nothing of the step has begun: another command may bring it again. */
  private void giveBack(CompletableFuture<Void> held) {
    begun = true;
    ending = true;
    if (asked != null) {
      asked.cancel(false);
    }
    context
        .send(returned(command, command.steps().get(at)))
        .thenRunAsync(
            () ->
                serial.run(
                    () -> {
                      over();
                      held.complete(null);
                    }),
            context.workers());
  }

  /** Another process goes on with it. */
  void leave() {
    serial.run(
        () -> {
          if (!left) {
            left = true;
            begun = true;
            ending = true;
            if (asked != null) {
              asked.cancel(false);
            }
            if (current != null) {
              current.leave();
            }
            whenOver.accept(this);
          }
        });
  }

  static StepReturned returned(RunSteps command, StepSpec step) {
    return new StepReturned(
        command.executionId(), step.index(), step.attempt(), command.issuedAt());
  }

  private void over() {
    context.ledger().release(command);
    whenOver.accept(this);
  }

  private void next() {
    StepSpec step = command.steps().get(at);
    ending = false;
    Optional<StepFinished> told = context.ledger().reportOf(key(step));
    if (told.isPresent()) {
      ending = true;
      continues = told.get().continues();
      report(told.get());
    } else if (cancelled(at) != null && !context.backend().holds(key(step))) {
      ended(AttemptEnd.neverStarted(Outcome.CANCELLED, cancelled(at).reason(), Instant.now()));
    } else if (step.granted()
        && !(context.backend().holds(key(step)) && context.backend().keepsGrants())) {
      ask(step);
    } else if (!context.closing()) {
      run(step, StepGrants.NONE);
    }
  }

  private void ask(StepSpec step) {
    asked = context.grants().of(key(step));
    CompletionStage<StepGrants> answer = asked;
    answer.whenCompleteAsync(
        (grants, refusal) -> serial.run(() -> answered(step, grants, refusal)), context.workers());
  }

  private void answered(StepSpec step, StepGrants grants, Throwable refusal) {
    asked = null;
    if (ending) {
      return;
    }
    if (cancelled(at) != null && !context.backend().holds(key(step))) {
      ended(AttemptEnd.neverStarted(Outcome.CANCELLED, cancelled(at).reason(), Instant.now()));
    } else if (refusal instanceof GrantsRefusedException refused) {
      ended(AttemptEnd.neverStarted(refused.outcome(), refused.getMessage(), Instant.now()));
    } else if (refusal != null) {
      LOG.errorf(refusal, "what attempt %s is granted could not be asked", key(step));
      ended(AttemptEnd.neverStarted(Outcome.INFRASTRUCTURE, refusal.toString(), Instant.now()));
    } else if (!context.closing()) {
      run(step, grants);
    }
  }

  private void run(StepSpec step, StepGrants grants) {
    try {
      current =
          context
              .backend()
              .run(
                  AttemptRequest.of(command, at, Map.copyOf(variables), grants),
                  new Listener(key(step)));
      cancelCurrent();
    } catch (RuntimeException e) {
      LOG.errorf(e, "attempt %s could not be run", key(step));
      ended(AttemptEnd.neverStarted(Outcome.INFRASTRUCTURE, e.toString(), Instant.now()));
    }
  }

  private void cancelCurrent() {
    CancelSteps cancel = cancelled(at);
    if (cancel != null && !ending) {
      current.cancel(cancel.reason(), Duration.ofMillis(cancel.graceMillis()));
    }
  }

  private CancelSteps cancelled(int index) {
    return cancels.get(key(command.steps().get(index)).ref());
  }

  private void ended(AttemptEnd end) {
    if (ending) {
      return;
    }
    ending = true;
    boolean more = at + 1 < command.steps().size() && cancelled(at + 1) == null;
    StepFinished report =
        end.report(key(command.steps().get(at)), more && end.outcome() == Outcome.COMPLETED);
    continues = report.continues();
    context.ledger().keep(report);
    report(report);
  }

  private void report(StepFinished report) {
    context
        .send(report)
        .thenRunAsync(() -> serial.run(() -> acknowledged(report)), context.workers());
  }

  private void acknowledged(StepFinished report) {
    current = null;
    if (left) {
      return;
    }
    if (!report.continues() || at + 1 >= command.steps().size()) {
      over();
      return;
    }
    String variable = command.steps().get(at).output();
    if (variable != null) {
      variables.put(variable, report.output() == null ? "" : report.output());
    }
    at++;
    next();
  }

  private AttemptKey key(StepSpec step) {
    return new AttemptKey(command.executionId(), step.index(), step.attempt());
  }

  /** Tells the segment of one attempt. */
  private final class Listener implements AttemptListener {
    private final AttemptKey key;
    private boolean over;

    Listener(AttemptKey key) {
      this.key = key;
    }

    @Override
    public void waits(String reason, StepPhases phases) {
      serial.run(
          () -> tell(new StepWaits(key.executionId(), key.step(), key.attempt(), reason, phases)));
    }

    @Override
    public void started(Instant startedAt, StepPhases phases) {
      StepStarted event =
          new StepStarted(
              key.executionId(),
              key.step(),
              key.attempt(),
              context.runnerName(),
              startedAt,
              phases);
      CompletableFuture.delayedExecutor(UNTOLD.toNanos(), TimeUnit.NANOSECONDS, context.workers())
          .execute(() -> serial.run(() -> tell(event)));
    }

    /** Not awaited: the same producer and key keep it before the report of the end. */
    private void tell(StepEvent event) {
      if (!over && !left && !context.closing()) {
        context.send(event);
      }
    }

    @Override
    public void ended(AttemptEnd end) {
      serial.run(
          () -> {
            over = true;
            Segment.this.ended(end);
          });
    }
  }
}
