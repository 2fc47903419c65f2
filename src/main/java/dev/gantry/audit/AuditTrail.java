package dev.gantry.audit;

import dev.gantry.http.Actor;
import dev.gantry.platform.Ids;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Adds entries to the caller's transaction: an entry is there exactly when the change that it tells
 * of is. The time is the database's. Event loop, never blocks; fails with what the database says.
 */
@ApplicationScoped
public class AuditTrail {
  private static final String INSERT =
      """
      insert into audit (id, organization_id, actor_id, actor_name, action, resource_kind,
        resource_id, resource_name, request_id, detail)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      """;

  private static final String INSERT_IN_SESSION =
      """
      insert into audit (id, organization_id, actor_id, actor_name, action, resource_kind,
        resource_id, resource_name, request_id, detail)
      values (:id, :organization, cast(:key as uuid), :actor, :action, :kind, :resource, :name,
        :request, :detail)
      """;

  /** In the session's transaction, after what it has written so far. */
  public Uni<Void> add(Mutiny.Session session, AuditEntry entry) {
    Actor actor = entry.actor();
    return session
        .createNativeQuery(INSERT_IN_SESSION)
        .setParameter("id", Ids.next())
        .setParameter("organization", actor.organization())
        .setParameter("key", actor.keyId() == null ? null : actor.keyId().toString())
        .setParameter("actor", actor.name())
        .setParameter("action", entry.action())
        .setParameter("kind", entry.kind())
        .setParameter("resource", entry.id())
        .setParameter("name", entry.name())
        .setParameter("request", actor.requestId())
        .setParameter("detail", entry.detailJson())
        .executeUpdate()
        .replaceWithVoid();
  }

  /** On the connection, and so in its transaction; on a pool, as a transaction of its own. */
  public Uni<Void> add(SqlClient client, AuditEntry entry) {
    Actor actor = entry.actor();
    Tuple tuple = Tuple.tuple();
    tuple.addValue(Ids.next()).addValue(actor.organization()).addValue(actor.keyId());
    tuple.addValue(actor.name()).addValue(entry.action()).addValue(entry.kind());
    tuple.addValue(entry.id()).addValue(entry.name()).addValue(actor.requestId());
    tuple.addValue(entry.detailJson());
    return client.preparedQuery(INSERT).execute(tuple).replaceWithVoid();
  }
}
