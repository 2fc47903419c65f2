package dev.gantry.retention;

import dev.gantry.database.DatabaseClock;
import dev.gantry.platform.Rounds;
import dev.gantry.retention.Partitions.Partition;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Keeps the partitions: there is always one for the next days, and none whose executions all ended,
 * or whose events were all told, longer ago than they are kept. Everything of a round is one
 * transaction, which waits for nobody for long: a table that is in use is left to the next round.
 * Never blocks.
 */
@ApplicationScoped
class Retention {
  private static final Logger LOG = Logger.getLogger(Retention.class);
  private static final Duration PERIOD = Duration.ofMinutes(10);

  /** No id is of a time that is so far ahead. */
  private static final Duration NEVER_AHEAD = Duration.ofDays(1);

  private final Pool pool;
  private final DatabaseClock clock;
  private final RetentionConfig config;
  private final boolean enabled;
  private final Instance<KeptElsewhere> elsewhere;
  private final Rounds rounds;

  Retention(
      Vertx vertx,
      Pool pool,
      DatabaseClock clock,
      RetentionConfig config,
      @Any Instance<KeptElsewhere> elsewhere,
      @ConfigProperty(name = "gantry.role.engine") boolean enabled) {
    this.pool = pool;
    this.clock = clock;
    this.config = config;
    this.elsewhere = elsewhere;
    this.enabled = enabled;
    this.rounds = new Rounds("old executions", vertx, PERIOD, this::round);
  }

  void start(@Observes StartupEvent event) {
    if (enabled) {
      rounds.start();
      rounds.look();
    }
  }

  void stop(@Observes ShutdownEvent event) {
    rounds.stop();
  }

  Uni<Void> round() {
    return pool.withTransaction(
        connection -> {
          return connection
              .query("set local lock_timeout = '2s'")
              .execute()
              .chain(() -> Partitions.lock(connection))
              .chain(mine -> mine ? round(connection) : Uni.createFrom().voidItem());
        });
  }

  private Uni<Void> round(SqlConnection connection) {
    Instant now = clock.now();
    Partitions executions = new Partitions(connection, Cut.EXECUTIONS);
    Partitions events = new Partitions(connection, Cut.EVENTS);
    return round(executions, config.executions(), now, this::removeElsewhere)
        .chain(() -> round(events, config.events(), now, old -> Uni.createFrom().voidItem()));
  }

  /**
   * @param before done with those that will be dropped
   */
  private Uni<Void> round(
      Partitions partitions,
      Duration retention,
      Instant now,
      Function<List<Partition>, Uni<Void>> before) {
    return partitions
        .all()
        .chain(
            all ->
                old(partitions, all, retention, now)
                    .call(before::apply)
                    .call(() -> makeMissing(partitions, all, Period.length(retention), now))
                    .call(old -> drop(partitions, old))
                    .chain(old -> deleteStrays(partitions, oldest(all, old), now)));
  }

  private Uni<Void> makeMissing(
      Partitions partitions, List<Partition> all, Duration length, Instant now) {
    List<Period> missing = new ArrayList<>();
    Period last = all.get(all.size() - 1).period();
    while (last.to().isBefore(now.plus(length).plus(length))) {
      last = last.next(length);
      missing.add(last);
    }
    return Multi.createFrom()
        .iterable(missing)
        .onItem()
        .transformToUniAndConcatenate(partitions::make)
        .collect()
        .asList()
        .replaceWithVoid();
  }

  /** Those that hold nothing that is still kept. */
  private Uni<List<Partition>> old(
      Partitions partitions, List<Partition> all, Duration retention, Instant now) {
    Instant cut = retention.isZero() ? Instant.EPOCH : now.minus(retention);
    return Multi.createFrom()
        .iterable(all)
        .select()
        .first(partition -> !partition.period().to().isAfter(cut))
        .select()
        .when(partition -> partitions.isWanted(partition, cut).map(wanted -> !wanted))
        .collect()
        .asList();
  }

  /** Before anything is changed: that would lock tables for as long as another system takes. */
  private Uni<Void> removeElsewhere(List<Partition> old) {
    return Multi.createFrom()
        .iterable(old)
        .onItem()
        .transformToMultiAndConcatenate(
            partition ->
                Multi.createFrom()
                    .iterable(elsewhere)
                    .onItem()
                    .transformToUniAndConcatenate(
                        each ->
                            each.remove(partition.period().firstId(), partition.period().endId())))
        .collect()
        .asList()
        .replaceWithVoid();
  }

  private static Uni<Void> drop(Partitions partitions, List<Partition> old) {
    return Multi.createFrom()
        .iterable(old)
        .invoke(
            partition ->
                LOG.infof(
                    "%s of the time before %s are no longer kept",
                    partitions.what(), partition.period().to()))
        .onItem()
        .transformToUniAndConcatenate(partitions::drop)
        .collect()
        .asList()
        .replaceWithVoid();
  }

  /**
   * The time of the oldest that there can be; null = any.
   *
   * @param old no longer there
   */
  private static Instant oldest(List<Partition> all, List<Partition> old) {
    for (Partition partition : all) {
      if (!old.contains(partition)) {
        return partition.period().from();
      }
    }
    return all.get(all.size() - 1).period().to();
  }

  private static Uni<Void> deleteStrays(Partitions partitions, Instant oldest, Instant now) {
    return oldest == null
        ? Uni.createFrom().voidItem()
        : partitions.deleteStrays(oldest, now.plus(NEVER_AHEAD));
  }
}
