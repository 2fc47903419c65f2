package dev.gantry.sources;

import dev.gantry.platform.Ids;
import dev.gantry.resources.References;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Which sources there are; others refer to them by their id. */
@ApplicationScoped
class SourceReferences implements References {
  private static final String THERE_ARE =
      "select id from sources where organization_id = $1 and id = any($2)";

  private final Pool pool;

  SourceReferences(Pool pool) {
    this.pool = pool;
  }

  @Override
  public String kind() {
    return "source";
  }

  @Override
  public Uni<Set<String>> missing(UUID organization, Collection<String> named) {
    Set<String> missing = new HashSet<>(named);
    UUID[] ids = named.stream().flatMap(name -> Ids.parse("", name).stream()).toArray(UUID[]::new);
    if (ids.length == 0) {
      return Uni.createFrom().item(missing);
    }
    return pool.preparedQuery(THERE_ARE)
        .execute(Tuple.of(organization, ids))
        .map(
            rows -> {
              rows.forEach(row -> missing.remove(row.getUUID(0).toString()));
              return missing;
            });
  }
}
