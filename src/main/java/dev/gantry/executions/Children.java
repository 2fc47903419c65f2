package dev.gantry.executions;

import dev.gantry.executions.AcceptExecution.Request;
import dev.gantry.executions.Acceptance.Parent;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.executions.protocol.StepEvent.CancelRequested;
import dev.gantry.executions.protocol.StepEvent.ChildEnded;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.platform.Rounds;
import dev.gantry.workflows.Substitution;
import dev.gantry.workflows.WorkflowDefinition.Action;
import dev.gantry.workflows.WorkflowDefinition.Step;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Keeps executions and those that do steps of them in step: accepts a child that is missing, stops
 * one whose parent is being ended, or whose time as a handler is over, and tells the parent of its
 * end. Found by looking at what is stored, at once when this process learns of it and else soon, so
 * that nothing is lost with a process; a child's id follows from the attempt that it does, so that
 * it is made once. Never blocks.
 */
@ApplicationScoped
class Children {
  private static final Logger LOG = Logger.getLogger(Children.class);
  private static final Duration PERIOD = Duration.ofMillis(250);
  private static final int AT_ONCE = 20;

  /** How many executions may be above one another. */
  static final int MAX_DEPTH = 10;

  /** Locks the tables in the order in which retention does, which makes their partitions. */
  private static final String OUT_OF_STEP =
      """
      select s.execution_id, s.index, s.attempt, s.child_id, now() as now,
        its.stopping, c.id is not null as made, c.completed_at is not null as ended
      from executions p
      join execution_steps s on s.execution_id = p.id
      left join executions c on c.id = s.child_id
      cross join lateral (
        select coalesce(s.retry_at <= now(), p.stop_requested_at is not null) as stopping) its
      where s.child_id is not null and s.status = 'running' and p.kind <> 'CHAT'
        and case when c.id is null then p.status <> 'paused'
          else c.completed_at is not null
            or (its.stopping and c.stop_requested_at is null) end
      order by s.execution_id, s.index limit 500
      """;

  private final Rounds rounds;
  private final Pool pool;
  private final ExecutionStore store;
  private final EngineLoop engine;
  private final StartExecution start;
  private final AcceptExecution accept;
  private final boolean enabled;

  Children(
      Vertx vertx,
      Pool pool,
      ExecutionStore store,
      EngineLoop engine,
      StartExecution start,
      AcceptExecution accept,
      @ConfigProperty(name = "gantry.role.engine") boolean enabled) {
    this.rounds = new Rounds("steps of other executions", vertx, PERIOD, this::look);
    this.pool = pool;
    this.store = store;
    this.engine = engine;
    this.start = start;
    this.accept = accept;
    this.enabled = enabled;
    engine.onDelegation(rounds::look);
  }

  void start(@Observes StartupEvent event) {
    if (enabled) {
      rounds.start();
    }
  }

  void stop(@Observes ShutdownEvent event) {
    rounds.stop();
  }

  /**
   * An attempt and the execution that does it.
   *
   * @param stopping the child is to end: with the parent, or at the time that a handler has
   * @param made the child is there
   */
  private record Pair(
      UUID parent,
      int step,
      int attempt,
      UUID child,
      Instant now,
      boolean stopping,
      boolean made,
      boolean ended) {
    static Pair of(Row row) {
      return new Pair(
          row.getUUID("execution_id"),
          row.getInteger("index"),
          row.getInteger("attempt"),
          row.getUUID("child_id"),
          StepColumns.instant(row, "now"),
          row.getBoolean("stopping"),
          row.getBoolean("made"),
          row.getBoolean("ended"));
    }
  }

  private Uni<Void> look() {
    return pool.query(OUT_OF_STEP)
        .execute()
        .onItem()
        .transformToMulti(
            rows ->
                Multi.createFrom()
                    .items(StreamSupport.stream(rows.spliterator(), false).map(Pair::of)))
        .onItem()
        .transformToUni(this::inStep)
        .merge(AT_ONCE)
        .collect()
        .asList()
        .replaceWithVoid();
  }

  /** One that fails keeps the others from nothing. */
  private Uni<Void> inStep(Pair pair) {
    return bringInStep(pair)
        .onFailure()
        .recoverWithUni(
            failure -> {
              LOG.warnf(
                  "step %d of execution %s waits: %s",
                  pair.step(), pair.parent(), failure.toString());
              return Uni.createFrom().voidItem();
            });
  }

  private Uni<Void> bringInStep(Pair pair) {
    if (pair.ended()) {
      return store
          .load(List.of(pair.parent(), pair.child()))
          .chain(both -> tellEnd(pair, by(both, pair.parent()), by(both, pair.child())));
    }
    if (pair.made()) {
      String by = "workflow " + Kind.WORKFLOW.prefix() + pair.parent();
      return submit(pair, new CancelRequested(pair.child(), by, pair.now()));
    }
    return store.load(List.of(pair.parent())).chain(found -> make(pair, by(found, pair.parent())));
  }

  private static Execution by(List<Execution> executions, UUID id) {
    return executions.stream()
        .filter(each -> each.accepted().id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private Uni<Void> tellEnd(Pair pair, Execution parent, Execution child) {
    return submit(pair, ChildOutcome.of(parent, pair.step(), pair.attempt(), child));
  }

  private Uni<Void> submit(Pair pair, StepEvent event) {
    return engine.submit(event.executionId(), event, pair.now()).replaceWithVoid();
  }

  private Uni<Void> make(Pair pair, Execution parent) {
    if (pair.stopping()) {
      return pair.step() < parent.handlersFrom()
          ? refuse(pair, parent, Outcome.CANCELLED, parent.stop().reason())
          : refuse(pair, parent, Outcome.TIMED_OUT, Narration.tooLong());
    }
    int depth = parent.accepted().depth() + 1;
    if (depth > MAX_DEPTH) {
      return refuse(
          pair, parent, Outcome.FAILED, "workflows run each other more than 10 levels deep");
    }
    return Uni.createFrom()
        .deferred(() -> request(pair, parent))
        .chain(
            request ->
                request == null
                    ? submit(
                        pair,
                        ChildOutcome.ofNoItems(parent, pair.step(), pair.attempt(), pair.now()))
                    : accept(pair, parent, request, depth))
        .onFailure(failure -> failure instanceof ApiException refused && refused.status() < 500)
        .recoverWithUni(
            refused -> refuse(pair, parent, Outcome.FAILED, ((ApiException) refused).explained()))
        .onFailure(IllegalArgumentException.class)
        .recoverWithUni(wrong -> refuse(pair, parent, Outcome.FAILED, wrong.getMessage()));
  }

  private Uni<Void> refuse(Pair pair, Execution parent, Outcome outcome, String error) {
    ChildEnded ended =
        ChildOutcome.without(parent, pair.step(), pair.attempt(), outcome, error, pair.now());
    return submit(pair, ended);
  }

  private Uni<Void> accept(Pair pair, Execution parent, Request request, int depth) {
    Actor actor =
        Actor.system(
            parent.accepted().organizationId(),
            "workflow " + parent.accepted().publicId(),
            SpanIds.ofAttempt(parent.accepted(), pair.step(), pair.attempt()));
    Parent above = new Parent(pair.parent(), pair.step(), pair.attempt(), depth);
    return accept.child(request, actor, pair.child(), above).replaceWithVoid();
  }

  /** What the child is to be; null when there is nothing to do. */
  private Uni<Request> request(Pair pair, Execution parent) {
    Step step = parent.definition(pair.step());
    Map<String, String> variables = Dispatch.variables(parent, pair.step());
    if (step.action() instanceof Action.Run run) {
      return ofWorkflow(parent, step, run, variables);
    }
    if (step.action() instanceof Action.Agent agent) {
      return Uni.createFrom().item(() -> ofAgent(parent, step, agent, variables));
    }
    Action.Parallel parallel = (Action.Parallel) step.action();
    List<String> items = Items.of(parallel, variables);
    return Uni.createFrom()
        .item(
            items.isEmpty()
                ? null
                : Requests.forEach(parent, step.name(), parallel, items, variables));
  }

  /** A turn, which runs its tools where the parent is unless its agent says where. */
  private static Request ofAgent(
      Execution parent, Step step, Action.Agent agent, Map<String, String> variables) {
    Action.Agent said = agent.map(text -> Substitution.apply(text, variables));
    String name = said.agent() == null ? step.name() : said.agent();
    return ChatExecutions.request(name, said, parent.accepted().runner(), step.timeout());
  }

  private Uni<Request> ofWorkflow(
      Execution parent, Step step, Action.Run run, Map<String, String> variables) {
    Map<String, String> params = new HashMap<>();
    run.params().forEach((name, value) -> params.put(name, Substitution.apply(value, variables)));
    UUID organization = parent.accepted().organizationId();
    String source = parent.accepted().source();
    return start
        .run(organization, run.workflow(), source, params)
        .map(request -> Requests.below(parent, step, request));
  }
}
