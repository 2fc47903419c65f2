package dev.gantry.executions;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.UUID;

/**
 * What a change of an execution depends on beyond the execution, and what it changes along with it:
 * most of all an acceptance. Event loop, never blocks.
 */
@FunctionalInterface
public interface Gate {
  /**
   * Within the transaction, before the execution is stored.
   *
   * @param execution the id that it has, or will have
   * @return whether it is to be; if not, what was written here stays nevertheless. It does not when
   *     the idempotency key of the request has made another execution before
   */
  Uni<Boolean> open(SqlConnection transaction, UUID execution);
}
