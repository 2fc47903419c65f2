package dev.gantry.executions;

import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.http.ApiException;
import dev.gantry.workflows.StepGraph;
import dev.gantry.workflows.WorkflowDefinition;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * Where the steps of an execution have run: a rerun takes over what completed, perhaps in an
 * execution that was a rerun itself. Event loop, on any context; never blocks.
 */
@ApplicationScoped
public class StepOrigins {
  /** Of each step the last execution of the line of reruns in which it was begun. */
  private static final String ORIGINS =
      """
      with recursive line as (
        select id, rerun_of, 0 as back from executions where id = $1
        union all
        select e.id, e.rerun_of, back + 1 from executions e join line on e.id = line.rerun_of)
      select distinct on (s.index) s.execution_id, s.index, s.name
      from line join execution_steps s on s.execution_id = line.id
      where s.attempt > 0
      order by s.index, back
      """;

  private static final String DEFINITION = "select definition from executions where id = $1";

  private static final String IS_THERE =
      "select from executions where id = $1 and organization_id = $2 and kind = $3";

  private final Pool pool;

  StepOrigins(Pool pool) {
    this.pool = pool;
  }

  /**
   * @param execution the one that the step ran in
   * @param step its index, in this one as in that
   */
  public record Origin(UUID execution, int step, String name) {}

  /**
   * All steps that have begun, by index.
   *
   * @return fails with 404 when the organization has no such workflow execution
   */
  public Uni<List<Origin>> of(UUID organization, String executionId) {
    UUID id = ExecutionReader.parse(Kind.WORKFLOW, executionId);
    return pool.preparedQuery(IS_THERE)
        .execute(Tuple.of(id, organization, Kind.WORKFLOW.name()))
        .chain(
            found ->
                found.size() == 0
                    ? Uni.createFrom().failure(ApiException.notFound("Execution", executionId))
                    : origins(id));
  }

  /** The steps that must have ended before this one begins, each after those it waits for. */
  public Uni<List<Origin>> before(UUID executionId, int step) {
    return pool.preparedQuery(DEFINITION)
        .execute(Tuple.of(executionId))
        .map(rows -> DefinitionJson.read(rows.iterator().next().getString(0)))
        .chain(definition -> origins(executionId).map(all -> before(definition, step, all)));
  }

  private Uni<List<Origin>> origins(UUID id) {
    return pool.preparedQuery(ORIGINS)
        .execute(Tuple.of(id))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false).map(StepOrigins::read).toList());
  }

  private static Origin read(Row row) {
    return new Origin(row.getUUID("execution_id"), row.getInteger("index"), row.getString("name"));
  }

  private static List<Origin> before(WorkflowDefinition definition, int step, List<Origin> all) {
    int[] place = new int[definition.steps().size()];
    int[] order = StepGraph.of(definition).order();
    for (int i = 0; i < order.length; i++) {
      place[order[i]] = i;
    }
    BitSet wanted = ancestors(definition, step);
    return all.stream()
        .filter(origin -> wanted.get(origin.step()))
        .sorted(Comparator.comparingInt(origin -> place[origin.step()]))
        .toList();
  }

  /** A handler comes after every step. */
  private static BitSet ancestors(WorkflowDefinition definition, int step) {
    BitSet ancestors = new BitSet();
    if (step >= definition.handlersFrom()) {
      ancestors.set(0, definition.handlersFrom());
      return ancestors;
    }
    BitSet open = new BitSet();
    open.set(step);
    for (int next = step; next >= 0; next = open.nextSetBit(0)) {
      open.clear(next);
      for (int before : definition.steps().get(next).depends()) {
        if (!ancestors.get(before)) {
          ancestors.set(before);
          open.set(before);
        }
      }
    }
    return ancestors;
  }
}
