package dev.gantry.queues;

import dev.gantry.audit.AuditEntry;
import dev.gantry.audit.AuditTrail;
import dev.gantry.executions.QueueUse;
import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** Takes an execution out of a queue, whether it waits or holds a place. Event loop. */
@ApplicationScoped
class ReleaseExecution {
  private final Pool pool;
  private final QueueUse use;
  private final AuditTrail audit;

  ReleaseExecution(Pool pool, QueueUse use, AuditTrail audit) {
    this.pool = pool;
    this.use = use;
    this.audit = audit;
  }

  /** Fails with 404 when the queue does not have the execution. */
  Uni<Void> release(Actor actor, String queue, String executionId) {
    return pool.withTransaction(
            connection ->
                use.release(connection, actor.organization(), queue, executionId)
                    .map(name -> name.orElseThrow(() -> notThere(executionId)))
                    .chain(name -> audit.add(connection, entry(actor, queue, executionId, name))))
        .invoke(use::changed);
  }

  private static ApiException notThere(String executionId) {
    return ApiException.notFound("Execution in this queue", executionId);
  }

  private static AuditEntry entry(Actor actor, String queue, String executionId, String name) {
    return new AuditEntry(
        actor, "queue.release", "execution", executionId, name, Map.of("queue", queue));
  }
}
