package dev.gantry.executions;

import dev.gantry.http.Caller;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What is in runners' hands. Event loop, on any context; never blocks. */
@ApplicationScoped
public class HeldAttempts {
  private static final String HELD =
      """
      select e.runner, e.organization_id, e.log_partition
      from executions e join execution_steps s on s.execution_id = e.id
      where e.id = $1 and s.index = $2 and s.attempt = $3 and s.status in ('queued', 'running')
        and e.completed_at is null
      """;

  private static final String AMONG =
      """
      select e.id, s.index, s.attempt, e.runner, e.organization_id
      from unnest($1::uuid[], $2::integer[], $3::integer[]) as asked(id, step, attempt)
      join executions e on e.id = asked.id and e.completed_at is null
      join execution_steps s on s.execution_id = e.id and s.index = asked.step
        and s.attempt = asked.attempt and s.status in ('queued', 'running')
      """;

  /** How many may be asked for at once. */
  public static final int MOST_AT_ONCE = 1000;

  private final Pool pool;

  HeldAttempts(Pool pool) {
    this.pool = pool;
  }

  /**
   * Those of the attempts that are in the caller's hands, in no order.
   *
   * @param attempts {@value #MOST_AT_ONCE} at most
   */
  public Uni<List<HeldAttempt>> among(List<HeldAttempt> attempts, Caller caller) {
    return pool.preparedQuery(AMONG)
        .execute(
            Tuple.of(
                attempts.stream().map(HeldAttempt::execution).toArray(UUID[]::new),
                attempts.stream().map(HeldAttempt::step).toArray(Integer[]::new),
                attempts.stream().map(HeldAttempt::attempt).toArray(Integer[]::new)))
        .map(
            rows -> {
              List<HeldAttempt> held = new ArrayList<>();
              for (Row row : rows) {
                if (isOf(row, caller)) {
                  held.add(
                      new HeldAttempt(
                          row.getUUID("id"), row.getInteger("index"), row.getInteger("attempt")));
                }
              }
              return held;
            });
  }

  private static boolean isOf(Row row, Caller caller) {
    return HeldAttempt.isOf(caller, row.getString("runner"), row.getUUID("organization_id"));
  }

  /** Fails with 404 unless the attempt is in the caller's hands. */
  public Uni<HeldAttempt> require(HeldAttempt attempt, Caller caller) {
    return find(attempt, caller).replaceWith(attempt);
  }

  /** The partition of the logs topic that holds its lines; fails as {@link #require} does. */
  public Uni<Integer> logPartition(HeldAttempt attempt, Caller caller) {
    return find(attempt, caller).map(row -> row.getInteger("log_partition"));
  }

  private Uni<Row> find(HeldAttempt attempt, Caller caller) {
    return pool.preparedQuery(HELD)
        .execute(Tuple.of(attempt.execution(), attempt.step(), attempt.attempt()))
        .map(
            rows -> {
              for (Row row : rows) {
                if (isOf(row, caller)) {
                  return row;
                }
              }
              throw attempt.notFound();
            });
  }
}
