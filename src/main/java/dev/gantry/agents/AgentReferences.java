package dev.gantry.agents;

import dev.gantry.platform.Ids;
import dev.gantry.resources.Fields;
import dev.gantry.resources.References;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Which agents there are; others refer to them by their id or name. */
@ApplicationScoped
class AgentReferences implements References {
  private static final String THERE_ARE =
      """
      select id, name from agents
      where organization_id = $1 and (name = any($2) or id = any($3))
      """;

  private final Pool pool;

  AgentReferences(Pool pool) {
    this.pool = pool;
  }

  @Override
  public String kind() {
    return "agent";
  }

  @Override
  public Uni<Set<String>> missing(UUID organization, Collection<String> named) {
    String[] names = named.stream().filter(Fields::isLine).toArray(String[]::new);
    UUID[] ids = named.stream().flatMap(name -> Ids.parse("", name).stream()).toArray(UUID[]::new);
    return pool.preparedQuery(THERE_ARE)
        .execute(Tuple.of(organization, names, ids))
        .map(
            rows -> {
              Set<String> missing = new HashSet<>(named);
              rows.forEach(
                  row -> {
                    missing.remove(row.getUUID("id").toString());
                    missing.remove(row.getString("name"));
                  });
              return missing;
            });
  }
}
