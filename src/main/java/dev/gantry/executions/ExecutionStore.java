package dev.gantry.executions;

import dev.gantry.executions.Acceptance.Parent;
import dev.gantry.executions.Execution.Stop;
import dev.gantry.executions.LoggedExecutions.Kind;
import dev.gantry.http.Actor;
import dev.gantry.http.IdempotencyKey;
import dev.gantry.messaging.Outbox;
import dev.gantry.messaging.OutboxMessage;
import dev.gantry.platform.Ids;
import dev.gantry.platform.TraceContext;
import dev.gantry.workflows.StepGraph;
import dev.gantry.workflows.WorkflowDefinition;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * The hot statements on executions: accept, save and load, each one round trip. State, steps and
 * the messages that tell of them are one statement and so one transaction; a save is fenced by the
 * execution's version, so that of two writers one finds that it must read again.
 *
 * <p>Never blocks; fails with what the database says.
 */
@ApplicationScoped
class ExecutionStore {
  private static final String STEP_ARRAYS =
      """
      unnest($%d::uuid[], $%d::int[], $%d::text[], $%d::int[], $%d::text[], $%d::timestamptz[],
        $%d::timestamptz[], $%d::timestamptz[], $%d::timestamptz[], $%d::int[], $%d::text[],
        $%d::text[], $%d::bool[], $%d::bigint[], $%d::bigint[], $%d::uuid[], $%d::text[])
        as u(execution_id, index, status, attempt, runner, queued_at, started_at, finished_at,
          retry_at, exit_code, error, output, output_truncated, log_lines, log_digest, child_id,
          facts)
      """;

  private static final String TRACE_ARRAYS =
      """
      unnest($%d::uuid[], $%d::int[], $%d::int[], $%d::text[], $%d::text[]) with ordinality
        as t(execution_id, step, attempt, before, after, place)
      """;

  private static final String ACCEPT =
      """
      with idempotent as (
        insert into idempotency_keys (organization_id, key, fingerprint, execution_id)
        select $3, $18, $19, $1 where $18::text is not null
        on conflict do nothing returning key),
      accepted as (
        insert into executions (id, kind, organization_id, status, name, source, source_type,
          source_commit, runner, definition, variables, timeout_millis, save_trace, log_partition,
          event_sequence, created_at, wake_at, rerun_of, limits, max_active_runs, priority,
          parent_id, parent_step, parent_attempt, depth, caller_key, traceparent)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $48, $49, $50,
          $51, $52, $53, $54, $55, $43, $61
        where $18::text is null or exists (select from idempotent)
        on conflict (id) do nothing
        returning id),
      steps as (
        insert into execution_steps (execution_id, index, name, status, attempt, runner, queued_at,
          started_at, finished_at, retry_at, exit_code, error, output, output_truncated, log_lines,
          log_digest, child_id, facts)
        select u.execution_id, u.index, n.name, u.status, u.attempt, u.runner, u.queued_at,
          u.started_at, u.finished_at, u.retry_at, u.exit_code, u.error, u.output,
          u.output_truncated, u.log_lines, u.log_digest, u.child_id, u.facts
        from %s
        join unnest($37::text[]) with ordinality as n(name, place) on n.place = u.index + 1
        where exists (select from accepted)),
      traced as (
        insert into execution_transitions (execution_id, step, attempt, before, after)
        select execution_id, step, attempt, before, after
        from %s
        where exists (select from accepted) order by place),
      told as (
        insert into outbox (topic, key, headers, payload)
        select topic, key, headers, payload
        from unnest($38::text[], $39::text[], $40::text[], $41::bytea[]) with ordinality
          as m(topic, key, headers, payload, place)
        where exists (select from accepted) order by place),
      audited as (
        insert into audit (id, organization_id, actor_id, actor_name, action, resource_kind,
          resource_id, resource_name, request_id)
        select $42, $3, $43, $44, $45, 'execution', $46, $5, $47
        where exists (select from accepted))
      select id from accepted
      """
          .formatted(stepArrays(20), traceArrays(56));

  private static final String SAVE =
      """
      with moved as (
        update executions e set status = u.status, version = e.version + 1,
          event_sequence = u.event_sequence, stop_requested_at = u.stop_requested_at,
          stop_status = u.stop_status, wake_at = u.wake_at, completed_at = u.completed_at,
          error = u.error
        from unnest($1::uuid[], $2::int[], $3::text[], $4::bigint[], $5::timestamptz[],
          $6::text[], $7::timestamptz[], $8::timestamptz[], $9::text[])
          as u(id, version, status, event_sequence, stop_requested_at, stop_status, wake_at,
            completed_at, error)
        where e.id = u.id and e.version = u.version returning e.id),
      stepped as (
        update execution_steps s set status = u.status, attempt = u.attempt, runner = u.runner,
          queued_at = u.queued_at, started_at = u.started_at, finished_at = u.finished_at,
          retry_at = u.retry_at, exit_code = u.exit_code, error = u.error, output = u.output,
          output_truncated = u.output_truncated, log_lines = u.log_lines, log_digest = u.log_digest,
          child_id = coalesce(u.child_id, s.child_id), facts = u.facts
        from %s
        where s.execution_id = u.execution_id and s.index = u.index
          and u.execution_id in (select id from moved)),
      traced as (
        insert into execution_transitions (execution_id, step, attempt, before, after)
        select execution_id, step, attempt, before, after
        from %s
        where execution_id in (select id from moved) order by place),
      told as (
        insert into outbox (topic, key, headers, payload)
        select topic, key, headers, payload
        from unnest($27::uuid[], $28::text[], $29::text[], $30::text[], $31::bytea[])
          with ordinality as m(execution_id, topic, key, headers, payload, place)
        where execution_id in (select id from moved) order by place)
      select id from moved
      """
          .formatted(stepArrays(10), traceArrays(32));

  private static final String LOAD = "select * from executions where id = any($1)";
  private static final String LOAD_STEPS =
      "select * from execution_steps where execution_id = any($1) order by execution_id, index";
  private static final String DUE =
      "select id, now() as now from executions where wake_at <= now() order by wake_at limit 200";
  private static final String REPLAYED =
      """
      select fingerprint, execution_id from idempotency_keys where organization_id = $1 and key = $2
      """;

  private static final String QUEUES_ABOVE =
      """
      with recursive above as (
        select parent_id, limits from executions where id = $1
        union all
        select e.parent_id, e.limits from executions e join above a on e.id = a.parent_id)
      select distinct unnest(limits) as queue from above
      """;

  private final Pool pool;

  ExecutionStore(Pool pool) {
    this.pool = pool;
  }

  private static String stepArrays(int first) {
    return numbered(STEP_ARRAYS, first, 17);
  }

  private static String traceArrays(int first) {
    return numbered(TRACE_ARRAYS, first, 5);
  }

  /** With the numbers of the statement's parameters, from {@code first} on. */
  private static String numbered(String arrays, int first, int count) {
    return arrays.formatted(IntStream.range(first, first + count).boxed().toArray());
  }

  /**
   * Stores a new execution; false when the idempotency key was used before, or the gate is shut.
   *
   * @param gate null = none
   */
  Uni<Boolean> accept(
      Execution execution, Effects effects, Actor actor, IdempotencyKey key, Gate gate) {
    Tuple columns = columns(execution, effects, actor, key);
    return gate == null
        ? accept(pool, columns)
        : pool.withTransaction(
                transaction ->
                    gate.open(transaction, execution.accepted().id())
                        .chain(
                            open ->
                                open
                                    ? accept(transaction, columns).invoke(NotAccepted::unless)
                                    : Uni.createFrom().item(false)))
            .onFailure(NotAccepted.class)
            .recoverWithItem(false);
  }

  /** Takes back what the gate wrote: the key had made another execution before. */
  private static final class NotAccepted extends RuntimeException {
    private static final long serialVersionUID = 1;

    static void unless(boolean accepted) {
      if (!accepted) {
        throw new NotAccepted();
      }
    }
  }

  private static Uni<Boolean> accept(SqlClient client, Tuple columns) {
    return client.preparedQuery(ACCEPT).execute(columns).map(rows -> rows.size() == 1);
  }

  private static Tuple columns(
      Execution execution, Effects effects, Actor actor, IdempotencyKey key) {
    Acceptance a = execution.accepted();
    Tuple tuple = Tuple.tuple();
    tuple.addValue(a.id()).addValue(a.kind().name()).addValue(a.organizationId());
    tuple.addValue(execution.status().text()).addValue(a.definition().name());
    tuple.addValue(a.source()).addValue(a.sourceType()).addValue(a.sourceCommit());
    tuple.addValue(a.runner()).addValue(DefinitionJson.write(a.definition()));
    tuple.addValue(VariablesJson.write(a.variables()));
    tuple.addValue(a.timeout().toMillis()).addValue(a.saveTrace()).addValue(a.logPartition());
    tuple.addValue(execution.eventSequence()).addValue(StepColumns.time(a.createdAt()));
    tuple.addValue(StepColumns.time(Engine.nextWake(execution)));
    tuple.addValue(key == null ? null : key.key());
    tuple.addValue(key == null ? null : io.vertx.core.buffer.Buffer.buffer(key.fingerprint()));
    StepColumns steps = new StepColumns();
    for (int i = 0; i < execution.size(); i++) {
      steps.add(execution, i);
    }
    steps.appendTo(tuple);
    tuple.addValue(
        a.definition().steps().stream().map(WorkflowDefinition.Step::name).toArray(String[]::new));
    append(tuple, effects.messages());
    tuple.addValue(Ids.next()).addValue(actor.keyId()).addValue(actor.name());
    tuple.addValue(a.kind().action("execute")).addValue(a.publicId());
    tuple.addValue(actor.requestId()).addValue(a.rerunOf());
    tuple.addValue(a.limits().isNone() ? null : a.limits().queues().toArray(String[]::new));
    tuple.addValue(a.limits().maxActiveRuns()).addValue(a.limits().priority());
    Parent parent = a.parent();
    tuple.addValue(parent == null ? null : parent.execution());
    tuple.addValue(parent == null ? null : parent.step());
    tuple.addValue(parent == null ? null : parent.attempt()).addValue(a.depth());
    appendTraces(tuple, List.of(execution));
    tuple.addValue(a.cause() == null ? null : a.cause().text());
    return tuple;
  }

  /** The queues that an execution passes, and those above it. */
  Uni<Set<String>> queuesAbove(UUID execution) {
    return pool.preparedQuery(QUEUES_ABOVE)
        .execute(Tuple.of(execution))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> row.getString("queue"))
                    .collect(Collectors.toSet()));
  }

  private static void appendTraces(Tuple tuple, List<Execution> executions) {
    List<UUID> owners = new ArrayList<>();
    List<Transition> all = new ArrayList<>();
    for (Execution execution : executions) {
      for (Transition transition : execution.trace()) {
        owners.add(execution.accepted().id());
        all.add(transition);
      }
    }
    tuple.addValue(owners.toArray(UUID[]::new));
    tuple.addValue(all.stream().map(Transition::step).toArray(Integer[]::new));
    tuple.addValue(all.stream().map(Transition::attempt).toArray(Integer[]::new));
    tuple.addValue(all.stream().map(Transition::before).toArray(String[]::new));
    tuple.addValue(all.stream().map(Transition::after).toArray(String[]::new));
  }

  private static void append(Tuple tuple, List<OutboxMessage> messages) {
    Outbox.Columns columns = Outbox.columns(messages);
    tuple.addValue(columns.topics()).addValue(columns.keys()).addValue(columns.headers());
    tuple.addValue(columns.payloads());
  }

  /** The execution that an idempotency key belongs to, with the fingerprint of its request. */
  record Replayed(byte[] fingerprint, UUID executionId) {}

  Uni<Replayed> replayed(UUID organization, IdempotencyKey key) {
    return used(organization, key).map(Optional::orElseThrow);
  }

  /** As {@link #replayed}; empty when the key was not used. */
  Uni<Optional<Replayed>> used(UUID organization, IdempotencyKey key) {
    return pool.preparedQuery(REPLAYED)
        .execute(Tuple.of(organization, key.key()))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> new Replayed(row.getBuffer(0).getBytes(), row.getUUID(1)))
                    .findFirst());
  }

  /** A changed execution with what it wants to be sent. */
  record Change(Execution execution, Effects effects) {}

  /** Saves all of them; answers the ids that were saved, the rest has been written by another. */
  Uni<Set<UUID>> save(Collection<Change> changes) {
    return save(pool, changes);
  }

  Uni<Set<UUID>> save(SqlClient client, Collection<Change> changes) {
    int n = changes.size();
    UUID[] ids = new UUID[n];
    Integer[] versions = new Integer[n];
    String[] statuses = new String[n];
    Long[] sequences = new Long[n];
    var stops = new java.time.OffsetDateTime[n];
    String[] stopStatuses = new String[n];
    var wakes = new java.time.OffsetDateTime[n];
    var completions = new java.time.OffsetDateTime[n];
    String[] errors = new String[n];
    StepColumns steps = new StepColumns();
    List<OutboxMessage> messages = new ArrayList<>();
    List<UUID> owners = new ArrayList<>();
    int i = 0;
    for (Change change : changes) {
      Execution execution = change.execution();
      UUID id = execution.accepted().id();
      Stop stop = execution.stop();
      ids[i] = id;
      versions[i] = execution.version();
      statuses[i] = execution.status().text();
      sequences[i] = execution.eventSequence();
      stops[i] = stop == null ? null : StepColumns.time(stop.requestedAt());
      stopStatuses[i] = stop == null ? null : stop.status().text();
      wakes[i] = StepColumns.time(Engine.nextWake(execution));
      completions[i] = StepColumns.time(execution.completedAt());
      errors[i] = execution.error();
      execution.changed().stream().forEach(step -> steps.add(execution, step));
      for (OutboxMessage message : change.effects().messages()) {
        owners.add(id);
        messages.add(message);
      }
      i++;
    }
    Tuple tuple = Tuple.tuple();
    tuple.addValue(ids).addValue(versions).addValue(statuses).addValue(sequences);
    tuple.addValue(stops).addValue(stopStatuses).addValue(wakes).addValue(completions);
    tuple.addValue(errors);
    steps.appendTo(tuple);
    tuple.addValue(owners.toArray(UUID[]::new));
    append(tuple, messages);
    appendTraces(tuple, changes.stream().map(Change::execution).toList());
    return client.preparedQuery(SAVE).execute(tuple).map(ExecutionStore::ids);
  }

  private static Set<UUID> ids(RowSet<Row> rows) {
    Set<UUID> ids = new HashSet<>();
    rows.forEach(row -> ids.add(row.getUUID(0)));
    return ids;
  }

  /** The executions whose time has come, by the database's clock. */
  record Due(Instant now, List<UUID> ids) {}

  Uni<Due> due() {
    return pool.query(DUE)
        .execute()
        .map(
            rows -> {
              List<UUID> ids = new ArrayList<>();
              Instant now = null; // of use only when there is one
              for (Row row : rows) {
                ids.add(row.getUUID(0));
                now = StepColumns.instant(row, "now");
              }
              return new Due(now, ids);
            });
  }

  /**
   * Those of the executions that exist. The row with the version is read before the steps: steps
   * that are newer than the version make the next save fail, older ones would not.
   */
  Uni<List<Execution>> load(Collection<UUID> ids) {
    Tuple tuple = Tuple.of((Object) ids.toArray(UUID[]::new));
    return pool.preparedQuery(LOAD)
        .execute(tuple)
        .chain(
            rows ->
                pool.preparedQuery(LOAD_STEPS)
                    .execute(tuple)
                    .map(steps -> executions(rows, steps)));
  }

  private static List<Execution> executions(RowSet<Row> rows, RowSet<Row> stepRows) {
    Map<UUID, List<Row>> steps = new HashMap<>();
    for (Row row : stepRows) {
      steps.computeIfAbsent(row.getUUID("execution_id"), id -> new ArrayList<>()).add(row);
    }
    List<Execution> executions = new ArrayList<>();
    for (Row row : rows) {
      executions.add(execution(row, steps.get(row.getUUID("id"))));
    }
    return executions;
  }

  private static Execution execution(Row row, List<Row> steps) {
    Execution execution = new Execution(acceptance(row));
    Instant stopped = StepColumns.instant(row, "stop_requested_at");
    Stop stop =
        stopped == null
            ? null
            : new Stop(
                stopped, ExecutionStatus.of(row.getString("stop_status")), row.getString("error"));
    ExecutionStatus status = ExecutionStatus.of(row.getString("status"));
    execution.restore(
        row.getInteger("version"),
        row.getLong("event_sequence"),
        status,
        StepColumns.instant(row, "admitted_at"),
        stop,
        steps.stream().map(StepColumns::read).toArray(StepState[]::new),
        steps.stream().map(StepColumns::facts).toArray(StepFacts[]::new));
    if (status.terminal()) {
      execution.complete(status, row.getString("error"), StepColumns.instant(row, "completed_at"));
      execution.stored();
    }
    return execution;
  }

  private static Acceptance acceptance(Row row) {
    WorkflowDefinition definition = DefinitionJson.read(row.getString("definition"));
    return new Acceptance(
        row.getUUID("id"),
        Kind.valueOf(row.getString("kind")),
        row.getUUID("organization_id"),
        definition,
        StepGraph.of(definition),
        VariablesJson.read(row.getString("variables")),
        row.getString("source"),
        row.getString("source_type"),
        row.getString("source_commit"),
        row.getString("runner"),
        Duration.ofMillis(row.getLong("timeout_millis")),
        row.getBoolean("save_trace"),
        row.getInteger("log_partition"),
        StepColumns.instant(row, "created_at"),
        row.getUUID("rerun_of"),
        limits(row),
        parent(row),
        TraceContext.parse(row.getString("traceparent")).orElse(null));
  }

  private static Parent parent(Row row) {
    UUID parent = row.getUUID("parent_id");
    return parent == null
        ? null
        : new Parent(
            parent,
            row.getInteger("parent_step"),
            row.getInteger("parent_attempt"),
            row.getInteger("depth"));
  }

  static Limits limits(Row row) {
    String[] queues = row.getArrayOfStrings("limits");
    return queues == null
        ? Limits.NONE
        : new Limits(
            List.of(queues), row.getInteger("max_active_runs"), row.getInteger("priority"));
  }
}
