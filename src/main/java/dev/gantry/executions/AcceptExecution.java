package dev.gantry.executions;

import dev.gantry.database.DatabaseClock;
import dev.gantry.executions.Acceptance.Parent;
import dev.gantry.executions.ExecutionStore.Replayed;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.http.Actor;
import dev.gantry.http.IdempotencyKey;
import dev.gantry.messaging.Outbox;
import dev.gantry.messaging.TopicCatalog;
import dev.gantry.messaging.Topics;
import dev.gantry.platform.Ids;
import dev.gantry.resources.Fields;
import dev.gantry.resources.ReferenceCheck;
import dev.gantry.workflows.StepGraph;
import dev.gantry.workflows.WorkflowDefinition;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Accepts an execution: one statement stores it, its steps, the first commands and events. Once
 * this completes, it will run. Event loop, never blocks.
 */
@ApplicationScoped
class AcceptExecution {
  static final Duration DEFAULT_TIMEOUT = Duration.ofDays(7);

  private final ExecutionStore store;
  private final EngineLoop engine;
  private final Outbox outbox;
  private final Topics topics;
  private final TopicCatalog catalog;
  private final ReferenceCheck references;
  private final QueueLimits limits;
  private final Queueing queueing;
  private final DatabaseClock clock;

  AcceptExecution(
      ExecutionStore store,
      EngineLoop engine,
      Outbox outbox,
      Topics topics,
      TopicCatalog catalog,
      ReferenceCheck references,
      QueueLimits limits,
      Queueing queueing,
      DatabaseClock clock) {
    this.store = store;
    this.engine = engine;
    this.outbox = outbox;
    this.topics = topics;
    this.catalog = catalog;
    this.references = references;
    this.limits = limits;
    this.queueing = queueing;
    this.clock = clock;
  }

  /**
   * What to run, checked already.
   *
   * @param runner null = {@code default}
   * @param timeout zero = {@link #DEFAULT_TIMEOUT}
   * @param queues that it is to pass because somebody said so
   * @param priority of several that wait, more goes first
   * @param rerun what it takes over from another execution, or null
   */
  record Request(
      Kind kind,
      WorkflowDefinition definition,
      Map<String, String> variables,
      String source,
      String sourceType,
      String sourceCommit,
      String runner,
      Duration timeout,
      boolean saveTrace,
      List<String> queues,
      int priority,
      Rerun rerun) {

    /** The same, which passes this queue too. */
    Request through(String queue) {
      List<String> more = new ArrayList<>(queues);
      more.add(queue);
      return with(definition, runner, List.copyOf(more));
    }

    /** The same on another runner; null = {@code default}. */
    Request on(String other) {
      return with(definition, other, queues);
    }

    /** The same with its definition made complete. */
    Request running(WorkflowDefinition complete) {
      return with(complete, runner, queues);
    }

    private Request with(
        WorkflowDefinition otherDefinition, String otherRunner, List<String> otherQueues) {
      return new Request(
          kind,
          otherDefinition,
          variables,
          source,
          sourceType,
          sourceCommit,
          otherRunner,
          timeout,
          saveTrace,
          otherQueues,
          priority,
          rerun);
    }

    String runnerOrDefault() {
      return runner == null ? "default" : runner;
    }
  }

  /**
   * @param execution null when the idempotency key had made the execution before
   */
  record Accepted(UUID id, Execution execution) {}

  /** Answers the new execution, or the one that the idempotency key made before. */
  Uni<Accepted> accept(Request request, Actor actor, IdempotencyKey key) {
    return accept(request, actor, key, null);
  }

  /** The same behind a gate that is never shut. */
  Uni<Accepted> accept(Request request, Actor actor, IdempotencyKey key, Gate gate) {
    return stored(request, actor, key, gate)
        .chain(
            (Execution stored) ->
                stored == null
                    ? replayed(actor.organization(), key).map(before -> new Accepted(before, null))
                    : Uni.createFrom().item(new Accepted(stored.accepted().id(), stored)));
  }

  /** The execution that an idempotency key has made before, if any. */
  Uni<Optional<UUID>> before(UUID organization, IdempotencyKey key) {
    return store.used(organization, key).map(before -> before.map(replayed -> same(replayed, key)));
  }

  /** Answers the new execution; null when the gate is shut. */
  Uni<Execution> accept(Request request, Actor actor, Gate gate) {
    return stored(request, actor, null, gate);
  }

  /**
   * Accepts what does a step of another execution; nothing when it is there already. It passes only
   * queues that it names itself and no execution above it has a place of: what it waited for could
   * not end before it.
   */
  Uni<Execution> child(Request request, Actor actor, UUID id, Parent parent) {
    return check(request, actor.organization())
        .chain(() -> limits.names(actor.organization()))
        .chain(
            names ->
                store
                    .queuesAbove(parent.execution())
                    .map(held -> Limits.ofChild(request, names, held)))
        .chain(passed -> stored(request, passed, actor, new Place(id, parent), null, null));
  }

  /**
   * @param parent null = nobody's
   */
  private record Place(UUID id, Parent parent) {}

  /** What the request refers to exists; else fails with 400. */
  Uni<Void> check(Request request, UUID organization) {
    Fields fields = new Fields();
    return references
        .exist(organization, "runner", "runner", List.of(request.runnerOrDefault()), fields)
        .invoke(fields::check);
  }

  private Uni<Execution> stored(Request request, Actor actor, IdempotencyKey key, Gate gate) {
    return check(request, actor.organization())
        .chain(() -> limits.names(actor.organization()))
        .map(names -> Limits.of(request, names, queueing.limitsAll()))
        .chain(
            passed ->
                stored(request, passed, actor, new Place(Ids.next(clock.now()), null), key, gate));
  }

  private Uni<Execution> stored(
      Request request, Limits passed, Actor actor, Place place, IdempotencyKey key, Gate gate) {
    UUID organization = actor.organization();
    UUID id = place.id();
    Duration timeout = request.timeout().isZero() ? DEFAULT_TIMEOUT : request.timeout();
    // The id's own time, so that a list finds executions of a time by their ids.
    Instant now = Ids.time(id);
    Execution execution =
        new Execution(
            new Acceptance(
                id,
                request.kind(),
                organization,
                request.definition(),
                StepGraph.of(request.definition()),
                request.variables(),
                request.source(),
                request.sourceType(),
                request.sourceCommit(),
                request.runnerOrDefault(),
                timeout,
                request.saveTrace(),
                catalog.logPartition(id),
                now,
                request.rerun() == null ? null : request.rerun().of(),
                passed,
                place.parent(),
                actor.trace()));
    if (request.rerun() != null) {
      request.rerun().reused().forEach(execution::set);
    }
    Effects effects = new Effects(topics);
    Engine.accept(execution, now, effects);
    return store
        .accept(execution, effects, actor, key, gate)
        .map(accepted -> accepted ? begun(execution) : null);
  }

  private Execution begun(Execution execution) {
    outbox.committed();
    if (execution.isQueued()) {
      queueing.look();
    } else {
      execution.stored();
      engine.accepted(execution);
    }
    return execution;
  }

  private Uni<UUID> replayed(UUID organization, IdempotencyKey key) {
    return store.replayed(organization, key).map(before -> same(before, key));
  }

  private static UUID same(Replayed before, IdempotencyKey key) {
    if (!Arrays.equals(before.fingerprint(), key.fingerprint())) {
      throw IdempotencyKey.usedForAnotherRequest(key.key());
    }
    return before.executionId();
  }
}
