package dev.gantry.chat;

import dev.gantry.agents.AgentProfile;
import dev.gantry.chat.turns.Entry.Asked;
import dev.gantry.chat.turns.TurnStore;
import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import dev.gantry.platform.Ids;
import dev.gantry.retention.KeptElsewhere;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** Sessions and what was said in them. Event loop, never blocks. */
@ApplicationScoped
class Conversations implements KeptElsewhere {
  private static final String UNIQUE_VIOLATION = "23505";

  private static final String HAS =
      "select from chat_sessions where id = $1 and organization_id = $2 and agent_id = $3";
  private static final String SESSION =
      """
      insert into chat_sessions (id, organization_id, agent_id) values ($1, $2, $3)
      on conflict (id) do update set updated_at = now()
      """;
  private static final String SAY =
      """
      insert into chat_messages (id, organization_id, agent_id, session_id, execution_id, role, content)
      values ($1, $2, $3, $4, $5, 'user', $6)
      """;
  private static final String MESSAGES =
      """
      select id, role, content, created_at, session_id, execution_id, count(*) over () as total
      from chat_messages
      where organization_id = $1 and agent_id = $2 and ($3::uuid is null or session_id = $3)
        and ($4::timestamptz is null or created_at >= $4)
      order by created_at, id offset $5 limit $6
      """;
  private static final String COUNT_MESSAGES =
      """
      select count(*) as total from chat_messages
      where organization_id = $1 and agent_id = $2 and ($3::uuid is null or session_id = $3)
        and ($4::timestamptz is null or created_at >= $4)
      """;
  private static final String SESSIONS =
      """
      select s.id, s.created_at, s.updated_at,
        (select count(*) from chat_messages m where m.session_id = s.id) as messages,
        (select count(*) from chat_sessions where organization_id = $1 and agent_id = $2) as total
      from chat_sessions s where s.organization_id = $1 and s.agent_id = $2
      order by s.updated_at desc, s.id offset $3 limit $4
      """;
  private static final String REMOVE =
      """
      with turns as (delete from chat_turns where execution_id >= $1 and execution_id < $2),
        entries as (delete from chat_entries where execution_id >= $1 and execution_id < $2),
        decisions as (delete from chat_decisions where execution_id >= $1 and execution_id < $2),
        messages as (delete from chat_messages where execution_id >= $1 and execution_id < $2)
      delete from chat_sessions s where updated_at < now() - interval '1 day'
        and not exists (select from chat_messages m where m.session_id = s.id
          and not (m.execution_id >= $1 and m.execution_id < $2))
      """;

  private final Pool pool;
  private final TurnStore turns;

  Conversations(Pool pool, TurnStore turns) {
    this.pool = pool;
    this.turns = turns;
  }

  /** A page of a list, and how many there are in all. */
  record Page<T>(List<T> items, long total) {}

  /** Fails with 400 unless it is a session of the agent. */
  Uni<Void> require(UUID session, UUID organization, UUID agent) {
    return pool.preparedQuery(HAS)
        .execute(Tuple.of(session, organization, agent))
        .invoke(
            rows -> {
              if (rows.size() == 0) {
                throw ChatRequest.noSession(session.toString());
              }
            })
        .replaceWithVoid();
  }

  /** Within the acceptance of a turn; fails with 409 when another turn of the session goes on. */
  Uni<Boolean> begin(
      SqlConnection transaction,
      UUID execution,
      UUID organization,
      AgentProfile agent,
      UUID session,
      Asked asked) {
    return transaction
        .preparedQuery(SESSION)
        .execute(Tuple.of(session, organization, agent.id()))
        .chain(() -> turns.begin(transaction, execution, organization, agent.id(), session, asked))
        .onFailure(Conversations::isTaken)
        .transform(taken -> underWay(session))
        .chain(
            () ->
                transaction
                    .preparedQuery(SAY)
                    .execute(
                        Tuple.of(Ids.next(), organization, agent.id(), session, execution)
                            .addValue(asked.message())))
        .replaceWith(true);
  }

  private static boolean isTaken(Throwable failure) {
    return failure instanceof PgException refused && UNIQUE_VIOLATION.equals(refused.getSqlState());
  }

  private static ApiException underWay(UUID session) {
    return new ApiException(
        ErrorCode.CONFLICT,
        "A message of this session is being answered: wait for its end, cancel it, or begin"
            + " another session",
        Map.of("field", "session_id", "session_id", session));
  }

  /**
   * @param session null = of all
   * @param since null = from the beginning
   */
  Uni<Page<ChatMessage>> messages(
      UUID organization, UUID agent, UUID session, Instant since, int offset, int limit) {
    Tuple where =
        Tuple.of(
            organization, agent, session, since == null ? null : since.atOffset(ZoneOffset.UTC));
    Tuple page = Tuple.tuple();
    for (int i = 0; i < where.size(); i++) {
      page.addValue(where.getValue(i));
    }
    page.addValue(offset).addValue(limit);
    return pool.preparedQuery(MESSAGES)
        .execute(page)
        .chain(
            rows ->
                rows.size() > 0
                    ? Uni.createFrom().item(page(rows, ChatMessage::of))
                    : pool.preparedQuery(COUNT_MESSAGES)
                        .execute(where)
                        .map(count -> new Page<>(List.of(), total(count))));
  }

  /** Those that were spoken in last come first. */
  Uni<Page<ChatSession>> sessions(UUID organization, UUID agent, int offset, int limit) {
    return pool.preparedQuery(SESSIONS)
        .execute(Tuple.of(organization, agent, offset, limit))
        .map(rows -> page(rows, ChatSession::of));
  }

  private static <T> Page<T> page(RowSet<Row> rows, Function<Row, T> of) {
    List<T> items = StreamSupport.stream(rows.spliterator(), false).map(of).toList();
    return new Page<>(items, rows.size() == 0 ? 0 : total(rows));
  }

  private static long total(RowSet<Row> rows) {
    return rows.iterator().next().getLong("total");
  }

  @Override
  public Uni<Void> remove(UUID from, UUID to) {
    return pool.preparedQuery(REMOVE).execute(Tuple.of(from, to)).replaceWithVoid();
  }
}
