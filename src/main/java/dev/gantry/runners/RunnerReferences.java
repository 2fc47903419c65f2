package dev.gantry.runners;

import dev.gantry.messaging.TopicCatalog;
import dev.gantry.resources.References;
import dev.gantry.runners.protocol.Heartbeat;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Which runners an organization may send work to: those that it has registered and those that are
 * shared. Another organization's is as one that is not there. Whether a name is shared is
 * remembered for {@value #FRESH_SECONDS} seconds; no organization can take a name that is served.
 */
@ApplicationScoped
class RunnerReferences implements References {
  private static final int FRESH_SECONDS = 5;
  private static final int MAX_REMEMBERED = 1_000;
  private static final String STANDING =
      """
      select
        exists (select from runner_names where name = $1 and organization_id is not null) as owned,
        exists (select from runners where name = $1 and organization_id = $2) as registered
      """;

  private final Pool pool;
  private final TopicCatalog catalog;

  /** Until when names are taken as shared, by the clock of {@link System#nanoTime}. */
  private final Map<String, Long> shared = new ConcurrentHashMap<>();

  RunnerReferences(Pool pool, TopicCatalog catalog) {
    this.pool = pool;
    this.catalog = catalog;
  }

  @Override
  public String kind() {
    return "runner";
  }

  @Override
  public String hint() {
    return "; GET /api/v1/runners lists those that there are";
  }

  @Override
  public Uni<Set<String>> missing(UUID organization, Collection<String> named) {
    return Multi.createFrom()
        .iterable(named)
        .onItem()
        .transformToUniAndConcatenate(
            name -> isThere(organization, name).map(there -> Map.entry(name, there)))
        .filter(entry -> !entry.getValue())
        .map(Map.Entry::getKey)
        .collect()
        .with(Collectors.toSet());
  }

  private Uni<Boolean> isThere(UUID organization, String name) {
    Long until = shared.get(name);
    if (until != null && until - System.nanoTime() > 0) {
      return Uni.createFrom().item(true);
    }
    // What cannot be a runner's name may not even be text to the database.
    return Heartbeat.NAME.matcher(name).matches()
        ? look(organization, name)
        : Uni.createFrom().item(false);
  }

  private Uni<Boolean> look(UUID organization, String name) {
    return pool.preparedQuery(STANDING)
        .execute(Tuple.of(name, organization))
        .map(rows -> rows.iterator().next())
        .chain(
            (Row row) -> {
              if (row.getBoolean("registered")) {
                return catalog.createCommands(name).replaceWith(true);
              }
              return row.getBoolean("owned")
                  ? Uni.createFrom().item(false)
                  : catalog.hasRunner(name).invoke(served -> remember(name, served));
            });
  }

  private void remember(String name, boolean served) {
    if (shared.size() >= MAX_REMEMBERED) {
      shared.clear();
    }
    if (served) {
      shared.put(name, System.nanoTime() + Duration.ofSeconds(FRESH_SECONDS).toNanos());
    }
  }
}
