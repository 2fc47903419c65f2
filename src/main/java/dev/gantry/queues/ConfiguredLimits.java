package dev.gantry.queues;

import dev.gantry.executions.QueueLimits;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The limits that are stored. */
@ApplicationScoped
class ConfiguredLimits implements QueueLimits {
  private static final long MAX_AGE_NANOS = Duration.ofSeconds(2).toNanos();
  private static final int MOST_REMEMBERED = 10_000;
  private static final String LIMITS =
      """
      select organization_id, name, max_active_runs, priority from queues
      where organization_id = any($1)
      """;

  private final Pool pool;
  private final Map<UUID, Remembered> remembered = new ConcurrentHashMap<>();

  private record Remembered(Set<String> names, long since) {
    boolean isFresh() {
      return System.nanoTime() - since < MAX_AGE_NANOS;
    }
  }

  ConfiguredLimits(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Uni<Set<String>> names(UUID organization) {
    Remembered known = remembered.get(organization);
    if (known != null && known.isFresh()) {
      return Uni.createFrom().item(known.names());
    }
    long since = System.nanoTime();
    return of(Set.of(organization))
        .map(limits -> Set.copyOf(limits.getOrDefault(organization, Map.of()).keySet()))
        .invoke(names -> remember(organization, new Remembered(names, since)));
  }

  private void remember(UUID organization, Remembered names) {
    if (remembered.size() >= MOST_REMEMBERED) {
      remembered.clear();
    }
    remembered.put(organization, names);
  }

  /** What this process remembers of the organization is out of date. */
  void changed(UUID organization) {
    remembered.remove(organization);
  }

  @Override
  public Uni<Map<UUID, Map<String, Limit>>> of(Collection<UUID> organizations) {
    return pool.preparedQuery(LIMITS)
        .execute(Tuple.of((Object) organizations.toArray(UUID[]::new)))
        .map(ConfiguredLimits::byOrganization);
  }

  private static Map<UUID, Map<String, Limit>> byOrganization(RowSet<Row> rows) {
    Map<UUID, Map<String, Limit>> limits = new HashMap<>();
    for (Row row : rows) {
      limits
          .computeIfAbsent(row.getUUID("organization_id"), id -> new HashMap<>())
          .put(
              row.getString("name"),
              new Limit(row.getInteger("max_active_runs"), row.getInteger("priority")));
    }
    return limits;
  }
}
