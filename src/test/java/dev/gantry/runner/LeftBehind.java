package dev.gantry.runner;

import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.messaging.Topics;
import dev.gantry.runner.Ledger.Place;
import dev.gantry.runner.local.LocalBackend;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What a process leaves that is killed between keeping commands and beginning them, after another
 * has taken some over: on its disk and in Kafka.
 */
final class LeftBehind {
  /** Told to Kafka as this ledger's. */
  static final UUID OURS = UUID.fromString("00000000-0000-4000-8000-000000000001");

  /** Not told to Kafka before the kill, and taken by another process. */
  static final UUID ANOTHERS = UUID.fromString("00000000-0000-4000-8000-000000000002");

  /** Not told to Kafka by anybody: it comes again. */
  static final UUID UNTOLD = UUID.fromString("00000000-0000-4000-8000-000000000003");

  /** Told to Kafka too long ago. */
  static final UUID FORGOTTEN = UUID.fromString("00000000-0000-4000-8000-000000000004");

  private static final int TOLD = 10;

  private LeftBehind() {}

  static void prepare(Topics topics, Path directory) {
    TestBroker.create(topics.commands("test"));
    try (LocalBackend backend = new LocalBackend(directory, Map.of(), null, null, Runnable::run)) {
      Ledger ledger = backend.ledger();
      ledger.offer(command(FORGOTTEN), new Place(0, 1), true);
      ledger.offer(command(OURS), new Place(0, 3), true);
      ledger.offer(command(ANOTHERS), new Place(0, 9), true);
      ledger.offer(command(UNTOLD), new Place(0, TOLD), true);
      Takers takers = Takers.NOBODY.then(ledger.id(), 2).then("another", 8);
      tell(topics, new OffsetAndMetadata(TOLD, takers.metadata()));
    }
  }

  static RunSteps command(UUID execution) {
    return RunnerFixture.command(execution, Map.of(), RunnerFixture.script(0, "echo ran"));
  }

  static TopicPartition partition(Topics topics) {
    return new TopicPartition(topics.commands("test"), 0);
  }

  static String group(Topics topics) {
    return topics.prefix() + "-runner-test";
  }

  private static void tell(Topics topics, OffsetAndMetadata offset) {
    Map<String, Object> broker = Map.of("bootstrap.servers", TestBroker.address());
    try (KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(broker, new StringSerializer(), new ByteArraySerializer());
        Admin admin = Admin.create(broker)) {
      for (int i = 0; i < TOLD; i++) {
        send(producer, topics, ProtocolJson.write(nothing()));
      }
      send(producer, topics, ProtocolJson.write(command(UNTOLD)));
      admin.alterConsumerGroupOffsets(group(topics), Map.of(partition(topics), offset)).all().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static CancelSteps nothing() {
    return new CancelSteps(UUID.randomUUID(), List.of(new AttemptRef(0, 1)), 0, "of no attempt");
  }

  private static void send(KafkaProducer<String, byte[]> producer, Topics topics, byte[] command)
      throws InterruptedException, ExecutionException {
    TopicPartition to = partition(topics);
    producer.send(new ProducerRecord<>(to.topic(), to.partition(), "key", command)).get();
  }
}
