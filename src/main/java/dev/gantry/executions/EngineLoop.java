package dev.gantry.executions;

import dev.gantry.executions.ExecutionStore.Change;
import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepEvent.StepStarted;
import dev.gantry.executions.protocol.StepEvent.StepWaits;
import dev.gantry.messaging.Outbox;
import dev.gantry.messaging.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Where executions move: takes what waits, applies it, saves all of it in one statement, and only
 * then says that it is done. Everything that waits while a save is under way goes into the next
 * one, so that the cost of a commit is shared exactly when there is much to do. What only tells of
 * a step amid its segment waits a moment for more of its kind: nothing is to be decided about it.
 *
 * <p>Runs on one event loop, never blocks. A database that is away is waited for; nothing is
 * skipped.
 */
@ApplicationScoped
class EngineLoop {
  private static final Logger LOG = Logger.getLogger(EngineLoop.class);
  private static final int MAX_STEPS_IN_MEMORY = 200_000;
  private static final int MAX_BATCH = 1_000;
  private static final Duration GATHERING = Duration.ofMillis(10);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);

  private final Context loop;
  private final ExecutionStore store;
  private final Outbox outbox;
  private final Topics topics;
  private final ExecutionEnds ends;
  private final MeterRegistry metrics;
  private final int disruptions;

  private final LiveExecutions live = new LiveExecutions(MAX_STEPS_IN_MEMORY);
  private final List<Work> waiting = new ArrayList<>();
  private Runnable whenPlaceLeft = () -> {};
  private final List<Runnable> whenDelegated = new CopyOnWriteArrayList<>();
  private boolean busy;
  private boolean gathering;
  private int failures;

  /**
   * One thing to apply.
   *
   * @param event null = the time has come
   * @param now what the engine takes as the time
   * @param done told once it is committed, or that the execution does not exist, or that it failed
   */
  record Work(UUID executionId, StepEvent event, Instant now, Consumer<Result> done) {
    /** Nobody waits for what follows from it: the runner goes on by itself. */
    boolean canWait() {
      return event instanceof StepStarted
          || event instanceof StepWaits
          || (event instanceof StepFinished finished && finished.continues());
    }
  }

  /**
   * What became of a {@link Work}; {@code failure} is null unless the message itself is at fault.
   */
  record Result(boolean found, RuntimeException failure) {
    static final Result DONE = new Result(true, null);
    static final Result UNKNOWN = new Result(false, null);
  }

  EngineLoop(
      Vertx vertx,
      ExecutionStore store,
      Outbox outbox,
      Topics topics,
      ExecutionEnds ends,
      MeterRegistry metrics,
      @ConfigProperty(name = "gantry.engine.infrastructure-retries") int disruptions) {
    this.loop = vertx.getOrCreateContext();
    this.store = store;
    this.outbox = outbox;
    this.topics = topics;
    this.ends = ends;
    this.metrics = metrics;
    this.disruptions = disruptions;
  }

  /** Called when an execution has ended that held a place in a queue; only before any work. */
  void onPlaceLeft(Runnable listener) {
    whenPlaceLeft = listener;
  }

  /**
   * Called when a step has been left to another execution, or one that does so has moved; only
   * before any work.
   */
  void onDelegation(Runnable listener) {
    whenDelegated.add(listener);
  }

  private static boolean isDelegation(Execution execution) {
    return execution.delegated().hasNext()
        || (execution.accepted().parent() != null && execution.status().terminal());
  }

  /** Takes a new execution into memory, sparing the first read. Any thread. */
  void accepted(Execution execution) {
    if (isDelegation(execution)) {
      whenDelegated.forEach(Runnable::run);
    }
    loop.runOnContext(
        v -> {
          if (live.get(execution.accepted().id()) == null) {
            live.put(execution);
          }
        });
  }

  /** Completes with the result once the change is committed. Any thread. */
  Uni<Result> submit(UUID executionId, StepEvent event, Instant now) {
    return Uni.createFrom()
        .emitter(
            (UniEmitter<? super Result> emitter) ->
                loop.runOnContext(v -> take(new Work(executionId, event, now, emitter::complete))));
  }

  private void take(Work work) {
    waiting.add(work);
    if (!gathering || !work.canWait()) {
      proceed();
    }
  }

  /** Goes on now, or in a moment when all there is can wait for more to share its save. */
  private void proceed() {
    if (busy) {
      return;
    }
    if (waiting.stream().anyMatch(work -> !work.canWait())) {
      run();
    } else if (!waiting.isEmpty()) {
      gathering = true;
      loop.owner().setTimer(GATHERING.toMillis(), timer -> loop.runOnContext(v -> gathered()));
    }
  }

  private void gathered() {
    gathering = false;
    run();
  }

  private void run() {
    if (busy || waiting.isEmpty()) {
      return;
    }
    busy = true;
    List<Work> head = waiting.subList(0, Math.min(MAX_BATCH, waiting.size()));
    List<Work> batch = new ArrayList<>(head);
    head.clear();
    Map<UUID, List<Work>> byExecution = new LinkedHashMap<>();
    for (Work work : batch) {
      byExecution.computeIfAbsent(work.executionId(), id -> new ArrayList<>()).add(work);
    }
    fetch(byExecution)
        .chain(() -> applyAndSave(byExecution))
        .subscribe()
        .with(
            again -> loop.runOnContext(v -> next(again)),
            failure -> loop.runOnContext(v -> retry(byExecution, failure)));
  }

  private Uni<Void> fetch(Map<UUID, List<Work>> byExecution) {
    List<UUID> missing = live.missing(byExecution.keySet());
    if (missing.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return store
        .load(missing)
        .emitOn(command -> loop.runOnContext(v -> command.run()))
        .invoke(loaded -> loaded.forEach(live::put))
        .replaceWithVoid();
  }

  /** Answers the work that must be done again, since another writer was first. */
  private Uni<List<Work>> applyAndSave(Map<UUID, List<Work>> byExecution) {
    Map<UUID, Change> changes = new LinkedHashMap<>();
    byExecution.forEach((id, work) -> apply(id, work, changes));
    if (changes.isEmpty()) {
      byExecution.values().forEach(EngineLoop::done);
      return Uni.createFrom().item(List.of());
    }
    return store
        .save(changes.values())
        .emitOn(command -> loop.runOnContext(v -> command.run()))
        .map(saved -> saved(byExecution, changes, saved));
  }

  private void apply(UUID id, List<Work> work, Map<UUID, Change> changes) {
    Execution execution = live.get(id);
    if (execution != null && execution.isQueued()) {
      // Who admits it writes beside the engine: the next look is to be at what is stored.
      live.evict(id);
    }
    if (execution == null) {
      work.forEach(item -> item.done().accept(Result.UNKNOWN));
      work.clear();
      return;
    }
    Effects effects = new Effects(topics);
    try {
      for (Work item : work) {
        if (item.event() == null) {
          Engine.tick(execution, item.now(), effects);
        } else {
          Engine.apply(execution, item.event(), disruptions, item.now(), effects);
        }
      }
    } catch (RuntimeException e) {
      LOG.errorf(e, "execution %s cannot take a message", id);
      live.evict(id);
      work.forEach(item -> item.done().accept(new Result(true, e)));
      work.clear();
      return;
    }
    if (execution.isUnsaved() || !effects.messages().isEmpty()) {
      changes.put(id, new Change(execution, effects));
    } else if (work.stream().anyMatch(item -> item.event() == null)) {
      // The database says that its time has come, and what is in memory knows nothing of it:
      // another process has moved it on meanwhile, and may be gone by now.
      live.evict(id);
    }
  }

  private List<Work> saved(
      Map<UUID, List<Work>> byExecution, Map<UUID, Change> changes, Set<UUID> saved) {
    Set<UUID> conflicts = new HashSet<>(changes.keySet());
    conflicts.removeAll(saved);
    boolean told = false;
    boolean placeLeft = false;
    boolean delegation = false;
    for (UUID id : saved) {
      Change change = changes.get(id);
      change.execution().saved();
      delegation |= isDelegation(change.execution());
      told |= !change.effects().messages().isEmpty();
      if (change.execution().status().terminal()) {
        live.evict(id);
        ends.ended(id);
        placeLeft |= !change.execution().accepted().limits().isNone();
      }
    }
    if (told) {
      outbox.committed();
    }
    if (placeLeft) {
      whenPlaceLeft.run();
    }
    if (delegation) {
      whenDelegated.forEach(Runnable::run);
    }
    metrics.counter("gantry.engine.transitions").increment(saved.size());
    live.evictAll(conflicts);
    List<Work> again = new ArrayList<>();
    byExecution.forEach(
        (id, work) -> {
          if (conflicts.contains(id)) {
            again.addAll(work);
          } else {
            done(work);
          }
        });
    return again;
  }

  private static void done(Collection<Work> work) {
    work.forEach(item -> item.done().accept(Result.DONE));
  }

  private void next(List<Work> again) {
    failures = 0;
    busy = false;
    waiting.addAll(0, again);
    proceed();
  }

  private void retry(Map<UUID, List<Work>> byExecution, Throwable failure) {
    live.evictAll(byExecution.keySet());
    List<Work> again = new ArrayList<>();
    byExecution.values().forEach(again::addAll);
    waiting.addAll(0, again);
    failures++;
    long delay = Math.min(50L << Math.min(failures, 10), MAX_BACKOFF.toMillis());
    LOG.warnf("executions wait, retrying in %d ms: %s", delay, failure.toString());
    loop.owner()
        .setTimer(
            delay,
            timer ->
                loop.runOnContext(
                    v -> {
                      busy = false;
                      run();
                    }));
  }
}
