package dev.gantry.integrations;

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

/** Which integrations there are; others refer to them by name. */
@ApplicationScoped
class IntegrationReferences implements References {
  private static final String THERE_ARE =
      "select name from integrations where organization_id = $1 and name = any($2)";

  private final Pool pool;

  IntegrationReferences(Pool pool) {
    this.pool = pool;
  }

  @Override
  public String kind() {
    return "integration";
  }

  @Override
  public Uni<Set<String>> missing(UUID organization, Collection<String> named) {
    // What cannot be a name may not even be text to the database.
    String[] names = named.stream().filter(Fields::isLine).toArray(String[]::new);
    return pool.preparedQuery(THERE_ARE)
        .execute(Tuple.of(organization, names))
        .map(
            rows -> {
              Set<String> missing = new HashSet<>(named);
              rows.forEach(row -> missing.remove(row.getString(0)));
              return missing;
            });
  }
}
