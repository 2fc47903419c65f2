package dev.gantry.agents;

import dev.gantry.platform.Ids;
import dev.gantry.resources.Fields;
import dev.gantry.resources.JsonColumn;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Finds agents for other rooms. Any thread, never blocks. */
@ApplicationScoped
public class AgentProfiles {
  private static final JsonColumn.Texts TEXTS = new JsonColumn.Texts();
  private static final JsonColumn.Variables VARIABLES = new JsonColumn.Variables();
  private static final AgentPolicy.InColumn POLICY = new AgentPolicy.InColumn();

  /** One with this id goes before one with this name. */
  private static final String FIND =
      """
      select * from agents where organization_id = $1 and (id = $2 or name = $3)
      order by id = $2 desc nulls last limit 1
      """;

  private final Pool pool;

  AgentProfiles(Pool pool) {
    this.pool = pool;
  }

  /**
   * Empty when the organization has no such agent.
   *
   * @param agent its id or name
   */
  public Uni<Optional<AgentProfile>> find(UUID organization, String agent) {
    if (agent == null || !Fields.isLine(agent)) {
      return Uni.createFrom().item(Optional.empty());
    }
    return pool.preparedQuery(FIND)
        .execute(Tuple.of(organization, Ids.parse("", agent).orElse(null), agent))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .findFirst()
                    .map(AgentProfiles::profile));
  }

  private static AgentProfile profile(Row row) {
    AgentPolicy policy = POLICY.convertToEntityAttribute(row.getString("policy"));
    return new AgentProfile(
        row.getUUID("id"),
        row.getString("name"),
        row.getString("status").equals(Agent.ACTIVE),
        TEXTS.convertToEntityAttribute(row.getString("sources")),
        TEXTS.convertToEntityAttribute(row.getString("secrets")),
        VARIABLES.convertToEntityAttribute(row.getString("environment_variables")),
        text(row, "runner"),
        text(row, "ai_instructions"),
        text(row, "llm_model"),
        policy == null ? AgentPolicy.NONE : policy);
  }

  private static String text(Row row, String column) {
    String text = row.getString(column);
    return text.isEmpty() ? null : text;
  }
}
