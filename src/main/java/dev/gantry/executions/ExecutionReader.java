package dev.gantry.executions;

import dev.gantry.http.ApiException;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MutinyHelper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads executions for the API, each query within the caller's organization. Event loop, never
 * blocks.
 */
@ApplicationScoped
class ExecutionReader implements LoggedExecutions {
  /** How often a waiter looks by itself, should the news of the end have been lost. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  /**
   * What others do for a step of it is listed below an execution; a tool that an agent calls is an
   * execution like any other. Indexes say the same.
   */
  private static final String LISTED = " and (parentId is null or kind = 'TOOL')";

  private static final String ALIVE =
      "select from executions where id = $1 and completed_at is null";

  private final ExecutionEnds ends;
  private final Pool pool;

  ExecutionReader(ExecutionEnds ends, Pool pool) {
    this.ends = ends;
    this.pool = pool;
  }

  /** The id in a path, or 404: an id of another form cannot exist. */
  static UUID parse(Kind kind, String text) {
    return kind.parse(text).orElseThrow(() -> ApiException.notFound("Execution", text));
  }

  /** An execution with its steps. */
  record Found(ExecutionRow execution, List<ExecutionStepRow> steps) {}

  /** Fails with 404 when the organization has no such execution. */
  Uni<Found> get(UUID organization, Kind kind, UUID id) {
    return Panache.withSession(
        () ->
            row(organization, kind, id)
                .onItem()
                .ifNull()
                .failWith(() -> ApiException.notFound("Execution", kind.prefix() + id))
                .chain(row -> steps(id).map(steps -> new Found(row, steps))));
  }

  /** Like {@link #get}, as soon as it is terminal, or as it is after {@code wait}. */
  Uni<Found> get(UUID organization, Kind kind, UUID id, Duration wait) {
    if (wait.isZero()) {
      return get(organization, kind, id);
    }
    // Timers and the engine wake on threads of their own; a session needs the request's context.
    Context request = Vertx.currentContext();
    return get(organization, kind, id)
        .chain(
            found ->
                found.execution().terminal()
                    ? Uni.createFrom().item(found)
                    : whenTerminal(id)
                        .ifNoItem()
                        .after(wait)
                        .recoverWithItem((Void) null)
                        .emitOn(MutinyHelper.executor(request))
                        .chain(() -> get(organization, kind, id)));
  }

  private static Uni<ExecutionRow> row(UUID organization, Kind kind, UUID id) {
    return ExecutionRow.<ExecutionRow>find(
            "id = ?1 and organizationId = ?2 and kind = ?3", id, organization, kind.name())
        .firstResult();
  }

  private static Uni<List<ExecutionStepRow>> steps(UUID id) {
    return ExecutionStepRow.list("executionId", Sort.by("index"), id);
  }

  /** One page of a list, newest first, and how many there are in all. */
  record Listed(List<ExecutionRow> executions, long total) {}

  Uni<Listed> list(UUID organization, Kind kind, Filter filter, int offset, int limit) {
    StringBuilder query = new StringBuilder("organizationId = :organization and kind = :kind");
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("organization", organization);
    parameters.put("kind", kind.name());
    if (filter.parent() == null) {
      query.append(LISTED);
    } else {
      query.append(" and parentId = :parent");
      parameters.put("parent", filter.parent());
    }
    if (filter.status() != null) {
      query.append(" and status = :status");
      parameters.put("status", filter.status());
    }
    if (filter.name() != null) {
      query.append(" and name = :name");
      parameters.put("name", filter.name());
    }
    if (filter.from() != null) {
      query.append(" and id >= :from");
      parameters.put("from", filter.from());
    }
    if (filter.before() != null) {
      query.append(" and id < :before");
      parameters.put("before", filter.before());
    }
    return Panache.withSession(
        () -> {
          var found =
              ExecutionRow.<ExecutionRow>find(query.toString(), Sort.descending("id"), parameters);
          return found
              .count()
              .chain(
                  total ->
                      found
                          .range(offset, offset + limit - 1)
                          .list()
                          .map(rows -> new Listed(rows, total)));
        });
  }

  /**
   * Null fields do not filter, but for {@code parent}.
   *
   * @param parent whose steps they do, or that has called them; null = nobody's, or any tool's
   * @param from the least id that is shown
   * @param before the least that no longer is
   */
  record Filter(String status, String name, UUID from, UUID before, UUID parent) {
    /**
     * Only those below this execution; null = as the list is without. Fails with 400.
     *
     * @param kind of the one above
     * @param execution as the API shows it
     */
    Filter below(Kind kind, String execution) {
      if (execution == null) {
        return this;
      }
      UUID id =
          kind.parse(execution)
              .orElseThrow(
                  () ->
                      ApiException.invalid(
                          "parent", "must be an id of an execution as " + kind.prefix() + "…"));
      return new Filter(status, name, from, before, id);
    }
  }

  @Override
  public Uni<Optional<LoggedExecution>> find(UUID organizationId, Kind kind, UUID executionId) {
    return Panache.withSession(
        () ->
            row(organizationId, kind, executionId)
                .chain(
                    row ->
                        row == null
                            ? Uni.createFrom().item(Optional.empty())
                            : steps(executionId).map(steps -> Optional.of(logged(row, steps)))));
  }

  private static LoggedExecution logged(ExecutionRow row, List<ExecutionStepRow> steps) {
    return new LoggedExecution(
        row.id,
        row.status,
        row.terminal(),
        row.logPartition,
        steps.stream()
            .map(s -> new LoggedStep(s.index, s.name, s.attempt, s.logLines, s.logDigest))
            .toList());
  }

  /** Listens for the news before it looks, so that an end between the two is not missed. */
  @Override
  public Uni<Void> whenTerminal(UUID executionId) {
    Uni<Boolean> looked =
        Uni.createFrom()
            .deferred(() -> terminal(executionId))
            .repeat()
            .withDelay(LOOK_AGAIN)
            .until(ended -> ended)
            .collect()
            .last();
    return Uni.combine()
        .any()
        .of(ends.next(executionId).replaceWith(true), looked)
        .replaceWithVoid();
  }

  private Uni<Boolean> terminal(UUID executionId) {
    return pool.preparedQuery(ALIVE).execute(Tuple.of(executionId)).map(rows -> rows.size() == 0);
  }
}
