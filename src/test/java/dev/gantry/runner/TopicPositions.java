package dev.gantry.runner;

import dev.gantry.executions.protocol.LogBatch;
import dev.gantry.executions.protocol.LogBatch.Level;
import dev.gantry.executions.protocol.LogDigest;
import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.messaging.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What the API would know of attempts, of topics that may hold more than memory does: no line is
 * kept. Reads from the first question on, for as long as its process lives.
 */
final class TopicPositions implements AttemptRecords {
  private final String broker;
  private final Topics topics;
  private final Map<AttemptKey, Position> positions = new ConcurrentHashMap<>();
  private final Set<AttemptKey> ended = ConcurrentHashMap.newKeySet();
  private volatile long read;
  private Thread reader;

  TopicPositions(String broker, Topics topics) {
    this.broker = broker;
    this.topics = topics;
  }

  private static final class Position {
    private long lines;
    private long digest;
    private long printed;
    private Long firstAt;
    private Long lastAt;

    private synchronized void add(LogBatch batch) {
      batch.forEachLine(
          (seq, millis, level, continued, buffer, offset, length) -> {
            if (seq == lines) {
              lines++;
              digest += LogDigest.ofLine(seq, buffer, offset, length);
              if (level != Level.SYSTEM) {
                printed++;
                firstAt = firstAt == null ? (Long) millis : firstAt;
                lastAt = millis;
              }
            }
          });
    }

    private synchronized LogPosition told(long storedUpTo) {
      return new LogPosition(storedUpTo, lines, digest, printed, firstAt, lastAt);
    }
  }

  @Override
  public Set<AttemptKey> held(Collection<AttemptKey> attempts) {
    begin();
    Set<AttemptKey> held = new HashSet<>(attempts);
    held.removeAll(ended);
    return held;
  }

  @Override
  public LogPosition log(AttemptKey attempt) {
    begin();
    long storedUpTo = read;
    return positions.computeIfAbsent(attempt, key -> new Position()).told(storedUpTo);
  }

  private synchronized void begin() {
    if (reader == null) {
      reader = new Thread(this::read, "topic-positions");
      reader.setDaemon(true);
      reader.start();
    }
  }

  private void read() {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker, "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      partitions.add(new TopicPartition(topics.logs(), RunnerTopics.LOG_PARTITION));
      for (int i = 0; i < 4; i++) {
        partitions.add(new TopicPartition(topics.steps(), i));
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (true) {
        consumer.poll(Duration.ofMillis(50)).forEach(this::take);
      }
    }
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (record.topic().equals(topics.logs())) {
      LogBatch batch = LogBatch.decode(record.value());
      UUID execution = UUID.fromString(record.key());
      positions
          .computeIfAbsent(
              new AttemptKey(execution, batch.step(), batch.attempt()), key -> new Position())
          .add(batch);
      read = record.offset() + 1;
    } else if (event(record.value()) instanceof StepFinished end) {
      ended.add(new AttemptKey(end.executionId(), end.step(), end.attempt()));
    }
  }

  private static StepEvent event(byte[] json) {
    try {
      return ProtocolJson.read(json, StepEvent.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
