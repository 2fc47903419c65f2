package dev.gantry.executions;

import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Reads the traces that executions keep. Event loop, never blocks. */
@ApplicationScoped
class TraceReader {
  private static final String ALL =
      """
      select step, attempt, before, after, happened_at from execution_transitions
      where execution_id = $1 order by number
      """;

  private final Pool pool;
  private final LoadedExecutions loaded;

  TraceReader(Pool pool, LoadedExecutions loaded) {
    this.pool = pool;
    this.loaded = loaded;
  }

  /** A transition with its time, by the database's clock. */
  record Traced(Transition transition, Instant at) {}

  /** An execution with its transitions, in their order. */
  record Trace(Execution execution, List<Traced> transitions) {}

  /** Fails with 404 when the organization has no such execution, or it keeps no trace. */
  Uni<Trace> get(UUID organization, String executionId) {
    return loaded
        .get(organization, Kind.WORKFLOW, executionId)
        .invoke(TraceReader::requireTrace)
        .chain(
            execution ->
                pool.preparedQuery(ALL)
                    .execute(Tuple.of(execution.accepted().id()))
                    .map(
                        rows ->
                            new Trace(
                                execution,
                                StreamSupport.stream(rows.spliterator(), false)
                                    .map(TraceReader::traced)
                                    .toList())));
  }

  private static void requireTrace(Execution execution) {
    if (!execution.accepted().saveTrace()) {
      throw new ApiException(
          ErrorCode.NOT_FOUND,
          "The execution keeps no trace: execute with save_trace: true",
          Map.of("resource", "Trace", "id", execution.accepted().publicId()));
    }
  }

  private static Traced traced(Row row) {
    return new Traced(
        new Transition(
            row.getInteger("step"),
            row.getInteger("attempt"),
            row.getString("before"),
            row.getString("after")),
        StepColumns.instant(row, "happened_at"));
  }
}
