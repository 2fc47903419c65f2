package dev.gantry.executions;

import dev.gantry.executions.Admission.Candidate;
import dev.gantry.platform.Rounds;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Lets executions that wait for a queue begin, as places become free: at once when this process
 * learns of it, else soon. Counted anew each time from the executions that live, by one process at
 * a time, so that no place is lost and none is given twice, whoever is killed. Never blocks.
 */
@ApplicationScoped
class Queueing {
  private static final Duration PERIOD = Duration.ofMillis(500);

  /** How many of the same queues are looked at, at once; more than ever begin together. */
  private static final int FROM_EACH = 200;

  /** Held by the process that counts and admits, until its transaction ends. */
  private static final long LOCK = 0x67616e7472790002L;

  private static final String ANY =
      "select 1 from executions where status = 'queued' and admitted_at is null limit 1";
  private static final String HELD =
      """
      select organization_id, queue, count(*)::int as count
      from executions cross join unnest(limits) as queue
      where limits is not null and completed_at is null and admitted_at is not null
      group by organization_id, queue
      """;
  private static final String WAITING =
      """
      select id, organization_id, limits, max_active_runs, priority from (
        select id, organization_id, limits, max_active_runs, priority,
          row_number() over (partition by organization_id, limits order by priority desc, id) as place
        from executions where status = 'queued' and admitted_at is null) q
      where place <= %d
      """
          .formatted(FROM_EACH);
  private static final String ADMIT =
      """
      update executions set admitted_at = statement_timestamp(), wake_at = statement_timestamp(), version = version + 1
      where id = any($1) and status = 'queued' and admitted_at is null
      returning id, admitted_at as now
      """;

  private static final Logger LOG = Logger.getLogger(Queueing.class);

  private final Rounds rounds;
  private final Pool pool;
  private final QueueLimits limits;
  private final EngineLoop engine;
  private final boolean enabled;
  private final int most;

  Queueing(
      Vertx vertx,
      Pool pool,
      QueueLimits limits,
      EngineLoop engine,
      @ConfigProperty(name = "gantry.role.engine") boolean enabled,
      @ConfigProperty(name = "gantry.executions.max-active") int most) {
    this.rounds = new Rounds("queues", vertx, PERIOD, this::admit);
    this.pool = pool;
    this.limits = limits;
    this.engine = engine;
    this.enabled = enabled;
    this.most = most;
    engine.onPlaceLeft(this::look);
  }

  /** Whether the installation as a whole has a limit. */
  boolean limitsAll() {
    return most > 0;
  }

  void start(@Observes StartupEvent event) {
    if (enabled) {
      rounds.start();
    }
  }

  void stop(@Observes ShutdownEvent event) {
    rounds.stop();
  }

  /** There may be something to admit. Any thread. */
  void look() {
    rounds.look();
  }

  private Uni<Void> admit() {
    return pool.query(ANY)
        .execute()
        .chain(
            any ->
                any.size() == 0
                    ? Uni.createFrom().voidItem()
                    : pool.withTransaction(this::admit).invoke(this::begin).replaceWithVoid());
  }

  private Uni<RowSet<Row>> admit(SqlConnection connection) {
    return connection
        .query("select pg_advisory_xact_lock(" + LOCK + ")")
        .execute()
        .chain(() -> connection.query(WAITING).execute())
        .map(Queueing::candidates)
        .chain(
            waiting ->
                limits
                    .of(organizations(waiting))
                    .chain(
                        set ->
                            connection
                                .query(HELD)
                                .execute()
                                .map(held -> chosen(new Admission(set, most), held, waiting))))
        .chain(
            (List<UUID> chosen) ->
                connection
                    .preparedQuery(ADMIT)
                    .execute(Tuple.of((Object) chosen.toArray(UUID[]::new))));
  }

  private static List<Candidate> candidates(RowSet<Row> rows) {
    List<Candidate> candidates = new ArrayList<>();
    for (Row row : rows) {
      candidates.add(
          new Candidate(
              row.getUUID("id"), row.getUUID("organization_id"), ExecutionStore.limits(row)));
    }
    return candidates;
  }

  private static Collection<UUID> organizations(List<Candidate> waiting) {
    Set<UUID> organizations = new HashSet<>();
    waiting.forEach(each -> organizations.add(each.organization()));
    return organizations;
  }

  private static List<UUID> chosen(Admission admission, RowSet<Row> held, List<Candidate> waiting) {
    for (Row row : held) {
      admission.held(
          row.getUUID("organization_id"), row.getString("queue"), row.getInteger("count"));
    }
    return admission.choose(waiting);
  }

  /** The sweeper would, too: this spares its period. */
  private void begin(RowSet<Row> admitted) {
    for (Row row : admitted) {
      Instant now = StepColumns.instant(row, "now");
      engine
          .submit(row.getUUID("id"), null, now)
          .subscribe()
          .with(done -> {}, failure -> LOG.errorf(failure, "execution %s", row.getUUID("id")));
    }
  }
}
