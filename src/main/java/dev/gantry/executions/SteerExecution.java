package dev.gantry.executions;

import dev.gantry.audit.AuditEntry;
import dev.gantry.audit.AuditTrail;
import dev.gantry.database.DatabaseClock;
import dev.gantry.executions.ExecutionReader.Found;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.executions.protocol.StepEvent.CancelRequested;
import dev.gantry.executions.protocol.StepEvent.Decided;
import dev.gantry.executions.protocol.StepEvent.PauseRequested;
import dev.gantry.executions.protocol.StepEvent.ResumeRequested;
import dev.gantry.executions.protocol.StepEvent.RetryRequested;
import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import dev.gantry.messaging.Outbox;
import dev.gantry.messaging.OutboxMessage;
import dev.gantry.messaging.Topics;
import dev.gantry.resources.Fields;
import dev.gantry.workflows.Parameters;
import dev.gantry.workflows.WorkflowDefinition.Action;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Asks the engine to cancel, pause, resume or to take a person's decision. What is asked is a
 * durable message in the execution's own order, since the engine alone writes state. Asking again
 * for the same changes nothing. Event loop, never blocks.
 */
@ApplicationScoped
class SteerExecution {
  private static final int LONGEST_COMMENT = 1_000;

  /** Without what does handlers, which have a time of their own and are not held back. */
  private static final String BELOW =
      """
      with recursive below as (
        select $1::uuid as id
        union all
        select e.id from below b
        join executions e on e.parent_id = b.id and e.completed_at is null
        join execution_steps s on s.execution_id = b.id and s.index = e.parent_step
          and s.retry_at is null)
      select id from below where id <> $1
      """;

  private final ExecutionReader reader;
  private final LoadedExecutions loaded;
  private final Outbox outbox;
  private final Topics topics;
  private final AuditTrail audit;
  private final Pool pool;
  private final DatabaseClock clock;

  SteerExecution(
      ExecutionReader reader,
      LoadedExecutions loaded,
      Outbox outbox,
      Topics topics,
      AuditTrail audit,
      Pool pool,
      DatabaseClock clock) {
    this.reader = reader;
    this.loaded = loaded;
    this.outbox = outbox;
    this.topics = topics;
    this.audit = audit;
    this.pool = pool;
    this.clock = clock;
  }

  /** Answers the execution as it is after {@code wait} at the latest; 409 when it has ended. */
  Uni<Found> cancel(Actor actor, Kind kind, String executionId, Duration wait) {
    UUID id = ExecutionReader.parse(kind, executionId);
    CancelRequested request = new CancelRequested(id, actor.name(), clock.now());
    return ask(actor, kind, "cancel", request, Map.of())
        .chain(() -> reader.get(actor.organization(), kind, id, wait));
  }

  /**
   * Answers the execution as it is, perhaps before the engine has heard; 409 when it has ended, or
   * has not begun.
   */
  Uni<Found> pause(Actor actor, String executionId) {
    UUID id = ExecutionReader.parse(Kind.WORKFLOW, executionId);
    PauseRequested request = new PauseRequested(id, actor.name(), clock.now());
    return ask(actor, Kind.WORKFLOW, "pause", request, Map.of())
        .call(() -> below(id, child -> new PauseRequested(child, actor.name(), clock.now())));
  }

  /** As {@link #pause}. */
  Uni<Found> resume(Actor actor, String executionId) {
    UUID id = ExecutionReader.parse(Kind.WORKFLOW, executionId);
    ResumeRequested request = new ResumeRequested(id, actor.name(), clock.now());
    return ask(actor, Kind.WORKFLOW, "resume", request, Map.of())
        .call(() -> below(id, child -> new ResumeRequested(child, actor.name(), clock.now())));
  }

  /** Asks the same of the executions that do steps of it, and of those that do steps of these. */
  private Uni<Void> below(UUID id, Function<UUID, StepEvent> request) {
    return pool.withTransaction(
            connection ->
                connection
                    .preparedQuery(BELOW)
                    .execute(Tuple.of(id))
                    .chain(
                        rows -> {
                          List<OutboxMessage> messages = new ArrayList<>();
                          rows.forEach(row -> messages.add(message(request.apply(row.getUUID(0)))));
                          return messages.isEmpty()
                              ? Uni.createFrom().voidItem()
                              : Outbox.add(connection, messages);
                        }))
        .invoke(outbox::committed);
  }

  /**
   * As {@link #pause}; 404 when there is no such step, 409 when it does not wait for approval, 400
   * for input that is not what it asks for.
   */
  Uni<Found> decide(
      Actor actor, String executionId, String step, boolean approved, Decision decision) {
    return loaded
        .get(actor.organization(), Kind.WORKFLOW, executionId)
        .chain(
            execution -> {
              int index = awaiting(execution, step);
              Decided decided = decided(actor, execution, index, approved, decision);
              String verb = approved ? "approve" : "reject";
              return ask(actor, Kind.WORKFLOW, verb, decided, Map.of("step", step));
            });
  }

  /**
   * As {@link #pause}; 404 when there is no such step, 409 when it has not failed or the execution
   * has ended.
   */
  Uni<Found> retry(Actor actor, String executionId, String name) {
    return loaded
        .get(actor.organization(), Kind.WORKFLOW, executionId)
        .chain(
            execution -> {
              int step = failed(execution, name);
              UUID id = execution.accepted().id();
              RetryRequested request = new RetryRequested(id, step, actor.name(), clock.now());
              return ask(actor, Kind.WORKFLOW, "retry", request, Map.of("step", name));
            });
  }

  private static int failed(Execution execution, String name) {
    int step = step(execution, name);
    StepStatus status = execution.state(step).status();
    if (execution.status().terminal()) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "The execution has ended; POST …/rerun with this step in 'steps' runs it again",
          Map.of("status", execution.status().text()));
    }
    if (!status.isFailure() || step >= execution.handlersFrom()) {
      throw new ApiException(
          ErrorCode.CONFLICT, "The step has not failed", Map.of("status", status.text()));
    }
    if (!Progress.canReopen(execution, step)) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "The execution is being ended, or steps behind this one have begun",
          Map.of("status", status.text()));
    }
    return step;
  }

  private static int awaiting(Execution execution, String name) {
    int step = step(execution, name);
    StepStatus status = execution.state(step).status();
    if (status != StepStatus.AWAITING_APPROVAL || execution.status().terminal()) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "The step does not wait for approval",
          Map.of("status", status.text()));
    }
    return step;
  }

  private static int step(Execution execution, String name) {
    return IntStream.range(0, execution.size())
        .filter(step -> execution.definition(step).name().equals(name))
        .findFirst()
        .orElseThrow(() -> ApiException.notFound("Step", name));
  }

  private Decided decided(
      Actor actor, Execution execution, int step, boolean approved, Decision decision) {
    Fields fields = new Fields();
    fields.text("comment", decision.comment(), LONGEST_COMMENT);
    if (!approved && decision.input() != null && !decision.input().isEmpty()) {
      fields.fault("input", "is given with an approval only");
    }
    fields.check();
    var asked = ((Action.Approval) execution.definition(step).action()).input();
    Map<String, String> given = Requests.texts(decision.input());
    Map<String, String> input =
        approved ? Requests.valid("The input", () -> Parameters.input(asked, given)) : Map.of();
    return new Decided(
        execution.accepted().id(),
        step,
        approved,
        actor.name(),
        decision.comment(),
        input,
        clock.now());
  }

  private Uni<Found> ask(
      Actor actor, Kind kind, String verb, StepEvent request, Map<String, Object> detail) {
    return reader
        .get(actor.organization(), kind, request.executionId())
        .invoke(SteerExecution::requireAlive)
        .invoke(found -> requireBegun(request, found))
        .call(found -> send(actor, kind, verb, request, found.execution(), detail));
  }

  private static void requireAlive(Found found) {
    if (found.execution().terminal()) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "The execution has ended already",
          Map.of("status", found.execution().status));
    }
  }

  private static void requireBegun(StepEvent request, Found found) {
    String status = found.execution().status;
    if (status.equals(ExecutionStatus.QUEUED.text()) && !(request instanceof CancelRequested)) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "The execution has not begun; it waits for its turn",
          Map.of("status", status));
    }
  }

  private Uni<Void> send(
      Actor actor,
      Kind kind,
      String verb,
      StepEvent request,
      ExecutionRow execution,
      Map<String, Object> detail) {
    AuditEntry entry =
        new AuditEntry(
            actor,
            kind.action(verb),
            "execution",
            kind.prefix() + execution.id,
            execution.name,
            detail);
    return pool.withTransaction(
            connection ->
                Outbox.add(connection, List.of(message(request)))
                    .chain(() -> audit.add(connection, entry)))
        .invoke(outbox::committed);
  }

  private OutboxMessage message(StepEvent request) {
    return new OutboxMessage(
        topics.steps(), request.executionId().toString(), Map.of(), ProtocolJson.write(request));
  }
}
