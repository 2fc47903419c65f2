package dev.gantry.executions;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** How much is to be done by a runner, for those who would remove it. Event loop, never blocks. */
@ApplicationScoped
public class RunnerLoad {
  private static final String ALIVE =
      """
      select count(*) from executions
      where wake_at is not null and runner = $1 and organization_id = $2
      """;

  private final Pool pool;

  RunnerLoad(Pool pool) {
    this.pool = pool;
  }

  /** How many executions of the organization are for this runner and have not ended. */
  public Uni<Long> alive(UUID organization, String runner) {
    return pool.preparedQuery(ALIVE)
        .execute(Tuple.of(runner, organization))
        .map(rows -> rows.iterator().next().getLong(0));
  }
}
