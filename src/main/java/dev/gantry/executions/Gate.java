package dev.gantry.executions;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.UUID;

/**
 * What an acceptance depends on beyond the request, and what it changes along with it. Event loop,
 * never blocks.
 */
@FunctionalInterface
public interface Gate {
  /**
   * Within the transaction of the acceptance, before the execution is stored.
   *
   * @param execution the id that it will have
   * @return whether it is to be; if not, what was written here stays nevertheless. It does not when
   *     the idempotency key of the request has made another execution before
   */
  Uni<Boolean> open(SqlConnection transaction, UUID execution);
}
