package dev.gantry.logs;

import dev.gantry.logs.LogPoll.Place;
import dev.gantry.messaging.DeadLetters;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Writes the logs topic into the database, a poll in one transaction. The offsets that are stored
 * are committed with the lines, under a lock on the partition's row: whoever polls the same records
 * again, here or in another process, adds nothing. Never blocks; packing runs on a worker. A
 * database that fails is asked again until it works, and Kafka does not move on before.
 */
@ApplicationScoped
class LogStore {
  private static final Logger LOG = Logger.getLogger(LogStore.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  private final Pool pool;
  private final DeadLetters deadLetters;

  LogStore(Pool pool, DeadLetters deadLetters) {
    this.pool = pool;
    this.deadLetters = deadLetters;
  }

  @Incoming("log-store")
  Uni<Void> store(ConsumerRecords<String, byte[]> records) {
    List<LogRecord> decoded = new ArrayList<>(records.count());
    List<Uni<Void>> refused = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : records) {
      try {
        decoded.add(LogRecord.of(record));
      } catch (IllegalArgumentException notALog) {
        refused.add(deadLetters.send(record, "not a log batch: " + notALog.getMessage()));
      }
    }
    Uni<Void> stored = persistently(() -> store(records, decoded));
    return refused.isEmpty() ? stored : Uni.join().all(refused).andFailFast().chain(() -> stored);
  }

  private static Uni<Void> persistently(Supplier<Uni<? extends Void>> work) {
    return Uni.createFrom()
        .deferred(work)
        .onFailure()
        .invoke(failure -> LOG.warn("log lines could not be stored; trying again", failure))
        .onFailure()
        .retry()
        .withBackOff(FIRST_RETRY, LAST_RETRY)
        .indefinitely();
  }

  private Uni<Void> store(ConsumerRecords<String, byte[]> records, List<LogRecord> decoded) {
    if (records.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    String topic = records.iterator().next().topic();
    Map<Integer, Long> next = next(records);
    Set<Place> places = decoded.stream().map(LogPoll::place).collect(Collectors.toSet());
    return pool.withTransaction(
        connection -> {
          LogTables tables = new LogTables(connection);
          return tables
              .lock(topic, next.keySet())
              .chain(
                  progress ->
                      tables.attempts(places).chain(known -> pack(decoded, progress, known)))
              .chain(poll -> write(tables, poll))
              .chain(() -> tables.advance(topic, next));
        });
  }

  private static Map<Integer, Long> next(ConsumerRecords<String, byte[]> records) {
    return StreamSupport.stream(records.spliterator(), false)
        .collect(
            Collectors.toMap(ConsumerRecord::partition, record -> record.offset() + 1, Math::max));
  }

  private static Uni<Packed> pack(
      List<LogRecord> records, Map<Integer, Long> progress, Map<Place, AttemptLog> known) {
    return Uni.createFrom()
        .item(
            () -> {
              LogPoll poll = new LogPoll(progress, known);
              records.forEach(poll::add);
              return new Packed(poll.chunks(), poll.changed());
            })
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
  }

  private record Packed(List<LogPoll.Stored> chunks, Map<Place, AttemptLog> attempts) {}

  private static Uni<Void> write(LogTables tables, Packed poll) {
    return tables.insertChunks(poll.chunks()).chain(() -> tables.upsertAttempts(poll.attempts()));
  }
}
