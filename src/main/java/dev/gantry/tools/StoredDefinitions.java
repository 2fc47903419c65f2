package dev.gantry.tools;

import dev.gantry.platform.Ids;
import dev.gantry.sources.Definitions;
import dev.gantry.sources.Findings;
import dev.gantry.sources.FoundTool;
import dev.gantry.sources.FoundWorkflow;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * Keeps what a scan found: what is gone is deleted, what is new is added, and what has changed is
 * changed under the id that it has.
 */
@ApplicationScoped
class StoredDefinitions implements Definitions {
  private static final String DELETE =
      "delete from %s where organization_id = $1 and source_id = $2 and name <> all($3::text[])";

  private static final String PUT_TOOLS =
      """
      insert into tools as t (id, organization_id, source_id, name, description, type, details,
        definition, file, created_at, updated_at, version, event_sequence)
      select u.id, $1, $2, u.name, u.description, u.type, u.details, u.definition, u.file,
        date_trunc('milliseconds', now()), date_trunc('milliseconds', now()), 0, 0
      from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
        as u(id, name, description, details, definition, file, type)
      on conflict (source_id, name) do update set description = excluded.description,
        type = excluded.type, details = excluded.details, definition = excluded.definition,
        file = excluded.file, updated_at = excluded.updated_at, version = t.version + 1
      where (t.description, t.type, t.details, t.definition, t.file) is distinct from
        (excluded.description, excluded.type, excluded.details, excluded.definition, excluded.file)
      """;

  private static final String PUT_WORKFLOWS =
      """
      insert into workflows as w (id, organization_id, source_id, name, description, details,
        definition, file, created_at, updated_at, version, event_sequence)
      select u.id, $1, $2, u.name, u.description, u.details, u.definition, u.file,
        date_trunc('milliseconds', now()), date_trunc('milliseconds', now()), 0, 0
      from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
        as u(id, name, description, details, definition, file)
      on conflict (source_id, name) do update set description = excluded.description,
        details = excluded.details, definition = excluded.definition, file = excluded.file,
        updated_at = excluded.updated_at, version = w.version + 1
      where (w.description, w.details, w.definition, w.file) is distinct from
        (excluded.description, excluded.details, excluded.definition, excluded.file)
      """;

  private static final String SUMMARIES =
      """
      select name, type, description from tools
      where organization_id = $1 and source_id = $2 order by name
      """;

  private final Pool pool;
  private final WorkflowsRead workflowsRead;

  StoredDefinitions(Pool pool, WorkflowsRead workflowsRead) {
    this.pool = pool;
    this.workflowsRead = workflowsRead;
  }

  @Override
  public Uni<Boolean> replace(
      SqlConnection transaction, UUID organization, UUID source, Findings findings) {
    List<FoundTool> tools = findings.tools();
    List<FoundWorkflow> workflows = findings.workflows();
    Tuple putTools =
        rows(organization, source, tools, found -> found.tool().name())
            .addValue(texts(tools, found -> orEmpty(found.tool().description())))
            .addValue(texts(tools, found -> DetailsJson.of(found.tool()).toString()))
            .addValue(texts(tools, FoundTool::definition))
            .addValue(texts(tools, FoundTool::file))
            .addValue(texts(tools, found -> found.tool().type()));
    Tuple putWorkflows =
        rows(organization, source, workflows, found -> found.workflow().name())
            .addValue(texts(workflows, found -> orEmpty(found.workflow().description())))
            .addValue(texts(workflows, found -> DetailsJson.of(found.workflow()).toString()))
            .addValue(texts(workflows, FoundWorkflow::definition))
            .addValue(texts(workflows, FoundWorkflow::file));
    return replace(transaction, DefinitionKind.TOOL, PUT_TOOLS, putTools)
        .chain(
            changed ->
                replace(transaction, DefinitionKind.WORKFLOW, PUT_WORKFLOWS, putWorkflows)
                    .map(too -> changed || too))
        .call(() -> workflowsRead.read(transaction, organization, source, workflows));
  }

  /** Ids for those that turn out to be new, and the names; what follows is up to the kind. */
  private static <F> Tuple rows(
      UUID organization, UUID source, List<F> found, Function<F, String> name) {
    UUID[] ids = found.stream().map(each -> Ids.next()).toArray(UUID[]::new);
    return Tuple.tuple()
        .addValue(organization)
        .addValue(source)
        .addValue(ids)
        .addValue(texts(found, name));
  }

  private static <F> String[] texts(List<F> found, Function<F, String> text) {
    return found.stream().map(text).toArray(String[]::new);
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  private static Uni<Boolean> replace(
      SqlConnection transaction, DefinitionKind kind, String put, Tuple rows) {
    Tuple kept = Tuple.of(rows.getValue(0), rows.getValue(1), rows.getValue(3));
    return transaction
        .preparedQuery(DELETE.formatted(kind.table))
        .execute(kept)
        .chain(
            deleted ->
                transaction
                    .preparedQuery(put)
                    .execute(rows)
                    .map(written -> deleted.rowCount() + written.rowCount() > 0));
  }

  @Override
  public Uni<List<ToolSummary>> tools(UUID organization, UUID source) {
    return pool.preparedQuery(SUMMARIES)
        .execute(Tuple.of(organization, source))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(r -> new ToolSummary(r.getString(0), r.getString(1), r.getString(2)))
                    .toList());
  }
}
