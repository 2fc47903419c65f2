package dev.gantry.tools;

import dev.gantry.http.ApiException;
import dev.gantry.platform.Ids;
import dev.gantry.resources.Fields;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Finds one definition, with the commit that it was read from, in one statement. Event loop, never
 * blocks.
 */
@ApplicationScoped
public class NamedDefinitions {
  private static final int MAX_LINE = 255;

  /** As many as an error names, and one more. */
  private static final int MAX_FOUND = 21;

  private static final String SELECT =
      """
      select d.id, d.name, d.description, d.details, d.definition, d.file, d.created_at,
        d.updated_at, s.id as source, s.name as source_name,
        s.origin::json ->> 'type' as source_type, nullif(s.runner, '') as runner, s.commit
      from %s d join sources s on s.id = d.source_id
      where d.organization_id = $1 and\s""";

  private static final String BY_NAME =
      SELECT
          + """
          d.name = $2 and ($3::text is null or s.name = $3 or s.id::text = $3)
          order by s.name limit $4
          """;

  private static final String BY_ID = SELECT + "d.id = $2";

  /** In the order in which the sources are named, and of each by name. */
  private static final String OF_SOURCES =
      SELECT
          + """
          (s.id::text = any($2) or s.name = any($2))
          order by least(array_position($2::text[], s.id::text), array_position($2::text[], s.name)),
            d.name
          limit $3
          """;

  private final Pool pool;

  NamedDefinitions(Pool pool) {
    this.pool = pool;
  }

  /**
   * The definition of this name.
   *
   * @param field that has the name in the request
   * @param source a source's id or name; null = any that has it
   * @return fails with 400 when there is none, or several
   */
  public Uni<NamedDefinition> named(
      UUID organization, DefinitionKind kind, String field, String name, String source) {
    new Fields()
        .required(field, name)
        .line(field, name, MAX_LINE)
        .line("source", source, MAX_LINE)
        .check();
    return pool.preparedQuery(BY_NAME.formatted(kind.table))
        .execute(Tuple.of(organization, name, source, MAX_FOUND))
        .map(rows -> StreamSupport.stream(rows.spliterator(), false).toList())
        .map(rows -> only(rows, kind, field, name, source));
  }

  /**
   * The tools of some sources.
   *
   * @param sources their ids or names; one that there is not has none
   * @param most how many are answered
   */
  public Uni<List<NamedDefinition>> tools(UUID organization, List<String> sources, int most) {
    return pool.preparedQuery(OF_SOURCES.formatted(DefinitionKind.TOOL.table))
        .execute(Tuple.of(organization, sources.toArray(String[]::new), most))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(NamedDefinitions::definition)
                    .toList());
  }

  private static NamedDefinition only(
      List<Row> rows, DefinitionKind kind, String field, String name, String source) {
    if (rows.isEmpty()) {
      throw ApiException.invalid(
          field,
          "no %s '%s' in %s; GET /%s lists what there is"
              .formatted(
                  kind.word,
                  name,
                  source == null ? "any source" : "a source '" + source + "'",
                  kind.table));
    }
    if (rows.size() > 1) {
      throw ApiException.invalid(
          "source",
          "several sources have the %s '%s'; name one of: %s"
              .formatted(kind.word, name, sources(rows)));
    }
    return definition(rows.get(0));
  }

  private static String sources(List<Row> rows) {
    String named =
        rows.stream()
            .limit(MAX_FOUND - 1)
            .map(row -> row.getString("source_name") + " (" + row.getUUID("source") + ")")
            .collect(Collectors.joining(", "));
    return rows.size() < MAX_FOUND ? named : named + ", …";
  }

  /** Fails with 404 when the organization has no such definition. */
  Uni<NamedDefinition> byId(UUID organization, DefinitionKind kind, String word, String given) {
    UUID id = Ids.parse("", given).orElseThrow(() -> ApiException.notFound(word, given));
    return pool.preparedQuery(BY_ID.formatted(kind.table))
        .execute(Tuple.of(organization, id))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw ApiException.notFound(word, given);
              }
              return definition(rows.iterator().next());
            });
  }

  private static NamedDefinition definition(Row row) {
    return new NamedDefinition(
        row.getUUID("id"),
        row.getString("name"),
        row.getString("description"),
        row.getString("details"),
        row.getString("definition"),
        row.getString("file"),
        row.getUUID("source"),
        row.getString("source_name"),
        row.getString("source_type"),
        row.getString("runner"),
        row.getString("commit"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("updated_at").toInstant());
  }
}
