package dev.gantry.messaging;

import dev.gantry.platform.Ids;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Utils;

/**
 * In which partition a key's messages are: the one that Kafka's own partitioner gives it, by the
 * number of partitions that the topic had when the key's id was made. So a topic may be given more
 * partitions at any time, and the messages of each key stay in one, in their order.
 *
 * <p>More partitions are for ids of {@link #MARGIN} later: until then no clock is that much ahead,
 * and every consumer has heard of the new partitions, also one that begins at their end.
 *
 * <p>The relay's, one pass at a time; never blocks.
 */
final class PartitionHistory {
  /** More than clocks may differ, and than clients know a topic's partitions without asking. */
  static final Duration MARGIN = Duration.ofMinutes(10);

  private static final int ID_LENGTH = 36;

  private final Supplier<Instant> clock;
  private final Map<String, List<Epoch>> topics = new HashMap<>();
  private final List<Epoch> unsaved = new ArrayList<>();

  /**
   * @param clock the database's, so that all relays mean the same
   */
  PartitionHistory(Supplier<Instant> clock) {
    this.clock = clock;
  }

  /** A topic has so many partitions for ids made at this time or later. */
  private record Epoch(String topic, int partitions, Instant since) {}

  /**
   * The partition for a key.
   *
   * @param key ends with an id, or counts as older than all
   * @param partitions how many the topic has, as far as is known here
   */
  int of(String topic, String key, int partitions) {
    List<Epoch> epochs = epochs(topic, partitions);
    Instant made = made(key);
    int there = epochs.get(0).partitions;
    for (Epoch epoch : epochs) {
      there = epoch.since.isAfter(made) ? there : epoch.partitions;
    }
    return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % there;
  }

  private static Instant made(String key) {
    int begin = Math.max(0, key.length() - ID_LENGTH);
    return Ids.parse("", key.substring(begin))
        .filter(id -> id.version() == 7)
        .map(Ids::time)
        .orElse(Instant.EPOCH);
  }

  private List<Epoch> epochs(String topic, int partitions) {
    List<Epoch> epochs = topics.computeIfAbsent(topic, name -> new ArrayList<>());
    if (epochs.isEmpty()) {
      add(epochs, new Epoch(topic, partitions, Instant.EPOCH));
    }
    Epoch last = epochs.get(epochs.size() - 1);
    if (partitions > last.partitions) {
      add(epochs, new Epoch(topic, partitions, clock.get().plus(MARGIN)));
    } else if (partitions < last.partitions && !last.since.isAfter(clock.get())) {
      // Not just news that has not come here: somebody has made the topic anew.
      epochs.clear();
      add(epochs, new Epoch(topic, partitions, Instant.EPOCH));
    }
    return epochs;
  }

  private void add(List<Epoch> epochs, Epoch epoch) {
    epochs.add(epoch);
    unsaved.add(epoch);
  }

  /** Knows what the relay before it has seen, and nothing else. */
  Uni<Void> load(SqlClient client) {
    return client
        .query("select * from topic_partitions order by topic, since, partitions")
        .execute()
        .invoke(
            rows -> {
              topics.clear();
              unsaved.clear();
              for (Row row : rows) {
                Epoch epoch = epoch(row);
                topics.computeIfAbsent(epoch.topic, name -> new ArrayList<>()).add(epoch);
              }
            })
        .replaceWithVoid();
  }

  private static Epoch epoch(Row row) {
    return new Epoch(
        row.getString("topic"),
        row.getInteger("partitions"),
        row.getOffsetDateTime("since").toInstant());
  }

  /** Keeps what is new, long before it counts. */
  Uni<Void> save(SqlClient client) {
    if (unsaved.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    List<Tuple> rows =
        unsaved.stream()
            .map(each -> Tuple.of(each.topic, each.partitions, at(each.since)))
            .toList();
    return client
        .preparedQuery(
            """
            with former as (delete from topic_partitions where topic = $1 and partitions > $2)
            insert into topic_partitions (topic, partitions, since) values ($1, $2, $3)
            on conflict (topic, partitions) do update set since = excluded.since
            """)
        .executeBatch(rows)
        .invoke(unsaved::clear)
        .replaceWithVoid();
  }

  private static OffsetDateTime at(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}
