package dev.gantry.chat.turns;

import dev.gantry.chat.turns.Entry.Asked;
import dev.gantry.chat.turns.Entry.Called;
import dev.gantry.chat.turns.Entry.Decided;
import dev.gantry.chat.turns.Entry.Ended;
import dev.gantry.chat.turns.Entry.Verdict;
import dev.gantry.executions.AgentSteps;
import dev.gantry.executions.AgentSteps.AskedCall;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Turns and their transcripts. What is written goes by the fence: whoever has lost a turn to
 * another changes nothing any more. Any thread, never blocks; fails with what the database says.
 */
@ApplicationScoped
public class TurnStore {
  private static final String BEGIN =
      """
      with begun as (
        insert into chat_turns (execution_id, organization_id, agent_id, session_id, entries, look_at)
        values ($1, $2, $3, $4, 1, now()) on conflict (execution_id) do nothing
        returning execution_id)
      insert into chat_entries (execution_id, seq, entry)
      select execution_id, 1, $5 from begun
      """;
  private static final String OPEN =
      """
      select execution_id, coalesce(lease_until > now(), false) as held,
        look_at <= now() as due, look_at <= now() + interval '1 second' as due_soon,
        waits_for_calls
      from chat_turns where ended_at is null
      """;
  private static final String TAKE =
      """
      update chat_turns set fence = fence + 1, woken = false, lease_until = now() + make_interval(secs => $2)
      where execution_id in (
        select execution_id from chat_turns
        where execution_id = any($1) and ended_at is null
          and (lease_until is null or lease_until <= now())
        for update skip locked)
      returning execution_id, organization_id, agent_id, session_id, fence
      """;
  private static final String RENEW =
      """
      update chat_turns set lease_until = now() + make_interval(secs => $3)
      where execution_id = $1 and fence = $2 and ended_at is null returning execution_id
      """;
  private static final String RELEASE =
      """
      update chat_turns set lease_until = null, waits_for_calls = $4,
        look_at = case when woken then now() else $3 end
      where execution_id = $1 and fence = $2 and ended_at is null
      """;
  private static final String APPEND =
      """
      with mine as (
        update chat_turns set entries = entries + cardinality($4::text[]),
          ended_at = case when $5 then now() end
        where execution_id = $1 and fence = $2 and entries = $3 and ended_at is null
        returning execution_id)
      insert into chat_entries (execution_id, seq, entry)
      select execution_id, $3 + u.place, u.entry
      from mine cross join unnest($4::text[]) with ordinality as u(entry, place)
      returning seq
      """;
  private static final String SAY =
      """
      insert into chat_messages (id, organization_id, agent_id, session_id, execution_id, role, content)
      select $1, organization_id, agent_id, session_id, execution_id, 'assistant', $3 from chat_turns
      where execution_id = $2 and session_id is not null
      """;
  private static final String ENTRIES =
      "select seq, at, entry from chat_entries where execution_id = $1 and seq > $2 order by seq";
  private static final String DECISIONS =
      "select call_id, approved, decided_by, comment from chat_decisions where execution_id = $1";
  private static final String DECIDE =
      """
      with said as (
        insert into chat_decisions (execution_id, call_id, approved, decided_by, comment)
        values ($1, $2, $3, $4, $5) on conflict do nothing returning execution_id)
      update chat_turns set look_at = now(), woken = true where execution_id in (select execution_id from said)
      returning execution_id
      """;
  private static final String FIND =
      "select * from chat_turns where execution_id = $1 and organization_id = $2";
  private static final String HISTORY =
      """
      select role, content from chat_messages
      where session_id = $1 and execution_id <> $2 order by created_at desc, id desc limit $3
      """;

  private final Pool pool;
  private final EntryBell bell;
  private final AgentSteps steps;

  TurnStore(Pool pool, EntryBell bell, AgentSteps steps) {
    this.pool = pool;
    this.bell = bell;
    this.steps = steps;
  }

  /**
   * A turn that has not ended.
   *
   * @param held somebody has it
   * @param due there is something to do
   * @param waitsForCalls there is when its calls have ended
   */
  record Open(UUID execution, boolean held, boolean due, boolean dueSoon, boolean waitsForCalls) {}

  /** A turn that was taken, and by what fence. */
  record Taken(UUID execution, UUID organization, UUID agent, UUID session, int fence) {}

  /**
   * A turn as callers know it.
   *
   * @param agent null for a step of a workflow that says itself what the agent is
   */
  public record Known(UUID execution, UUID agent, UUID session) {}

  /** A message of a session. */
  record Said(String role, String content) {}

  /**
   * Begins a turn, unless it has begun.
   *
   * @param agent null = what the execution says
   */
  public Uni<Void> begin(
      SqlClient client, UUID execution, UUID organization, UUID agent, UUID session, Asked asked) {
    return client
        .preparedQuery(BEGIN)
        .execute(Tuple.of(execution, organization, agent, session).addValue(Stored.write(asked)))
        .replaceWithVoid();
  }

  Uni<Void> begin(UUID execution, UUID organization, Asked asked) {
    return begin(pool, execution, organization, null, null, asked);
  }

  Uni<List<Open>> open() {
    return pool.query(OPEN)
        .execute()
        .map(
            rows ->
                list(
                    rows,
                    row ->
                        new Open(
                            row.getUUID("execution_id"),
                            row.getBoolean("held"),
                            row.getBoolean("due"),
                            row.getBoolean("due_soon"),
                            row.getBoolean("waits_for_calls"))));
  }

  /** Those of the turns that nobody has are the caller's now, for the length of a lease. */
  Uni<List<Taken>> take(Collection<UUID> executions, Duration lease) {
    return pool.preparedQuery(TAKE)
        .execute(Tuple.of(executions.toArray(UUID[]::new), seconds(lease)))
        .map(rows -> list(rows, TurnStore::taken));
  }

  private static Taken taken(Row row) {
    return new Taken(
        row.getUUID("execution_id"),
        row.getUUID("organization_id"),
        row.getUUID("agent_id"),
        row.getUUID("session_id"),
        row.getInteger("fence"));
  }

  /** False when the turn is another's. */
  Uni<Boolean> renew(Taken turn, Duration lease) {
    return pool.preparedQuery(RENEW)
        .execute(Tuple.of(turn.execution(), turn.fence(), seconds(lease)))
        .map(rows -> rows.size() == 1);
  }

  /**
   * Lets go of the turn.
   *
   * @param lookAt when there is something to do at the latest
   * @param calls there is when its calls have ended
   */
  Uni<Void> release(Taken turn, Instant lookAt, boolean calls) {
    return pool.preparedQuery(RELEASE)
        .execute(Tuple.of(turn.execution(), turn.fence(), time(lookAt), calls))
        .replaceWithVoid();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private static OffsetDateTime time(Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  /**
   * Adds entries behind the ones that there are; false, and nothing is added, when the turn is
   * another's. Of calls that wait for a person the world is told with it.
   *
   * @param length how many entries there are
   */
  Uni<Boolean> append(Taken turn, int length, List<? extends Entry> entries) {
    List<AskedCall> asked = asked(entries);
    Uni<Boolean> added =
        asked.isEmpty()
            ? append(pool, turn, length, entries, false)
            : steps.askApproval(
                turn.execution(),
                asked,
                (transaction, execution) -> append(transaction, turn, length, entries, false));
    return added.invoke(done -> bell.ring(turn.execution()));
  }

  private static List<AskedCall> asked(List<? extends Entry> entries) {
    return entries.stream()
        .filter(entry -> entry instanceof Called called && called.verdict() == Verdict.ASK)
        .map(Called.class::cast)
        .map(call -> new AskedCall(call.callId(), call.tool(), call.args(), call.reason()))
        .toList();
  }

  private static Uni<Boolean> append(
      SqlClient client, Taken turn, int length, List<? extends Entry> entries, boolean last) {
    String[] texts = entries.stream().map(Stored::write).toArray(String[]::new);
    return client
        .preparedQuery(APPEND)
        .execute(Tuple.of(turn.execution(), turn.fence(), length, texts, last))
        .map(rows -> rows.size() == texts.length);
  }

  /**
   * Adds the last entry, and the response to what was said.
   *
   * @param message the id that the response gets there
   */
  Uni<Boolean> end(Taken turn, int length, Ended ended, UUID message) {
    return pool.withTransaction(
            connection ->
                append(connection, turn, length, List.of(ended), true)
                    .call(
                        added ->
                            added && ended.response() != null
                                ? connection
                                    .preparedQuery(SAY)
                                    .execute(
                                        Tuple.of(message, turn.execution(), text(ended.response())))
                                : Uni.createFrom().voidItem()))
        .invoke(added -> bell.ring(turn.execution()));
  }

  /** PostgreSQL's text holds no NUL; a model's may. */
  private static String text(String value) {
    return value.replace('\0', '\uFFFD');
  }

  /** The entries behind {@code seq}. */
  public Uni<List<Stored>> entries(UUID execution, int seq) {
    return pool.preparedQuery(ENTRIES)
        .execute(Tuple.of(execution, seq))
        .map(
            rows ->
                list(
                    rows,
                    row ->
                        new Stored(
                            row.getInteger("seq"),
                            row.getOffsetDateTime("at").toInstant(),
                            Stored.read(row.getString("entry")))));
  }

  public Uni<Transcript> transcript(UUID execution) {
    return entries(execution, 0).map(Transcript::new);
  }

  /** What people have said to a turn's calls, by the call. */
  Uni<Map<String, Decided>> decisions(UUID execution) {
    return pool.preparedQuery(DECISIONS)
        .execute(Tuple.of(execution))
        .map(
            rows ->
                list(
                        rows,
                        row ->
                            new Decided(
                                row.getString("call_id"),
                                row.getBoolean("approved"),
                                row.getString("decided_by"),
                                row.getString("comment"),
                                null))
                    .stream()
                    .collect(Collectors.toMap(Decided::callId, decided -> decided)));
  }

  /** Keeps what a person says to a call; false when somebody has said something before. */
  public Uni<Boolean> decide(SqlClient client, UUID execution, Decided decided) {
    return client
        .preparedQuery(DECIDE)
        .execute(
            Tuple.of(execution, decided.callId(), decided.approved(), decided.by())
                .addValue(decided.comment()))
        .map(rows -> rows.size() == 1);
  }

  /** Empty when the organization has no such turn. */
  public Uni<Optional<Known>> find(UUID organization, UUID execution) {
    return pool.preparedQuery(FIND)
        .execute(Tuple.of(execution, organization))
        .map(
            rows ->
                list(
                        rows,
                        row ->
                            new Known(
                                row.getUUID("execution_id"),
                                row.getUUID("agent_id"),
                                row.getUUID("session_id")))
                    .stream()
                    .findFirst());
  }

  /** What was said in a session beside a turn, newest first. */
  Uni<List<Said>> history(UUID session, UUID execution, int most) {
    return pool.preparedQuery(HISTORY)
        .execute(Tuple.of(session, execution, most))
        .map(rows -> list(rows, row -> new Said(row.getString("role"), row.getString("content"))));
  }

  private static <T> List<T> list(RowSet<Row> rows, Function<Row, T> of) {
    return StreamSupport.stream(rows.spliterator(), false).map(of).toList();
  }
}
