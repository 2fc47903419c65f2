package dev.gantry.executions;

import dev.gantry.executions.LoggedExecutions.Kind;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Who is in an organization's queues, counted from what lives. Event loop, never blocks. */
@ApplicationScoped
public class QueueUse {
  /** $1 organization, $2 of these queues alone or null for all. */
  private static final String COUNTS =
      """
      select queue, count(admitted_at)::int as running,
        (count(*) - count(admitted_at))::int as queued
      from executions cross join unnest(limits) as queue
      where limits is not null and completed_at is null and organization_id = $1
        and queue <> '%s' and ($2::text[] is null or queue = any($2))
      group by queue
      """
          .formatted(Limits.ALL);

  private static final String EXECUTIONS =
      """
      select id, kind, name, priority, created_at, admitted_at from executions
      where limits @> array[$2::text] and completed_at is null and organization_id = $1
        and (admitted_at is not null) = $3
      order by %s limit $4
      """;
  private static final String HOLDERS = EXECUTIONS.formatted("admitted_at, id");
  private static final String WAITING = EXECUTIONS.formatted("priority desc, id");

  private static final String RELEASE =
      """
      update executions set limits = array_remove(limits, $3), version = version + 1
      where id = $1 and organization_id = $2 and limits @> array[$3::text] and completed_at is null
      returning name
      """;

  private final Pool pool;
  private final Queueing queueing;

  QueueUse(Pool pool, Queueing queueing) {
    this.pool = pool;
    this.queueing = queueing;
  }

  /** How many hold a place, and how many wait for one. */
  public record Count(int running, int queued) {
    public static final Count NONE = new Count(0, 0);
  }

  /**
   * @param executionId as the API shows it
   * @param name of the workflow or tool
   * @param admittedAt null when it waits
   */
  public record Member(
      String executionId, String name, int priority, Instant createdAt, Instant admittedAt) {}

  /**
   * By queue; one that nobody is in is left out.
   *
   * @param queues null = all
   */
  public Uni<Map<String, Count>> counts(UUID organization, List<String> queues) {
    String[] named = queues == null ? null : queues.toArray(String[]::new);
    return pool.preparedQuery(COUNTS)
        .execute(Tuple.of(organization, named))
        .map(
            rows -> {
              Map<String, Count> counts = new TreeMap<>();
              for (Row row : rows) {
                counts.put(
                    row.getString("queue"),
                    new Count(row.getInteger("running"), row.getInteger("queued")));
              }
              return counts;
            });
  }

  /** The first of those that hold a place, the longest first. */
  public Uni<List<Member>> holders(UUID organization, String queue, int limit) {
    return members(HOLDERS, Tuple.of(organization, queue, true, limit));
  }

  /** The first of those that wait, in the order in which they get a place of this queue. */
  public Uni<List<Member>> waiting(UUID organization, String queue, int limit) {
    return members(WAITING, Tuple.of(organization, queue, false, limit));
  }

  private Uni<List<Member>> members(String sql, Tuple parameters) {
    return pool.preparedQuery(sql)
        .execute(parameters)
        .map(
            rows -> {
              List<Member> members = new ArrayList<>();
              for (Row row : rows) {
                members.add(
                    new Member(
                        Kind.valueOf(row.getString("kind")).prefix() + row.getUUID("id"),
                        row.getString("name"),
                        row.getInteger("priority"),
                        StepColumns.instant(row, "created_at"),
                        StepColumns.instant(row, "admitted_at")));
              }
              return members;
            });
  }

  /**
   * Takes an execution out of a queue: it gives up its place, or waits for it no longer, and goes
   * on.
   *
   * @param client within whose transaction
   * @param executionId as the API shows it
   * @return the execution's name; empty when there is no such execution in the queue
   */
  public Uni<Optional<String>> release(
      SqlClient client, UUID organization, String queue, String executionId) {
    Optional<UUID> id = Kind.parseAny(executionId);
    if (id.isEmpty()) {
      return Uni.createFrom().item(Optional.empty());
    }
    return client
        .preparedQuery(RELEASE)
        .execute(Tuple.of(id.get(), organization, queue))
        .map(
            rows ->
                rows.size() == 0
                    ? Optional.empty()
                    : Optional.of(rows.iterator().next().getString("name")));
  }

  /** A queue's limit or its members have changed: lets those begin that may now. Any thread. */
  public void changed() {
    queueing.look();
  }
}
