package dev.gantry.executions;

import dev.gantry.executions.LoggedExecutions.Kind;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;

/** What has become of executions, for whoever starts more. Event loop, never blocks. */
@ApplicationScoped
public class WorkflowHistory {
  private static final String COMPLETED =
      """
      select exists (
        select from executions
        where organization_id = $1 and kind = $2 and name = $3 and status = 'completed'
          and created_at >= $4) as found
      """;

  private static final String ALIVE =
      """
      select exists (
        select from executions
        where organization_id = $1 and limits @> array[$2::text] and completed_at is null) as found
      """;

  /** Whether an execution of the workflow that was accepted since then has completed. */
  public Uni<Boolean> completed(
      SqlClient client, UUID organization, String workflow, Instant since) {
    return found(
        client,
        COMPLETED,
        Tuple.of(organization, Kind.WORKFLOW.name(), workflow, StepColumns.time(since)));
  }

  /** Whether an execution that passes the queue waits or is under way. */
  public Uni<Boolean> alive(SqlClient client, UUID organization, String queue) {
    return found(client, ALIVE, Tuple.of(organization, queue));
  }

  private static Uni<Boolean> found(SqlClient client, String sql, Tuple parameters) {
    return client
        .preparedQuery(sql)
        .execute(parameters)
        .map(rows -> rows.iterator().next().getBoolean("found"));
  }
}
