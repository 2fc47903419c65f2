package dev.gantry.runner;

import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.messaging.Topics;
import dev.gantry.runner.Runner.Whose;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A runner as a process of its own, to be killed: the runner's classes without the framework. */
public final class RunnerMain {
  private static final int CAPACITY = Integer.getInteger("gantry.test.capacity", 64);

  private RunnerMain() {}

  /**
   * @param args the broker's address, the topics' prefix, the runner's directory, the backend's
   *     host and its arguments
   */
  public static void main(String[] args) throws Exception {
    Topics topics = new Topics(args[1]);
    ExecutorService workers = Workers.start();
    ProducerOutlet outlet = new ProducerOutlet(args[0], topics);
    LogShipper logs = new LogShipper(outlet, 4 << 20);
    Path directory = Path.of(args[2]);
    KeptInFolder artifacts = new KeptInFolder(directory.resolveSibling("kept"));
    BackendHost host = BackendHost.of(args[3], List.of(args).subList(4, args.length));
    Backend backend =
        host.open(
            directory,
            logs,
            artifacts,
            new TopicPositions(args[0], topics),
            RunnerMain::nothing,
            workers);
    Runner runner =
        new Runner(
            "test", backend, outlet, RunnerMain::nothing, workers, CAPACITY, Duration.ofHours(24));
    runner.recall();
    runner.settle(place -> Whose.OURS);
    runner.resume();
    runner.serve(Set.of(0, 1, 2, 3));
    CommandIntake intake = new CommandIntake(runner, workers, RunnerMain::unreadable);
    try (KafkaConsumer<String, byte[]> consumer = consumer(args[0], topics)) {
      consumer.subscribe(List.of(topics.commands("test")));
      while (true) {
        ConsumerRecords<String, byte[]> records = consumer.poll(Duration.ofMillis(50));
        intake.take(records, slice -> committed(consumer, slice)).await().indefinitely();
      }
    }
  }

  /** Nobody else uses the consumer meanwhile. */
  private static Uni<Set<TopicPartition>> committed(
      KafkaConsumer<?, ?> consumer, List<ConsumerRecord<String, byte[]>> slice) {
    Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
    slice.forEach(
        record ->
            ends.put(
                new TopicPartition(record.topic(), record.partition()),
                new OffsetAndMetadata(record.offset() + 1)));
    consumer.commitSync(ends);
    return Uni.createFrom().item(ends.keySet());
  }

  private static Uni<Void> unreadable(ConsumerRecord<?, ?> record, String reason) {
    throw new IllegalStateException(record + " cannot be read: " + reason);
  }

  private static CompletableFuture<StepGrants> nothing(AttemptKey key) {
    return CompletableFuture.completedFuture(StepGrants.NONE);
  }

  private static KafkaConsumer<String, byte[]> consumer(String bootstrap, Topics topics) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers", bootstrap,
            "group.id", topics.prefix() + "-runner-test",
            "group.instance.id", "test-1",
            "session.timeout.ms", "6000",
            "auto.offset.reset", "earliest",
            "enable.auto.commit", "false"),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }
}
