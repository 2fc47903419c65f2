package dev.gantry.runners;

import dev.gantry.runners.protocol.Heartbeat;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.reflect.Array;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Keeps what runners tell of themselves. When an instance was seen is the database's time; which of
 * two heartbeats is the newer one is told by their count, so that a late or repeated one changes
 * nothing, whatever the clocks say. Event loop, never blocks.
 */
@ApplicationScoped
class RunnerInstances {
  static final Comparator<Heartbeat> BY_SEQUENCE = Comparator.comparingLong(Heartbeat::sequence);

  private static final String KEEP =
      """
      insert into runner_instances as known (
        runner, instance, sequence, started_at, backend, version, cpu_millis, memory_bytes,
        used_cpu_millis, used_memory_bytes, slots, used_slots, interval_millis, stopped)
      select * from unnest(
        $1::text[], $2::text[], $3::bigint[], $4::timestamptz[], $5::text[], $6::text[],
        $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::int[], $12::int[],
        $13::bigint[], $14::boolean[])
      on conflict (runner, instance) do update set
        sequence = excluded.sequence, backend = excluded.backend, version = excluded.version,
        cpu_millis = excluded.cpu_millis, memory_bytes = excluded.memory_bytes,
        used_cpu_millis = excluded.used_cpu_millis,
        used_memory_bytes = excluded.used_memory_bytes,
        slots = excluded.slots, used_slots = excluded.used_slots,
        interval_millis = excluded.interval_millis, stopped = excluded.stopped,
        last_seen = now()
      where known.sequence < excluded.sequence
      """;

  /** The last one of a runner that is registered stays: it tells when the runner was last seen. */
  private static final String FORGET =
      """
      delete from runner_instances gone
      where last_seen < now() - interval '1 day' and (
        exists (
          select from runner_instances later
          where later.runner = gone.runner and later.last_seen > gone.last_seen)
        or not exists (select from runners where name = gone.runner))
      """;

  private final Pool pool;

  RunnerInstances(Pool pool) {
    this.pool = pool;
  }

  /** Takes them over, at most one of each instance, and forgets instances gone for a day. */
  Uni<Void> keep(List<Heartbeat> heartbeats) {
    return heartbeats.isEmpty()
        ? Uni.createFrom().voidItem()
        : pool.preparedQuery(KEEP)
            .execute(Tuple.from(columns(heartbeats)))
            .chain(() -> pool.query(FORGET).execute())
            .replaceWithVoid();
  }

  private static List<Object> columns(List<Heartbeat> heartbeats) {
    return Stream.<Function<Heartbeat, Object>>of(
            Heartbeat::runner,
            Heartbeat::instance,
            Heartbeat::sequence,
            heartbeat -> heartbeat.startedAt().atOffset(ZoneOffset.UTC),
            Heartbeat::backend,
            Heartbeat::version,
            heartbeat -> heartbeat.capacity().cpuMillis(),
            heartbeat -> heartbeat.capacity().memoryBytes(),
            heartbeat -> heartbeat.usage().cpuMillis(),
            heartbeat -> heartbeat.usage().memoryBytes(),
            heartbeat -> heartbeat.slots().total(),
            heartbeat -> heartbeat.slots().used(),
            Heartbeat::intervalMillis,
            Heartbeat::stopping)
        .<Object>map(column -> column(heartbeats, column))
        .toList();
  }

  /** An array of the column's own type, as the driver needs it. */
  private static Object column(List<Heartbeat> heartbeats, Function<Heartbeat, Object> value) {
    Object first = value.apply(heartbeats.get(0));
    Object[] array = (Object[]) Array.newInstance(first.getClass(), heartbeats.size());
    for (int i = 0; i < array.length; i++) {
      array[i] = value.apply(heartbeats.get(i));
    }
    return array;
  }
}
