package dev.gantry.executions;

import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.workflows.Grants;
import dev.gantry.workflows.WorkflowDefinition;
import dev.gantry.workflows.WorkflowDefinition.Action;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a step that a runner is about to start asks for. Event loop, on any context; never blocks.
 */
@ApplicationScoped
public class GrantedSteps {
  private static final String IN_HAND =
      """
      select e.id, e.kind, e.organization_id, e.runner, e.name, s.name as step, e.definition,
        (with recursive above as (
          select e.caller_key, e.parent_id
          union all
          select p.caller_key, p.parent_id from executions p join above a on p.id = a.parent_id)
        select caller_key from above where parent_id is null) as caller_key
      from executions e join execution_steps s on s.execution_id = e.id
      where e.id = $1 and s.index = $2 and s.attempt = $3 and s.status in ('queued', 'running')
        and e.completed_at is null and e.stop_requested_at is null
      """;

  private final Pool pool;

  GrantedSteps(Pool pool) {
    this.pool = pool;
  }

  /**
   * @param executionId as the API shows it
   * @param runner the one that it was handed to
   * @param execution the name of what is executed
   * @param step the step's name
   * @param callsApi it is to call this installation's API
   * @param callerKey the API key that asked for it, or for the execution that all began with; null
   *     = none did
   */
  public record GrantedStep(
      String executionId,
      UUID organizationId,
      String runner,
      String execution,
      String step,
      Grants grants,
      boolean callsApi,
      UUID callerKey) {}

  /** Empty unless this very attempt is in a runner's hands and is to go on. */
  public Uni<Optional<GrantedStep>> inHand(UUID executionId, int step, int attempt) {
    return pool.preparedQuery(IN_HAND)
        .execute(Tuple.of(executionId, step, attempt))
        .map(
            rows ->
                rows.size() == 0
                    ? Optional.empty()
                    : Optional.of(read(rows.iterator().next(), step)));
  }

  private static GrantedStep read(Row row, int step) {
    WorkflowDefinition definition = DefinitionJson.read(row.getString("definition"));
    return new GrantedStep(
        Kind.valueOf(row.getString("kind")).prefix() + row.getUUID("id"),
        row.getUUID("organization_id"),
        row.getString("runner"),
        row.getString("name"),
        row.getString("step"),
        of(definition, step),
        definition.steps().get(step).action().callsApi(),
        row.getUUID("caller_key"));
  }

  /** The workflow's and the tool's; where both name a variable it is the tool's. */
  private static Grants of(WorkflowDefinition definition, int step) {
    Grants all = definition.grants();
    if (!(definition.steps().get(step).action() instanceof Action.Tool tool)) {
      return all;
    }
    Map<String, String> secrets = new LinkedHashMap<>(all.secrets());
    secrets.putAll(tool.tool().grants().secrets());
    List<String> integrations = new ArrayList<>(all.integrations());
    integrations.addAll(tool.tool().grants().integrations());
    return new Grants(secrets, integrations);
  }
}
