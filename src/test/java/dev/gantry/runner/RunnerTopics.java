package dev.gantry.runner;

import dev.gantry.executions.protocol.LogBatch;
import dev.gantry.executions.protocol.LogBatch.Level;
import dev.gantry.executions.protocol.LogDigest;
import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.RunnerCommand;
import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.messaging.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The engine's and the log store's side of one runner's topics: writes commands, reads all else.
 */
final class RunnerTopics implements AutoCloseable {
  static final int LOG_PARTITION = 2;

  final Topics topics;
  private final List<ConsumerRecord<String, byte[]>> events = new CopyOnWriteArrayList<>();
  private final Map<String, List<byte[]>> batches = new TreeMap<>();
  private final KafkaProducer<String, byte[]> producer;
  private final Thread reader = new Thread(this::read, "topics-reader");
  private volatile boolean closed;
  private volatile long logEnd;

  RunnerTopics() {
    this(new Topics("t" + UUID.randomUUID()));
    TestBroker.create(topics.commands("test"), topics.steps(), topics.logs());
    reader.start();
  }

  /** Of topics that somebody else made. */
  static RunnerTopics existing(Topics topics) {
    RunnerTopics existing = new RunnerTopics(topics);
    existing.reader.start();
    return existing;
  }

  private RunnerTopics(Topics topics) {
    this.topics = topics;
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", TestBroker.address(), "linger.ms", "0"),
            new StringSerializer(),
            new ByteArraySerializer());
    reader.setDaemon(true);
  }

  void send(RunnerCommand command) {
    send(command.executionId().toString(), ProtocolJson.write(command));
  }

  void sendTo(String runner, RunnerCommand command) {
    String key = command.executionId().toString();
    var unused =
        producer.send(
            new ProducerRecord<>(topics.commands(runner), key, ProtocolJson.write(command)));
    producer.flush();
  }

  void send(String key, byte[] value) {
    var unused = producer.send(new ProducerRecord<>(topics.commands("test"), key, value));
    producer.flush();
  }

  private void read() {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", TestBroker.address(),
                "auto.offset.reset", "earliest",
                "max.partition.fetch.bytes", "8388608"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        partitions.add(new TopicPartition(topics.steps(), i));
        partitions.add(new TopicPartition(topics.logs(), i));
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (!closed) {
        consumer.poll(Duration.ofMillis(50)).forEach(this::take);
      }
    }
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (record.topic().equals(topics.steps())) {
      events.add(record);
    } else if (record.partition() == LOG_PARTITION) {
      synchronized (batches) {
        batches.computeIfAbsent(record.key(), key -> new ArrayList<>()).add(record.value());
        logEnd = record.offset() + 1;
      }
    }
  }

  /** Of all executions. */
  List<StepEvent> events() {
    return events.stream().map(record -> event(record.value())).toList();
  }

  /** Of all executions. */
  List<StepFinished> finished() {
    return events().stream()
        .filter(StepFinished.class::isInstance)
        .map(StepFinished.class::cast)
        .toList();
  }

  /** Over the lines of a first attempt, each counted once, without looking at their texts. */
  long digest(UUID execution, int step) {
    BitSet seen = new BitSet();
    long[] digest = new long[1];
    synchronized (batches) {
      for (byte[] bytes : batches.getOrDefault(execution.toString(), List.of())) {
        LogBatch batch = LogBatch.decode(bytes);
        if (batch.step() == step && batch.attempt() == 1) {
          batch.forEachLine(
              (seq, millis, level, continued, buffer, offset, length) -> {
                if (!seen.get((int) seq)) {
                  seen.set((int) seq);
                  digest[0] += LogDigest.ofLine(seq, buffer, offset, length);
                }
              });
        }
      }
    }
    return digest[0];
  }

  List<StepEvent> events(UUID execution) {
    return events.stream()
        .filter(record -> record.key().equals(execution.toString()))
        .map(record -> event(record.value()))
        .toList();
  }

  List<StepFinished> finished(UUID execution) {
    return events(execution).stream()
        .filter(StepFinished.class::isInstance)
        .map(StepFinished.class::cast)
        .toList();
  }

  private static StepEvent event(byte[] json) {
    try {
      return ProtocolJson.read(json, StepEvent.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything before this offset in the partition of the logs was read. */
  long logEnd() {
    return logEnd;
  }

  /** What a store would have of one attempt. */
  StoredLog log(UUID execution, int step, int attempt) {
    StoredLog log = new StoredLog();
    synchronized (batches) {
      for (byte[] bytes : batches.getOrDefault(execution.toString(), List.of())) {
        LogBatch batch = LogBatch.decode(bytes);
        if (batch.step() == step && batch.attempt() == attempt) {
          log.add(batch);
        }
      }
    }
    return log;
  }

  /** Lines by number; the same number twice must be the same line. */
  static final class StoredLog {
    final TreeMap<Long, Line> lines = new TreeMap<>();
    final List<String> conflicts = new ArrayList<>();
    LogBatch.End end;
    int batches;
    long digest;

    /** Of what the program printed. */
    Long firstAt;

    Long lastAt;

    private void add(LogBatch batch) {
      batches++;
      end = batch.end() == null ? end : batch.end();
      batch.forEachLine(
          (seq, millis, level, continued, buffer, offset, length) -> {
            String text = new String(buffer, offset, length, StandardCharsets.UTF_8);
            Line line = new Line(level, text, continued);
            Line before = lines.put(seq, line);
            if (level != Level.SYSTEM) {
              firstAt = firstAt == null ? (Long) millis : firstAt;
              lastAt = millis;
            }
            if (before == null) {
              digest += LogDigest.ofLine(seq, buffer, offset, length);
            } else if (!before.equals(line)) {
              conflicts.add(seq + ": " + before + " and " + line);
            }
          });
    }

    List<String> texts() {
      return lines.values().stream().map(Line::text).toList();
    }
  }

  /** One line as it was sent. */
  record Line(Level level, String text, boolean continued) {}

  @Override
  public void close() {
    closed = true;
    producer.close();
  }
}
