package dev.gantry.schedules;

import dev.gantry.executions.Gate;
import dev.gantry.executions.StartExecution;
import dev.gantry.executions.StartExecution.Ready;
import dev.gantry.executions.WorkflowHistory;
import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.schedules.SlotStore.Taken;
import dev.gantry.workflows.Timetable.CatchUp;
import dev.gantry.workflows.Timetable.Overlap;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Does what a turn says: moves the schedule on, and in the same transaction accepts the execution
 * or keeps why there is none. Event loop, never blocks.
 */
@ApplicationScoped
class Firing {
  /** What an execution is told of the slot that it was started for. */
  private static final String SCHEDULED_AT = "scheduled_at";

  /** Nothing was to be started. */
  private static final String NOT_DUE = "none";

  private final Pool pool;
  private final SlotStore store;
  private final StartExecution start;
  private final WorkflowHistory history;

  Firing(Pool pool, SlotStore store, StartExecution start, WorkflowHistory history) {
    this.pool = pool;
    this.store = store;
    this.start = start;
    this.history = history;
  }

  /** The queue that the executions of a schedule pass, one at a time. */
  static String queue(UUID schedule) {
    return "schedule:" + schedule;
  }

  /**
   * Fails when what it takes cannot be had now.
   *
   * @return what became of the slot; see {@link Slot}
   */
  Uni<String> of(Taken schedule, Turn turn) {
    return turn.fires().isEmpty()
        ? pool.withTransaction(transaction -> moved(transaction, schedule, turn))
            .replaceWith(turn.missed().isEmpty() ? NOT_DUE : Slot.MISSED)
        : fire(schedule, turn, turn.fires().get());
  }

  private Uni<String> fire(Taken schedule, Turn turn, Instant slot) {
    return start
        .check(schedule.organization(), schedule.request().with(SCHEDULED_AT, slot.toString()))
        .chain(ready -> start(schedule, turn, slot, ready))
        .onFailure(failure -> isLasting(failure, schedule))
        .recoverWithUni(
            failure -> failed(schedule, turn, slot, ((ApiException) failure).explained()));
  }

  /** It will be the same the next time, or there is none: a slot that is late is not caught up. */
  private static boolean isLasting(Throwable failure, Taken schedule) {
    return failure instanceof ApiException refused
        && refused.status() < 500
        && (!refused.mayPass() || schedule.when().catchup() == CatchUp.NONE);
  }

  private Uni<String> start(Taken schedule, Turn turn, Instant slot, Ready ready) {
    Actor actor = Actor.system(schedule.organization(), "schedule " + schedule.name());
    boolean alone = schedule.when().overlap() != Overlap.ALLOW;
    Gate gate =
        (transaction, execution) ->
            moved(transaction, schedule, turn)
                .chain(
                    moved ->
                        moved
                            ? decide(transaction, schedule, slot, ready, execution)
                            : Uni.createFrom().item(false));
    return start
        .start(ready, actor, alone ? queue(schedule.id()) : null, gate)
        .map(started -> started ? Slot.STARTED : Slot.SKIPPED);
  }

  /** Whether this process is the one that moves it on, and so the one that goes on. */
  private Uni<Boolean> moved(SqlConnection transaction, Taken schedule, Turn turn) {
    return store
        .move(transaction, schedule, turn)
        .call(
            moved ->
                moved && turn.missed().isPresent()
                    ? store.add(
                        transaction,
                        schedule.id(),
                        turn.missed().get(),
                        Slot.MISSED,
                        null,
                        "nothing could be started from "
                            + schedule.base()
                            + " on; catchup is "
                            + schedule.when().catchup().text())
                    : Uni.createFrom().voidItem());
  }

  /** Keeps what becomes of the slot; answers whether the execution is to be. */
  private Uni<Boolean> decide(
      SqlConnection transaction, Taken schedule, Instant slot, Ready ready, UUID execution) {
    return skipped(transaction, schedule, slot, ready)
        .call(
            why ->
                store.add(
                    transaction,
                    schedule.id(),
                    slot,
                    why.isPresent() ? Slot.SKIPPED : Slot.STARTED,
                    why.isPresent() ? null : execution,
                    why.orElse(null)))
        .map(Optional::isEmpty);
  }

  /** Why no execution is to be; empty when one is. */
  private Uni<Optional<String>> skipped(
      SqlConnection transaction, Taken schedule, Instant slot, Ready ready) {
    return overlaps(transaction, schedule)
        .chain(
            overlaps ->
                overlaps
                    ? Uni.createFrom()
                        .item(Optional.of("an execution of an earlier slot has not ended"))
                    : hasSucceeded(transaction, schedule, slot, ready)
                        .map(
                            succeeded ->
                                succeeded
                                    ? Optional.of("one has completed since the slot before")
                                    : Optional.empty()));
  }

  private Uni<Boolean> overlaps(SqlConnection transaction, Taken schedule) {
    return schedule.when().overlap() == Overlap.SKIP
        ? history.alive(transaction, schedule.organization(), queue(schedule.id()))
        : Uni.createFrom().item(false);
  }

  private Uni<Boolean> hasSucceeded(
      SqlConnection transaction, Taken schedule, Instant slot, Ready ready) {
    Optional<Instant> before = schedule.when().last(Instant.EPOCH, slot.minusNanos(1));
    return ready.skipsIfSuccessful() && before.isPresent()
        ? history.completed(transaction, schedule.organization(), ready.workflow(), before.get())
        : Uni.createFrom().item(false);
  }

  private Uni<String> failed(Taken schedule, Turn turn, Instant slot, String error) {
    return pool.withTransaction(
            transaction ->
                moved(transaction, schedule, turn)
                    .chain(
                        moved ->
                            moved
                                ? store.add(
                                    transaction, schedule.id(), slot, Slot.FAILED, null, error)
                                : Uni.createFrom().voidItem()))
        .replaceWith(Slot.FAILED);
  }
}
