package dev.gantry.executions;

import dev.gantry.database.DatabaseClock;
import dev.gantry.executions.Acceptance.Parent;
import dev.gantry.executions.ExecutionStore.Change;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.StepState.Delegated;
import dev.gantry.executions.StepState.Ended;
import dev.gantry.executions.protocol.StepEvent.CancelRequested;
import dev.gantry.executions.protocol.StepEvent.ChildEnded;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.http.Actor;
import dev.gantry.messaging.Outbox;
import dev.gantry.messaging.Topics;
import dev.gantry.platform.TraceContext;
import dev.gantry.workflows.WorkflowDefinition.Action;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * The steps that agents do, for the room that does them: which are under way, the tools that they
 * call, and their ends. In a process with the engine's role; any thread, never blocks.
 */
@ApplicationScoped
public class AgentSteps {
  /** What a call of a tool may be above: a turn is one step, of which there is one attempt. */
  private static final int ONLY = 0;

  private static final int FIRST = 1;

  /** How often the engine may be the first to save while something is told of a turn. */
  private static final int MOST_CONFLICTS = 20;

  private static final String UNDER_WAY =
      """
      select e.id, s.status = 'running' as running, e.stop_requested_at is not null as stopping,
        exists (select from executions c where c.parent_id = e.id and c.completed_at is null)
          as calling
      from executions e join execution_steps s on s.execution_id = e.id and s.index = 0
      where e.kind = 'CHAT' and e.completed_at is null
      """;

  private static final String CALLS =
      """
      select c.id, c.status, c.completed_at is not null as ended, coalesce(c.error, s.error) as error,
        s.output, s.output_truncated, s.exit_code
      from executions c join execution_steps s on s.execution_id = c.id and s.index = 0
      where c.parent_id = $1 order by c.id
      """;

  private final Pool pool;
  private final ExecutionStore store;
  private final EngineLoop engine;
  private final StartExecution start;
  private final AcceptExecution accept;
  private final DatabaseClock clock;
  private final Outbox outbox;
  private final Topics topics;

  AgentSteps(
      Pool pool,
      ExecutionStore store,
      EngineLoop engine,
      StartExecution start,
      AcceptExecution accept,
      DatabaseClock clock,
      Outbox outbox,
      Topics topics) {
    this.pool = pool;
    this.store = store;
    this.engine = engine;
    this.start = start;
    this.accept = accept;
    this.clock = clock;
    this.outbox = outbox;
    this.topics = topics;
  }

  /**
   * A turn's execution that has not ended.
   *
   * @param running its step is to be done now; else it waits for its turn
   * @param stopping it is to end
   * @param calling a tool that it has called has not ended
   */
  public record UnderWay(UUID execution, boolean running, boolean stopping, boolean calling) {}

  /**
   * A turn's execution.
   *
   * @param action with the texts as they are to be said
   * @param runner where its tools run; null = {@code default}
   * @param depth how many executions are above it
   * @param trace where in a trace it is done
   * @param running it is to be done now; else it waits for its turn, or has ended
   * @param stop why it is to end; null = it is not
   * @param status as the API shows it
   * @param output what it has answered, once it has completed
   * @param error why it did not complete, or null
   */
  public record AgentStep(
      UUID execution,
      UUID organization,
      String name,
      Action.Agent action,
      String runner,
      Instant createdAt,
      int depth,
      TraceContext trace,
      boolean running,
      String stop,
      String status,
      boolean ended,
      String output,
      String error) {
    public boolean completed() {
      return status.equals(ExecutionStatus.COMPLETED.text());
    }
  }

  /**
   * A tool that a turn has called.
   *
   * @param execution its own
   * @param status as the API shows it
   * @param error why it did not complete, or null
   * @param output what it printed, up to what a step keeps; null = nothing
   */
  public record Called(
      UUID execution,
      String status,
      boolean ended,
      String error,
      String output,
      boolean outputTruncated,
      Integer exitCode) {
    /** The execution's id as the API shows it. */
    public String publicId() {
      return Kind.TOOL.prefix() + execution;
    }

    public boolean completed() {
      return status.equals(ExecutionStatus.COMPLETED.text());
    }
  }

  /**
   * A call that waits for a person.
   *
   * @param id as the model calls it
   * @param reason why a person is asked, or null
   */
  public record AskedCall(String id, String tool, Map<String, String> args, String reason) {}

  /** Called when a turn has been accepted, or a tool that one called has ended; before any work. */
  public void onMoved(Runnable listener) {
    engine.onDelegation(listener);
  }

  /** All that have not ended. */
  public Uni<List<UnderWay>> underWay() {
    return pool.query(UNDER_WAY)
        .execute()
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(
                        row ->
                            new UnderWay(
                                row.getUUID("id"),
                                row.getBoolean("running"),
                                row.getBoolean("stopping"),
                                row.getBoolean("calling")))
                    .toList());
  }

  /** Empty when there is no such execution of an agent. */
  public Uni<Optional<AgentStep>> find(UUID execution) {
    return store
        .load(List.of(execution))
        .map(
            found -> found.stream().findFirst().filter(AgentSteps::isAgents).map(AgentSteps::step));
  }

  private static boolean isAgents(Execution execution) {
    return execution.accepted().kind() == Kind.CHAT;
  }

  private static AgentStep step(Execution execution) {
    Acceptance accepted = execution.accepted();
    return new AgentStep(
        accepted.id(),
        accepted.organizationId(),
        accepted.definition().name(),
        (Action.Agent) execution.definition(ONLY).action(),
        accepted.runner(),
        accepted.createdAt(),
        accepted.depth(),
        SpanIds.ofAttempt(accepted, ONLY, FIRST),
        execution.state(ONLY) instanceof Delegated,
        execution.stop() == null ? null : execution.stop().reason(),
        execution.status().text(),
        execution.status().terminal(),
        execution.state(ONLY) instanceof Ended ended ? ended.output() : null,
        execution.error());
  }

  /**
   * Starts a tool for a turn, unless it was started before. Fails with 400 for what is wrong with
   * the call.
   *
   * @param id that its execution gets
   */
  public Uni<Void> call(AgentStep step, UUID id, ExecuteTool tool) {
    Actor actor = Actor.system(step.organization(), "agent " + step.name(), step.trace());
    Parent above = new Parent(step.execution(), ONLY, FIRST, step.depth() + 1);
    return start
        .checked(step.organization(), tool)
        .chain(request -> accept.child(request, actor, id, above))
        .replaceWithVoid();
  }

  /** The tools that a turn has called. */
  public Uni<List<Called>> calls(UUID execution) {
    return pool.preparedQuery(CALLS)
        .execute(Tuple.of(execution))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false).map(AgentSteps::called).toList());
  }

  private static Called called(Row row) {
    return new Called(
        row.getUUID("id"),
        row.getString("status"),
        row.getBoolean("ended"),
        row.getString("error"),
        row.getString("output"),
        row.getBoolean("output_truncated"),
        row.getInteger("exit_code"));
  }

  /**
   * Tells that calls wait for a person, in one transaction with what the gate writes: told exactly
   * when that is there. Nothing is told of a turn that has ended, or when the gate stays shut.
   *
   * @return what the gate has said
   */
  public Uni<Boolean> askApproval(UUID execution, List<AskedCall> calls, Gate gate) {
    return store
        .load(List.of(execution))
        .map(found -> found.stream().findFirst().orElseThrow())
        .chain(
            turn ->
                pool.withTransaction(
                    transaction ->
                        gate.open(transaction, execution)
                            .call(
                                open ->
                                    open && !turn.status().terminal()
                                        ? tell(transaction, turn, calls)
                                        : Uni.createFrom().voidItem())))
        .onFailure(OvertakenException.class)
        .retry()
        .atMost(MOST_CONFLICTS)
        .invoke(outbox::committed);
  }

  /** As the engine would: with the next version, so that its own copy counts no more. */
  private Uni<Void> tell(SqlConnection transaction, Execution turn, List<AskedCall> calls) {
    Instant now = clock.now();
    Effects effects = new Effects(topics);
    calls.forEach(call -> Narration.callAwaitsApproval(turn, call, now, effects));
    return store
        .save(transaction, List.of(new Change(turn, effects)))
        .invoke(
            saved -> {
              if (saved.isEmpty()) {
                throw new OvertakenException();
              }
            })
        .replaceWithVoid();
  }

  /** The engine has saved the execution since it was read. */
  private static final class OvertakenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    OvertakenException() {
      super("the execution has been saved by another", null, false, false);
    }
  }

  /** Asks a tool's execution to end; again changes nothing. */
  public Uni<Void> cancel(AgentStep step, UUID called) {
    String by = "agent " + Kind.CHAT.prefix() + step.execution();
    Instant now = clock.now();
    return engine.submit(called, new CancelRequested(called, by, now), now).replaceWithVoid();
  }

  /**
   * The turn has ended; of one that has ended before, nothing changes.
   *
   * @param error why it did not complete, else null
   * @param output what it answered, of at most {@link ChildEnded#MAX_OUTPUT_BYTES}, or null
   */
  public Uni<Void> end(UUID execution, Outcome outcome, String error, String output) {
    Instant now = clock.now();
    ChildEnded ended = new ChildEnded(execution, ONLY, FIRST, outcome, error, output, now);
    return engine.submit(execution, ended, now).replaceWithVoid();
  }
}
