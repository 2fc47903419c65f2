package dev.gantry.tools;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/**
 * Reads what an organization's sources offer, in the order of names, for rooms that offer it on.
 * Event loop, never blocks.
 */
@ApplicationScoped
public class OfferedDefinitions {
  private static final String AFTER =
      """
      select d.id, d.name, d.description, d.details, s.name as source_name,
        exists (select from %1$s o
          where o.organization_id = $1 and o.name = d.name and o.id <> d.id) as shared
      from %1$s d join sources s on s.id = d.source_id
      where d.organization_id = $1 and (d.name, d.id) > ($2, $3)
      order by d.name, d.id limit $4
      """;

  private final Pool pool;
  private final NamedDefinitions definitions;

  OfferedDefinitions(Pool pool, NamedDefinitions definitions) {
    this.pool = pool;
    this.definitions = definitions;
  }

  /**
   * A tool or workflow, without its text.
   *
   * @param parameters what it takes, each with {@code name}, {@code type}, {@code required}, and
   *     perhaps {@code description}, {@code default} and {@code options}
   * @param shared another source has one of this name
   */
  public record Offered(
      UUID id,
      String name,
      String description,
      JsonNode parameters,
      String sourceName,
      boolean shared) {
    static Offered of(DefinitionKind kind, Row row) {
      JsonNode details = StoredJson.read(row.getString("details"));
      return new Offered(
          row.getUUID("id"),
          row.getString("name"),
          row.getString("description"),
          details.path(kind == DefinitionKind.TOOL ? "args" : "params"),
          row.getString("source_name"),
          row.getBoolean("shared"));
    }
  }

  /**
   * The next ones behind a name and id.
   *
   * @param name empty = from the first one on
   */
  public Uni<List<Offered>> after(
      UUID organization, DefinitionKind kind, String name, UUID id, int limit) {
    return pool.preparedQuery(AFTER.formatted(kind.table))
        .execute(Tuple.of(organization, name, id, limit))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> Offered.of(kind, row))
                    .toList());
  }

  /** Fails with 404 when the organization has no such definition. */
  public Uni<NamedDefinition> byId(UUID organization, DefinitionKind kind, UUID id) {
    return definitions.byId(organization, kind, kind.word, id.toString());
  }
}
