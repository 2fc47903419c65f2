package dev.gantry.runners;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.http.ApiException;
import dev.gantry.http.Paging;
import dev.gantry.runners.protocol.Heartbeat;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * Reads runners as an organization sees them: its own, and those that are shared. How they are is
 * told by the database's clock: alive is what was seen within three of its own heartbeats. Event
 * loop, never blocks.
 */
@ApplicationScoped
class RunnerReader {
  static final String HEALTHY = "healthy";

  /**
   * $1 organization, $2 name or null, $3 whether healthy or null, $4 limit, $5 offset. A shared
   * runner is gone a day after it was last seen, one that is registered never.
   */
  private static final String SQL =
      """
      with instances as (
        select *, not stopped
          and last_seen > now() - interval_millis * interval '3 milliseconds' as alive
        from runner_instances where $2::text is null or runner = $2),
      seen as (
        select runner,
          min(first_seen) as first_seen,
          max(last_seen) as last_seen,
          (array_agg(backend order by last_seen desc, instance))[1] as backend,
          (array_agg(version order by last_seen desc, instance))[1] as software,
          count(*) filter (where alive) as instances,
          coalesce(sum(cpu_millis) filter (where alive), 0)::bigint as cpu,
          coalesce(sum(memory_bytes) filter (where alive), 0)::bigint as memory,
          coalesce(sum(used_cpu_millis) filter (where alive), 0)::bigint as used_cpu,
          coalesce(sum(used_memory_bytes) filter (where alive), 0)::bigint as used_memory,
          coalesce(sum(slots) filter (where alive), 0)::bigint as slots,
          coalesce(sum(used_slots) filter (where alive), 0)::bigint as used_slots
        from instances group by runner),
      visible as (
        select r.name, r.type, r.description, r.configuration, r.created_at, r.updated_at,
          r.version, s.*
        from runners r left join seen s on s.runner = r.name
        where r.organization_id = $1 and ($2::text is null or r.name = $2)
        union all
        select s.runner, s.backend, '', '{}', s.first_seen, s.first_seen, null, s.*
        from seen s
        where s.last_seen > now() - interval '1 day' and not exists (
          select from runner_names n where n.name = s.runner and n.organization_id is not null)),
      wanted as (
        select * from visible
        where $3::boolean is null or $3 = (coalesce(instances, 0) > 0))
      select (select count(*) from wanted) as total, page.*
      from (values (1)) always(one)
      left join (select * from wanted order by created_at desc, name limit $4 offset $5) page
        on true
      """;

  private final Pool pool;

  RunnerReader(Pool pool) {
    this.pool = pool;
  }

  /**
   * @param version null when the runner is shared
   */
  record Found(RunnerView view, Integer version) {}

  /** One page of a list, and how many there are in all. */
  record Page(List<RunnerView> runners, long total) {}

  /**
   * @param healthy null for all
   */
  Uni<Page> list(UUID organization, Boolean healthy, Paging paging) {
    return read(organization, null, healthy, paging.limit(), paging.offset())
        .map(
            rows ->
                new Page(
                    found(rows).stream().map(found -> found.view().inList()).toList(),
                    rows.iterator().next().getLong("total")));
  }

  /** Fails with 404 when the organization sees no such runner. */
  Uni<Found> get(UUID organization, String name) {
    if (!Heartbeat.NAME.matcher(name).matches()) {
      throw ApiException.notFound("Runner", name);
    }
    return read(organization, name, null, 1, 0)
        .map(
            rows ->
                found(rows).stream()
                    .findFirst()
                    .orElseThrow(() -> ApiException.notFound("Runner", name)));
  }

  private Uni<RowSet<Row>> read(
      UUID organization, String name, Boolean healthy, int limit, int offset) {
    return pool.preparedQuery(SQL).execute(Tuple.of(organization, name, healthy, limit, offset));
  }

  private static List<Found> found(RowSet<Row> rows) {
    return StreamSupport.stream(rows.spliterator(), false)
        .filter(row -> row.getString("name") != null)
        .map(RunnerReader::found)
        .toList();
  }

  private static Found found(Row row) {
    Integer version = row.getInteger("version");
    boolean seen = row.getString("runner") != null;
    RunnerView view =
        new RunnerView(
            row.getString("name"),
            status(row),
            row.getString("type"),
            row.getString("description"),
            version == null,
            seen ? capacity(row) : null,
            seen ? amount(row, "used_cpu", "used_memory") : null,
            seen ? new RunnerView.Slots(row.getLong("used_slots"), row.getLong("slots")) : null,
            row.getString("software"),
            seen ? row.getLong("instances") : 0,
            configuration(row),
            row.getOffsetDateTime("created_at").toInstant(),
            row.getOffsetDateTime("updated_at").toInstant(),
            seen ? row.getOffsetDateTime("last_seen").toInstant() : null,
            null);
    return new Found(view, version);
  }

  private static String status(Row row) {
    if (row.getString("runner") == null) {
      return "never_seen";
    }
    return row.getLong("instances") > 0 ? HEALTHY : "unhealthy";
  }

  /** Who is alive does not run on nothing: it tells 0 of what it does not know. */
  private static RunnerView.Amount capacity(Row row) {
    long cpu = row.getLong("cpu");
    long memory = row.getLong("memory");
    if (row.getLong("instances") == 0) {
      return amount(row, "cpu", "memory");
    }
    return cpu == 0 && memory == 0
        ? null
        : new RunnerView.Amount(
            cpu == 0 ? null : Quantities.cpu(cpu), memory == 0 ? null : Quantities.memory(memory));
  }

  private static RunnerView.Amount amount(Row row, String cpu, String memory) {
    return new RunnerView.Amount(
        Quantities.cpu(row.getLong(cpu)), Quantities.memory(row.getLong(memory)));
  }

  private static ObjectNode configuration(Row row) {
    return new Runner.Configuration().convertToEntityAttribute(row.getString("configuration"));
  }
}
