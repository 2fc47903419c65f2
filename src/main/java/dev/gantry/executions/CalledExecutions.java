package dev.gantry.executions;

import dev.gantry.executions.ExecutionReader.Found;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.http.Actor;
import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import dev.gantry.http.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * Executions for a room whose callers wait for what comes of them, as of a function's call. Each
 * within the caller's organization; event loop, on the caller's context, never blocks.
 */
@ApplicationScoped
public class CalledExecutions {
  private static final String BY_KEY =
      """
      select e.id, e.kind from idempotency_keys k join executions e on e.id = k.execution_id
      where k.organization_id = $1 and k.key = $2 and e.organization_id = $1
      """;

  private final ExecutionReader reader;
  private final SteerExecution steer;
  private final Pool pool;

  CalledExecutions(ExecutionReader reader, SteerExecution steer, Pool pool) {
    this.reader = reader;
    this.steer = steer;
    this.pool = pool;
  }

  /**
   * What has come of an execution so far.
   *
   * @param executionId as the API shows it
   * @param status as the API shows it
   * @param error why it did not complete, or null
   * @param steps in the definition's order; a tool is one
   */
  public record Outcome(
      String executionId, String status, boolean ended, String error, List<StepOutcome> steps) {
    public boolean completed() {
      return status.equals(ExecutionStatus.COMPLETED.text());
    }

    static Outcome of(Kind kind, Found found) {
      ExecutionRow row = found.execution();
      return new Outcome(
          kind.prefix() + row.id,
          row.status,
          row.terminal(),
          row.error,
          found.steps().stream().map(StepOutcome::of).toList());
    }
  }

  /**
   * What has come of a step.
   *
   * @param error why it did not complete, or null
   * @param output what it printed, up to what a step keeps; null = nothing
   */
  public record StepOutcome(
      String name, String status, String error, String output, boolean outputTruncated) {
    static StepOutcome of(ExecutionStepRow row) {
      return new StepOutcome(row.name, row.status, row.error, row.output, row.outputTruncated);
    }
  }

  /** As soon as it has ended, or as it is after {@code wait}; 404 when there is none. */
  public Uni<Outcome> outcome(UUID organization, Kind kind, UUID id, Duration wait) {
    return reader.get(organization, kind, id, wait).map(found -> Outcome.of(kind, found));
  }

  /** An execution, and whose front door it came through. */
  public record Called(Kind kind, UUID id) {}

  /** The one that was started with this idempotency key, if there is one. */
  public Uni<Optional<Called>> startedWith(UUID organization, IdempotencyKey key) {
    return pool.preparedQuery(BY_KEY)
        .execute(Tuple.of(organization, key.key()))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .findFirst()
                    .map(CalledExecutions::called));
  }

  private static Called called(Row row) {
    return new Called(Kind.valueOf(row.getString("kind")), row.getUUID("id"));
  }

  /** Asks it to end; of one that has ended, nothing changes. */
  public Uni<Void> cancel(Actor actor, Called execution) {
    return steer
        .cancel(actor, execution.kind(), execution.kind().prefix() + execution.id(), Duration.ZERO)
        .replaceWithVoid()
        .onFailure(CalledExecutions::hasEnded)
        .recoverWithNull();
  }

  private static boolean hasEnded(Throwable failure) {
    return failure instanceof ApiException api && api.code() == ErrorCode.CONFLICT;
  }
}
