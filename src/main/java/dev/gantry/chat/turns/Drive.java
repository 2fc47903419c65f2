package dev.gantry.chat.turns;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.gantry.chat.turns.Entry.Answered;
import dev.gantry.chat.turns.Entry.Asked;
import dev.gantry.chat.turns.Entry.Budgets;
import dev.gantry.chat.turns.Entry.Ended;
import dev.gantry.chat.turns.Entry.Prompted;
import dev.gantry.chat.turns.TurnStore.Taken;
import dev.gantry.executions.AgentSteps.AgentStep;
import dev.gantry.executions.protocol.StepEvent.ChildEnded;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.http.ApiException;
import dev.gantry.models.ModelAnswer;
import dev.gantry.models.ModelFailure;
import dev.gantry.platform.Ids;
import dev.gantry.resources.Fields;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Goes on with one turn that was taken, for as long as there is something to do: reads what is
 * stored, does what follows from it, stores what came of that, and looks again. Lets go of it when
 * it waits for tools or people.
 *
 * <pre>
 *   asked ─prompt→ prompted ─ask→ answered ┬─ no calls ──────────→ ended
 *                      ↑                   └─ called ─(decided)─┐
 *                      └──────────── ask ── returned ←──────────┘
 * </pre>
 *
 * <p>Never blocks.
 */
final class Drive {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Turns turns;
  private final Taken turn;
  private UniEmitter<? super ModelAnswer> asking;
  private boolean lost;

  Drive(Turns turns, Taken turn) {
    this.turns = turns;
    this.turn = turn;
  }

  Taken turn() {
    return turn;
  }

  /** The turn is another's: what was begun here comes to nothing. */
  private static final class LostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LostException() {
      super("another process has taken the turn", null, false, false);
    }
  }

  static boolean isLoss(Throwable failure) {
    return failure instanceof LostException;
  }

  /** There is something that the model's answer is not to be waited for. Any thread. */
  synchronized void interrupt() {
    if (asking != null) {
      asking.complete(null);
    }
  }

  /** The lease has gone. Any thread. */
  synchronized void lose() {
    lost = true;
    interrupt();
  }

  /** Completes when the turn has ended, or was let go of; fails when it is another's. */
  Uni<Void> run() {
    return Uni.createFrom()
        .deferred(this::view)
        .chain(this::act)
        .chain(goOn -> goOn ? run() : Uni.createFrom().voidItem());
  }

  private Uni<View> view() {
    if (lost) {
      return Uni.createFrom().failure(new LostException());
    }
    return turns
        .steps()
        .find(turn.execution())
        .map(Optional::orElseThrow)
        .chain(
            step ->
                turns
                    .store()
                    .transcript(turn.execution())
                    .map(transcript -> new View(step, transcript, turns.now())));
  }

  /** Whether to go on at once. */
  private Uni<Boolean> act(View view) {
    if (view.step().ended()) {
      return close(view.step(), view.transcript().length()).replaceWith(false);
    }
    if (!view.step().running()) {
      return release(view.now().plus(SOON), false);
    }
    if (view.step().stop() != null) {
      return wind(view, Outcome.CANCELLED, view.step().stop());
    }
    Budgets budgets =
        view.transcript().prompted().map(Prompted::budgets).orElseGet(turns.prompts()::budgets);
    Instant began = view.began();
    Optional<Overrun> overrun =
        Overrun.of(view.transcript(), budgets, began, view.step().depth(), view.now());
    if (overrun.isPresent()) {
      return wind(view, overrun.get().outcome(), overrun.get().reason());
    }
    if (view.transcript().prompted().isEmpty()) {
      return prompt(view);
    }
    if (!view.transcript().open().isEmpty()) {
      return calls(view, budgets);
    }
    return view.transcript()
        .lastWord()
        .map(answer -> answered(view, answer))
        .orElseGet(() -> ask(view, Overrun.left(view.transcript(), budgets, began, view.now())));
  }

  private Uni<Boolean> append(View view, List<? extends Entry> entries) {
    return turns
        .store()
        .append(turn, view.transcript().length(), entries)
        .map(
            added -> {
              if (!added) {
                throw new LostException();
              }
              return true;
            });
  }

  private Uni<Boolean> prompt(View view) {
    Asked asked = view.transcript().asked().orElseThrow();
    return turns
        .prompts()
        .of(turn, view.step(), asked)
        .chain(prompted -> append(view, List.of(prompted)))
        .onFailure(Drive::isRefusal)
        .recoverWithUni(refused -> finish(view, Outcome.FAILED, explained(refused), null));
  }

  private static boolean isRefusal(Throwable failure) {
    return failure instanceof ModelFailure
        || (failure instanceof ApiException refused && refused.status() < 500);
  }

  private static String explained(Throwable refused) {
    return refused instanceof ApiException api ? api.explained() : refused.getMessage();
  }

  private Uni<Boolean> ask(View view, Duration left) {
    Prompted prompted = view.transcript().prompted().orElseThrow();
    Uni<ModelAnswer> answer = turns.answers().next(turn.organization(), view.transcript());
    return Uni.combine()
        .any()
        .of(answer, interrupted())
        .ifNoItem()
        .after(left)
        .recoverWithItem((ModelAnswer) null)
        .chain(came -> came == null ? Uni.createFrom().item(true) : keep(view, prompted, came))
        .onFailure(Drive::isRefusal)
        .recoverWithUni(refused -> finish(view, Outcome.FAILED, explained(refused), null));
  }

  /** Completes with null when the answer is not to be waited for. */
  private Uni<ModelAnswer> interrupted() {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              synchronized (this) {
                asking = emitter;
                if (lost) {
                  interrupt();
                }
              }
            });
  }

  private Uni<Boolean> keep(View view, Prompted prompted, ModelAnswer came) {
    ModelAnswer answer = Calls.withIds(came, view.transcript());
    return turns
        .calls()
        .judge(turn.organization(), prompted, answer.calls())
        .chain(
            called -> {
              List<Entry> entries = new ArrayList<>();
              entries.add(new Answered(answer));
              entries.addAll(called);
              return append(view, entries);
            });
  }

  /** The model has said its last word. */
  private Uni<Boolean> answered(View view, ModelAnswer answer) {
    if (answer.finish().equals("content_filter")) {
      String why = "the model's provider has held its answer back (content_filter)";
      return finish(view, Outcome.FAILED, why, null);
    }
    if (view.step().action().json() && !isObject(answer.text())) {
      return finish(view, Outcome.FAILED, "the model's answer is no JSON object", null);
    }
    return finish(view, Outcome.COMPLETED, null, answer.text());
  }

  private static boolean isObject(String text) {
    try {
      return Stored.JSON.readTree(text).isObject();
    } catch (JsonProcessingException malformed) {
      return false;
    }
  }

  private Uni<Boolean> calls(View view, Budgets budgets) {
    return turns
        .openCalls()
        .next(view)
        .chain(
            next ->
                next.entries().isEmpty()
                    ? rest(view, budgets, next.running())
                    : append(view, next.entries()));
  }

  private Uni<Boolean> rest(View view, Budgets budgets, boolean running) {
    Duration left = Overrun.left(view.transcript(), budgets, view.began(), view.now());
    Instant until =
        view.transcript().undecided().stream()
            .map(call -> view.deadline(call, turns.config().approvalTimeout()))
            .min(Instant::compareTo)
            .orElse(view.now().plus(left));
    return release(until, running);
  }

  private Uni<Boolean> release(Instant lookAt, boolean calls) {
    return turns.store().release(turn, lookAt, calls).replaceWith(false);
  }

  /** Ends what it has called, and then itself. */
  private Uni<Boolean> wind(View view, Outcome outcome, String reason) {
    return turns
        .steps()
        .calls(turn.execution())
        .map(calls -> calls.stream().filter(call -> !call.ended()).toList())
        .chain(
            open ->
                open.isEmpty()
                    ? finish(view, outcome, reason, null)
                    : Multi.createFrom()
                        .iterable(open)
                        .onItem()
                        .transformToUniAndConcatenate(
                            call -> turns.steps().cancel(view.step(), call.execution()))
                        .collect()
                        .asList()
                        .chain(asked -> release(view.now().plus(SOON), true)));
  }

  /** The engine ends the execution first: whoever reads the last entry finds it ended. */
  private Uni<Boolean> finish(View view, Outcome outcome, String error, String response) {
    return turns
        .steps()
        .end(turn.execution(), outcome, error, output(response))
        .chain(() -> turns.steps().find(turn.execution()))
        .map(Optional::orElseThrow)
        .chain(step -> ended(step, view.transcript().length(), response))
        .replaceWith(false);
  }

  /** What an execution keeps of it. */
  private static String output(String response) {
    return response == null || Fields.bytes(response) <= ChildEnded.MAX_OUTPUT_BYTES
        ? response
        : Results.cut(response, ChildEnded.MAX_OUTPUT_BYTES - 100);
  }

  /** The engine has ended the execution by itself, or somebody who has died since. */
  private Uni<Void> close(AgentStep step, int length) {
    return ended(step, length, step.output());
  }

  private Uni<Void> ended(AgentStep step, int length, String response) {
    Ended ended = new Ended(step.status(), step.completed() ? response : null, step.error());
    return turns
        .store()
        .end(turn, length, ended, Ids.next(turns.now()))
        .invoke(
            added -> {
              if (!added) {
                throw new LostException();
              }
            })
        .replaceWithVoid();
  }
}
