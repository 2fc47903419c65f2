package dev.gantry.runner;

import dev.gantry.executions.protocol.RunnerCommand;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.Ledger.Place;
import dev.gantry.runner.RunnerTopics.StoredLog;
import dev.gantry.runner.kubernetes.KubernetesHost;
import dev.gantry.runner.kubernetes.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Runners in this process with the Kubernetes backend, real topics and a cluster of the test's own.
 * What the API would know of attempts is read off the topics.
 */
final class KubernetesFixture implements AutoCloseable {
  final TestCluster cluster = TestCluster.start();
  final KubernetesHost host = KubernetesHost.on(cluster);
  final RunnerTopics topics = new RunnerTopics();
  private final ProducerOutlet outlet = new ProducerOutlet(TestBroker.address(), topics.topics);
  private final ExecutorService workers = Workers.start();
  private final Map<AttemptKey, StepGrants> grants = new ConcurrentHashMap<>();
  private final AtomicLong offset = new AtomicLong();
  Duration pendingLimit = Duration.ofMinutes(5);
  Duration comparison = Duration.ofMinutes(5);
  int capacity = 64;

  /** Of every container. */
  Map<String, Quantity> requests = Map.of();

  /** Executions of which the API knows nothing any more. */
  final Set<UUID> unknown = ConcurrentHashMap.newKeySet();

  private Runner runner;

  /** A process of the runner that has all partitions, as soon as it is started. */
  Runner start() {
    runner =
        new Runner(
            "test",
            host.open(
                pendingLimit,
                comparison,
                requests,
                new LogShipper(outlet, 4 << 20),
                new TopicRecords(topics, unknown),
                this::granted,
                workers),
            outlet,
            this::granted,
            workers,
            capacity,
            Duration.ofHours(24));
    runner.recall();
    runner.resume();
    RunnerFixture.serve(runner, Set.of(0));
    return runner;
  }

  private CompletableFuture<StepGrants> granted(AttemptKey key) {
    return CompletableFuture.completedFuture(grants.getOrDefault(key, StepGrants.NONE));
  }

  void grant(UUID execution, StepSpec step, StepGrants granted) {
    grants.put(new AttemptKey(execution, step.index(), step.attempt()), granted);
  }

  Runner runner() {
    return runner;
  }

  void run(UUID execution, StepSpec... steps) {
    run(runner, RunnerFixture.command(execution, Map.of(), steps));
  }

  void run(Runner by, RunSteps command) {
    accept(by, command);
    by.begin(command);
  }

  void accept(Runner by, RunnerCommand command) {
    by.accept(command, new Place(0, offset.getAndIncrement())).toCompletableFuture().join();
  }

  void cancel(UUID execution, long grace, AttemptRef... attempts) {
    accept(runner, new CancelSteps(execution, List.of(attempts), grace, "cancelled by a test"));
  }

  static ConditionFactory await() {
    return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10));
  }

  List<StepFinished> awaitFinished(UUID execution, int count) {
    try {
      await().until(() -> topics.finished(execution).size() >= count);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("the end is not told; " + whatThereIs(), e);
    }
    return topics.finished(execution);
  }

  /** What tells who has failed to go on: the cluster, the API server or the runner. */
  private String whatThereIs() {
    StringBuilder text = new StringBuilder();
    cluster.admin().pods().list().getItems().forEach(pod -> text.append(pod.getStatus()));
    cluster.requests().all().forEach(request -> text.append("\n").append(request));
    Thread.getAllStackTraces()
        .forEach(
            (thread, frames) ->
                text.append("\n").append(thread).append("\n  ").append(List.of(frames)));
    return text.toString();
  }

  StoredLog awaitLog(UUID execution, int step) {
    await().until(() -> topics.log(execution, step, 1).end != null);
    return topics.log(execution, step, 1);
  }

  /** As a process that is killed: nothing more is told by it. */
  void kill() {
    runner.close();
  }

  @Override
  public void close() {
    runner.close();
    workers.shutdownNow();
    outlet.close();
    topics.close();
    cluster.close();
  }
}
