package dev.gantry.runners;

import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.runners.protocol.Heartbeat;
import dev.gantry.runners.protocol.Heartbeat.Amount;
import dev.gantry.runners.protocol.Heartbeat.Slots;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.Servers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** One process of a runner, as far as the registry sees it: it sends heartbeats when told to. */
record Heartbeats(String runner, String instance, long intervalMillis) {
  private static final long HOUR = 3_600_000;

  static String topic() {
    return GantryServers.TOPIC_PREFIX + ".heartbeats";
  }

  /** Seldom enough that it stays healthy for as long as any test runs. */
  static Heartbeats of(String runner) {
    return every(HOUR, runner);
  }

  static Heartbeats every(long intervalMillis, String runner) {
    return new Heartbeats(runner, "instance-" + UUID.randomUUID(), intervalMillis);
  }

  Heartbeat beat(long sequence, long cpuMillis, boolean stopping) {
    return beat(sequence, new Amount(cpuMillis, 8L << 30), stopping);
  }

  private Heartbeat beat(long sequence, Amount capacity, boolean stopping) {
    return new Heartbeat(
        runner,
        instance,
        sequence,
        "kubernetes",
        "1.2.3",
        capacity,
        new Amount(500, 4L << 30),
        new Slots(3, 64),
        intervalMillis,
        stopping,
        Instant.parse("2001-01-01T00:00:00Z"),
        Instant.parse("2001-01-01T00:00:00Z"));
  }

  void send(long sequence, long cpuMillis, boolean stopping) {
    Heartbeat beat = beat(sequence, cpuMillis, stopping);
    send(beat.key(), ProtocolJson.write(beat));
  }

  void send(long sequence, Amount capacity) {
    Heartbeat beat = beat(sequence, capacity, false);
    send(beat.key(), ProtocolJson.write(beat));
  }

  void send(long sequence) {
    send(sequence, 4000, false);
  }

  static void send(String key, String value) {
    send(key, value.getBytes(StandardCharsets.UTF_8));
  }

  static void send(String key, byte[] value) {
    Map<String, Object> config = Map.of("bootstrap.servers", Servers.get().kafka());
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic(), key, value)).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
