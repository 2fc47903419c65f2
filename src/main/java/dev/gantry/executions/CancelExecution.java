package dev.gantry.executions;

import dev.gantry.audit.AuditEntry;
import dev.gantry.audit.AuditTrail;
import dev.gantry.executions.ExecutionReader.Found;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.StepEvent.CancelRequested;
import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.ErrorCode;
import dev.gantry.messaging.Outbox;
import dev.gantry.messaging.OutboxMessage;
import dev.gantry.messaging.Topics;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Asks the engine to cancel: the request is a durable message in the execution's own order, since
 * the engine alone writes state. A second request changes nothing. Event loop, never blocks.
 */
@ApplicationScoped
class CancelExecution {
  private final ExecutionReader reader;
  private final Outbox outbox;
  private final Topics topics;
  private final AuditTrail audit;
  private final Pool pool;

  CancelExecution(
      ExecutionReader reader, Outbox outbox, Topics topics, AuditTrail audit, Pool pool) {
    this.reader = reader;
    this.outbox = outbox;
    this.topics = topics;
    this.audit = audit;
    this.pool = pool;
  }

  /** Answers the execution as it is after {@code wait} at the latest; 409 when it has ended. */
  Uni<Found> cancel(Caller caller, Kind kind, String executionId, Duration wait) {
    UUID id = ExecutionReader.parse(kind, executionId);
    Actor actor = caller.actor();
    UUID organization = actor.organization();
    return reader
        .get(organization, kind, id)
        .invoke(CancelExecution::requireAlive)
        .chain(found -> ask(actor, kind, executionId, found.execution()))
        .chain(() -> reader.get(organization, kind, id, wait));
  }

  private Uni<Void> ask(Actor actor, Kind kind, String executionId, ExecutionRow execution) {
    AuditEntry entry =
        new AuditEntry(
            actor, kind.action("cancel"), "execution", executionId, execution.name, Map.of());
    return pool.withTransaction(
            connection ->
                Outbox.add(connection, List.of(request(execution.id, actor.name())))
                    .chain(() -> audit.add(connection, entry)))
        .invoke(outbox::committed);
  }

  private static void requireAlive(Found found) {
    if (found.execution().terminal()) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "The execution has ended already",
          Map.of("status", found.execution().status));
    }
  }

  private OutboxMessage request(UUID id, String name) {
    return new OutboxMessage(
        topics.steps(),
        id.toString(),
        Map.of(),
        ProtocolJson.write(new CancelRequested(id, name, Instant.now())));
  }
}
