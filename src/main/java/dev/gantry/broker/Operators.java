package dev.gantry.broker;

import dev.gantry.http.ApiException;
import dev.gantry.http.Caller;
import dev.gantry.http.ErrorCode;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/**
 * Who may see what is of no single organization: admins of the installation's own, which is the one
 * of {@code GANTRY_ADMIN_API_KEY}. Event loop, never blocks.
 */
@ApplicationScoped
class Operators {
  private static final String OWN =
      "select exists (select from organizations where id = $1 and name = 'default')";

  private final Pool pool;
  private final Caller caller;

  Operators(Pool pool, Caller caller) {
    this.pool = pool;
    this.caller = caller;
  }

  /** Fails with 403 for a caller who is none. */
  Uni<Void> require() {
    return pool.preparedQuery(OWN)
        .execute(Tuple.of(caller.organizationId()))
        .invoke(
            rows -> {
              if (!rows.iterator().next().getBoolean(0)) {
                throw new ApiException(
                    ErrorCode.AUTHORIZATION_ERROR,
                    "This is for admins of the installation: use a key of its own organization",
                    Map.of());
              }
            })
        .replaceWithVoid();
  }
}
