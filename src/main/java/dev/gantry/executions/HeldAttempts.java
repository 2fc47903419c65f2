package dev.gantry.executions;

import dev.gantry.http.Caller;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;

/** What is in runners' hands. Event loop, on any context; never blocks. */
@ApplicationScoped
public class HeldAttempts {
  private static final String HELD =
      """
      select e.runner, e.organization_id
      from executions e join execution_steps s on s.execution_id = e.id
      where e.id = $1 and s.index = $2 and s.attempt = $3 and s.status in ('queued', 'running')
        and e.completed_at is null
      """;

  private final Pool pool;

  HeldAttempts(Pool pool) {
    this.pool = pool;
  }

  /** Fails with 404 unless the attempt is in the caller's hands. */
  public Uni<HeldAttempt> require(HeldAttempt attempt, Caller caller) {
    return pool.preparedQuery(HELD)
        .execute(Tuple.of(attempt.execution(), attempt.step(), attempt.attempt()))
        .map(
            rows -> {
              for (Row row : rows) {
                if (HeldAttempt.isOf(
                    caller, row.getString("runner"), row.getUUID("organization_id"))) {
                  return attempt;
                }
              }
              throw attempt.notFound();
            });
  }
}
