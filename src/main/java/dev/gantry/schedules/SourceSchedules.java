package dev.gantry.schedules;

import dev.gantry.executions.ExecuteWorkflow;
import dev.gantry.platform.Ids;
import dev.gantry.resources.JsonColumn;
import dev.gantry.sources.FoundWorkflow;
import dev.gantry.tools.WorkflowsRead;
import dev.gantry.workflows.Timetable;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * Keeps a schedule for each workflow of a source that says when it runs, under the workflow's name.
 * Whether it is paused is left to callers. Event loop, never blocks.
 */
@ApplicationScoped
class SourceSchedules implements WorkflowsRead {
  private static final String DELETE =
      "delete from schedules where source_id = $1 and name <> all($2::text[])";

  private static final String PUT =
      """
      insert into schedules as s (id, organization_id, source_id, name, description, crons, timezone,
        overlap, catchup, paused, request, created_at, updated_at, version, event_sequence)
      select u.id, $1, $2, u.name, u.description, u.crons, u.timezone, u.overlap, u.catchup, false,
        u.request, date_trunc('milliseconds', now()), date_trunc('milliseconds', now()), 0, 0
      from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
        $10::text[])
        as u(id, name, description, crons, timezone, overlap, catchup, request)
      on conflict (source_id, name) where source_id is not null do update
      set description = excluded.description, crons = excluded.crons, timezone = excluded.timezone,
        overlap = excluded.overlap, catchup = excluded.catchup, updated_at = excluded.updated_at,
        version = s.version + 1
      where (s.description, s.crons, s.timezone, s.overlap, s.catchup) is distinct from
        (excluded.description, excluded.crons, excluded.timezone, excluded.overlap,
          excluded.catchup)
      """;

  @Override
  public Uni<Void> read(
      SqlConnection transaction, UUID organization, UUID source, List<FoundWorkflow> workflows) {
    List<FoundWorkflow> scheduled =
        workflows.stream().filter(found -> found.workflow().schedule() != null).toList();
    String[] names = texts(scheduled, found -> found.workflow().name());
    return transaction
        .preparedQuery(DELETE)
        .execute(Tuple.of(source, names))
        .chain(
            deleted ->
                names.length == 0
                    ? Uni.createFrom().voidItem()
                    : transaction
                        .preparedQuery(PUT)
                        .execute(rows(organization, source, names, scheduled))
                        .replaceWithVoid());
  }

  private static Tuple rows(
      UUID organization, UUID source, String[] names, List<FoundWorkflow> scheduled) {
    JsonColumn.Texts crons = new JsonColumn.Texts();
    return Tuple.tuple()
        .addValue(organization)
        .addValue(source)
        .addValue(scheduled.stream().map(each -> Ids.next()).toArray(UUID[]::new))
        .addValue(names)
        .addValue(texts(scheduled, SourceSchedules::description))
        .addValue(when(scheduled, when -> crons.convertToDatabaseColumn(when.crons())))
        .addValue(when(scheduled, Timetable::timezone))
        .addValue(when(scheduled, when -> when.overlap().text()))
        .addValue(when(scheduled, when -> when.catchup().text()))
        .addValue(texts(scheduled, found -> request(found.workflow().name(), source)));
  }

  private static String description(FoundWorkflow found) {
    String description = found.workflow().description();
    return description == null ? "" : description;
  }

  private static String request(String workflow, UUID source) {
    return new Schedule.RequestInColumn()
        .convertToDatabaseColumn(ExecuteWorkflow.ofSource(workflow, source.toString()));
  }

  private static String[] when(List<FoundWorkflow> all, Function<Timetable, String> text) {
    return texts(all, found -> text.apply(found.workflow().schedule()));
  }

  private static String[] texts(List<FoundWorkflow> all, Function<FoundWorkflow, String> text) {
    return all.stream().map(text).toArray(String[]::new);
  }
}
