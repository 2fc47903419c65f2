package dev.gantry.http;

import dev.gantry.http.Caller.Role;
import dev.gantry.platform.Ids;
import dev.gantry.platform.StartOrder;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Looks keys up, at most once per key in {@value #FRESH_SECONDS} seconds, which is also how long a
 * revoked key may still work on another process than the one that revoked it. Event loop, never
 * blocks.
 */
@ApplicationScoped
public class ApiKeys {
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
        delete from api_keys
        where seeded and key_hash <> $3 and organization_id = (select id from org))
      insert into api_keys (id, organization_id, name, key_hash, role, seeded)
      select $2, id, 'admin', $3, 'ADMIN', true from org
      on conflict (key_hash) do nothing
      """;

  // The time of use is written once a minute, and in the same round trip.
  private static final String FIND =
      """
      with used as (
        update api_keys set last_used_at = now()
        where key_hash = $1
          and (last_used_at is null or last_used_at < now() - interval '1 minute'))
      select id, organization_id, name, role, scope, runner, expires_at from api_keys
      where key_hash = $1
      union all
      select id, organization_id, name, role, scope, runner, expires_at from step_keys
      where token_hash = $1
      """;

  private static final Optional<CallerKey> SHARED_RUNNER =
      Optional.of(
          new CallerKey(null, null, "shared runners", Role.RUNNER, Scopes.of(""), null, null));

  private final Pool pool;
  private final Optional<String> adminKey;
  private final Optional<ByteBuffer> sharedRunner;
  private final boolean api;
  private CompletableFuture<Void> seeded = CompletableFuture.completedFuture(null);
  private final Map<ByteBuffer, Remembered> remembered =
      Collections.synchronizedMap(
          new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Remembered> eldest) {
              return size() > MAX_REMEMBERED;
            }
          });

  private record Remembered(Optional<CallerKey> key, Instant until) {}

  ApiKeys(
      Pool pool,
      @ConfigProperty(name = "gantry.admin-api-key") Optional<String> adminKey,
      @ConfigProperty(name = "gantry.runner.token") Optional<String> sharedRunnerToken,
      @ConfigProperty(name = "gantry.role.api") boolean api) {
    this.pool = pool;
    this.adminKey = adminKey;
    this.sharedRunner = sharedRunnerToken.map(CallerKey::hash).map(ByteBuffer::wrap);
    this.api = api;
  }

  /** Beside the rest of the start; replicas that start at once do no harm to each other. */
  void seed(@Observes @Priority(StartOrder.BEFORE_CHANNELS) StartupEvent event) {
    if (!api) {
      return;
    }
    if (adminKey.isEmpty()) {
      LOG.info("no GANTRY_ADMIN_API_KEY is set: only keys that are in the database are accepted");
      return;
    }
    seeded =
        pool.preparedQuery(SEED)
            .execute(
                Tuple.of(Ids.next(), Ids.next(), Buffer.buffer(CallerKey.hash(adminKey.get()))))
            .replaceWithVoid()
            .subscribeAsCompletionStage();
  }

  /** Who calls once this process is ready has the key in the database. */
  void requireSeeded(@Observes @Priority(StartOrder.LAST) StartupEvent event) {
    Uni.createFrom().completionStage(seeded).await().atMost(STARTING);
  }

  /** Forgets a key that has been revoked, so that this process refuses it from now on. */
  public void revoked(UUID id) {
    synchronized (remembered) {
      remembered
          .values()
          .removeIf(known -> known.key.filter(key -> id.equals(key.id())).isPresent());
    }
  }

  /** The key that is valid now, or empty. */
  Uni<Optional<CallerKey>> find(String key) {
    ByteBuffer hash = ByteBuffer.wrap(CallerKey.hash(key));
    if (sharedRunner.filter(hash::equals).isPresent()) {
      return Uni.createFrom().item(SHARED_RUNNER);
    }
    Instant now = Instant.now();
    Remembered known = remembered.get(hash);
    if (known != null && now.isBefore(known.until)) {
      return Uni.createFrom().item(valid(known.key, now));
    }
    return pool.preparedQuery(FIND)
        .execute(Tuple.of(Buffer.buffer(hash.array())))
        .map(
            rows -> {
              Optional<CallerKey> read =
                  rows.size() == 0 ? Optional.empty() : Optional.of(read(rows.iterator().next()));
              remembered.put(hash, new Remembered(read, now.plusSeconds(FRESH_SECONDS)));
              return valid(read, now);
            });
  }

  private static CallerKey read(Row row) {
    OffsetDateTime expires = row.getOffsetDateTime("expires_at");
    return new CallerKey(
        row.getUUID("id"),
        row.getUUID("organization_id"),
        row.getString("name"),
        Role.valueOf(row.getString("role")),
        Scopes.of(row.getString("scope")),
        row.getString("runner"),
        expires == null ? null : expires.toInstant());
  }

  private static Optional<CallerKey> valid(Optional<CallerKey> key, Instant now) {
    return key.filter(k -> k.validAt(now));
  }
}
