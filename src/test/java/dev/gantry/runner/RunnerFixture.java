package dev.gantry.runner;

import dev.gantry.executions.protocol.RunnerCommand;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.executions.protocol.WorkFiles;
import dev.gantry.runner.Ledger.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;

/** A runner in this process with real topics, by processes of this host unless said otherwise. */
final class RunnerFixture implements AutoCloseable {
  static final UUID ORGANIZATION = UUID.randomUUID();
  final RunnerTopics topics = new RunnerTopics();
  private final ProducerOutlet outlet;
  private final ExecutorService workers = Workers.start();
  private final BackendHost host;
  private final Path directory;
  private final int capacity;
  private final Map<AttemptKey, CompletableFuture<StepGrants>> answers = new ConcurrentHashMap<>();
  private final GrantSource grants =
      key -> answers.computeIfAbsent(key, unanswered -> new CompletableFuture<>());
  final KeptInFolder artifacts;
  private final AtomicLong offset = new AtomicLong();
  private Runner runner;

  RunnerFixture(Path directory, int capacity) {
    this(new LocalHost(), directory, capacity);
  }

  RunnerFixture(BackendHost host, Path directory, int capacity) {
    this.host = host;
    this.directory = directory;
    this.artifacts = new KeptInFolder(directory.resolveSibling("kept"));
    this.capacity = capacity;
    this.outlet = new ProducerOutlet(TestBroker.address(), topics.topics);
    start();
    resume();
  }

  /** As a process starts: it knows what there is, and goes on with it when it is connected. */
  void start() {
    LogShipper logs = new LogShipper(outlet, 4 << 20);
    runner =
        new Runner(
            "test",
            host.open(directory, logs, artifacts, new TopicRecords(topics), grants, workers),
            outlet,
            grants,
            workers,
            capacity,
            Duration.ofHours(24));
    runner.recall();
  }

  /** It is connected, and has all partitions. */
  void resume() {
    runner.resume();
    serve(runner, Set.of(0));
  }

  static void serve(Runner runner, Set<Integer> partitions) {
    try {
      runner.serve(partitions);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the API answers, or will answer, of this attempt. */
  CompletableFuture<StepGrants> grants(UUID execution, StepSpec step) {
    return grants.of(new AttemptKey(execution, step.index(), step.attempt()));
  }

  void restart() {
    runner.close();
    start();
    resume();
  }

  Runner runner() {
    return runner;
  }

  void run(UUID execution, StepSpec... steps) {
    run(execution, Map.of(), steps);
  }

  void run(UUID execution, Map<String, String> variables, StepSpec... steps) {
    StepSpec[] finding = Stream.of(steps).map(host::finding).toArray(StepSpec[]::new);
    RunSteps command = command(execution, variables, finding);
    accept(command);
    runner.begin(command);
  }

  /** As one poll after another brings them. */
  void accept(RunnerCommand command) {
    Place place = new Place(0, offset.getAndIncrement());
    runner.accept(command, place).toCompletableFuture().join();
  }

  static Place place(ConsumerRecord<?, ?> record) {
    return new Place(record.partition(), record.offset());
  }

  static RunSteps command(UUID execution, Map<String, String> variables, StepSpec... steps) {
    return new RunSteps(
        execution,
        RunnerTopics.LOG_PARTITION,
        variables,
        List.of(steps),
        WorkFiles.NONE,
        Instant.now(),
        ORGANIZATION);
  }

  void cancel(UUID execution, long grace, AttemptRef... attempts) {
    accept(new CancelSteps(execution, List.of(attempts), grace, "cancelled by a test"));
  }

  /** As the next process finds it that reads the command after this one has gone. */
  void cancelWhileAway(UUID execution, long grace, AttemptRef... attempts) {
    CancelSteps cancel =
        new CancelSteps(execution, List.of(attempts), grace, "cancelled by a test");
    try (Backend backend = host.open(directory, null, null, null, grants, Runnable::run)) {
      backend.ledger().keep(cancel);
    }
  }

  List<StepFinished> awaitFinished(UUID execution, int count) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> topics.finished(execution).size() >= count);
    return topics.finished(execution);
  }

  static StepSpec script(int index, String text) {
    return step(index, null, text, null, 0);
  }

  static StepSpec step(int index, List<String> argv, String script, String output, long timeout) {
    return new StepSpec(
        index, "step-" + index, 1, null, argv, script, null, null, null, timeout, output, false);
  }

  @Override
  public void close() {
    runner.close();
    workers.shutdownNow();
    outlet.close();
    topics.close();
  }
}
