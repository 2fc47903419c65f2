package dev.gantry.http;

import dev.gantry.platform.Ids;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Looks keys up, at most once per key in {@value #FRESH_SECONDS} seconds, which is also how long a
 * revoked key may still work. Event loop, never blocks.
 */
@ApplicationScoped
class ApiKeys {
  static final int FRESH_SECONDS = 10;
  private static final Logger LOG = Logger.getLogger(ApiKeys.class);
  private static final int MAX_REMEMBERED = 10_000;
  private static final Duration STARTING = Duration.ofSeconds(30);

  private static final String SEED =
      """
      with org as (
        insert into organizations (id, name) values ($1, 'default')
        on conflict (name) do update set name = excluded.name returning id),
      former as (
        update api_keys set revoked_at = now()
        where name = 'admin' and revoked_at is null and key_hash <> $3
          and organization_id = (select id from org))
      insert into api_keys (id, organization_id, name, key_hash, role)
      select $2, id, 'admin', $3, 'ADMIN' from org
      on conflict (key_hash) do update set revoked_at = null
      """;

  private final Pool pool;
  private final Optional<String> adminKey;
  private final boolean api;
  private final Map<ByteBuffer, Remembered> remembered =
      Collections.synchronizedMap(
          new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Remembered> eldest) {
              return size() > MAX_REMEMBERED;
            }
          });

  private record Remembered(Optional<ApiKey> key, Instant until) {}

  ApiKeys(
      Pool pool,
      @ConfigProperty(name = "gantry.admin-api-key") Optional<String> adminKey,
      @ConfigProperty(name = "gantry.role.api") boolean api) {
    this.pool = pool;
    this.adminKey = adminKey;
    this.api = api;
  }

  /** The start-up thread may wait; replicas that start at once do no harm to each other. */
  void seed(@Observes StartupEvent event) {
    if (!api) {
      return;
    }
    if (adminKey.isEmpty()) {
      LOG.info("no GANTRY_ADMIN_API_KEY is set: only keys that are in the database are accepted");
      return;
    }
    pool.preparedQuery(SEED)
        .execute(Tuple.of(Ids.next(), Ids.next(), Buffer.buffer(ApiKey.hash(adminKey.get()))))
        .await()
        .atMost(STARTING);
  }

  /** The key that is valid now, or empty. */
  Uni<Optional<ApiKey>> find(String key) {
    byte[] hash = ApiKey.hash(key);
    Instant now = Instant.now();
    Remembered known = remembered.get(ByteBuffer.wrap(hash));
    if (known != null && now.isBefore(known.until)) {
      return Uni.createFrom().item(valid(known.key, now));
    }
    return Panache.withSession(() -> ApiKey.findByHash(hash))
        .map(
            found -> {
              Optional<ApiKey> read = Optional.ofNullable(found);
              remembered.put(
                  ByteBuffer.wrap(hash), new Remembered(read, now.plusSeconds(FRESH_SECONDS)));
              return valid(read, now);
            });
  }

  private static Optional<ApiKey> valid(Optional<ApiKey> key, Instant now) {
    return key.filter(k -> k.validAt(now));
  }
}
