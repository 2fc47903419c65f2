package dev.gantry.runner;

import dev.gantry.executions.protocol.LogBatch.Level;
import dev.gantry.executions.protocol.RunnerCommand;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.Ledger.Place;
import dev.gantry.runner.RunnerTopics.StoredLog;
import dev.gantry.runner.kubernetes.KubernetesBackend;
import dev.gantry.runner.kubernetes.KubernetesSettings;
import dev.gantry.runner.kubernetes.PodSecurity;
import dev.gantry.runner.kubernetes.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
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

/**
 * Runners in this process with the Kubernetes backend, real topics and a cluster of the test's own.
 * What the API would know of attempts is read off the topics.
 */
final class KubernetesFixture implements AutoCloseable {
  final TestCluster cluster = TestCluster.start();
  final RunnerTopics topics = new RunnerTopics();
  private final ProducerOutlet outlet = new ProducerOutlet(TestBroker.address(), topics.topics);
  private final ExecutorService workers = Workers.start();
  private final Map<AttemptKey, StepGrants> grants = new ConcurrentHashMap<>();
  private final AtomicLong offset = new AtomicLong();
  Duration pendingLimit = Duration.ofMinutes(5);
  int capacity = 64;
  private Runner runner;

  /** Its processes may do what k8s/runner lets them do, and no more. */
  KubernetesFixture() {
    cluster.allow(role());
  }

  private Role role() {
    try (InputStream file = Files.newInputStream(Path.of("k8s/runner/role.yaml"))) {
      List<HasMetadata> objects = cluster.admin().getKubernetesSerialization().unmarshal(file);
      return objects.stream()
          .filter(Role.class::isInstance)
          .map(Role.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A process of the runner that has all partitions, as soon as it is started. */
  Runner start() {
    runner =
        new Runner(
            "test",
            new KubernetesBackend(
                cluster.client(),
                settings(),
                "test",
                new LogShipper(outlet, 4 << 20),
                new Topics(),
                this::granted,
                workers),
            outlet,
            this::granted,
            workers,
            capacity,
            Duration.ofHours(24));
    runner.recall();
    runner.resume();
    serve(runner, Set.of(0));
    return runner;
  }

  static void serve(Runner runner, Set<Integer> partitions) {
    try {
      runner.serve(partitions);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private KubernetesSettings settings() {
    return new KubernetesSettings(
        cluster.namespace(),
        PodSecurity.RESTRICTED,
        "busybox:1.36",
        "alpine/git:2.47.2",
        null,
        List.of(),
        null,
        Map.of(),
        List.of(),
        new ResourceRequirements(),
        Set.of(),
        Duration.ofHours(1),
        Duration.ofMinutes(10),
        pendingLimit);
  }

  private CompletableFuture<StepGrants> granted(AttemptKey key) {
    return CompletableFuture.completedFuture(grants.getOrDefault(key, StepGrants.NONE));
  }

  void grant(UUID execution, StepSpec step, StepGrants granted) {
    grants.put(new AttemptKey(execution, step.index(), step.attempt()), granted);
  }

  /** In the place of the API: from what is in the topics. */
  private final class Topics implements AttemptRecords {
    @Override
    public Set<AttemptKey> held(Collection<AttemptKey> attempts) {
      Set<AttemptKey> held = new HashSet<>(attempts);
      held.removeIf(
          key ->
              topics.finished(key.executionId()).stream()
                  .anyMatch(end -> end.step() == key.step() && end.attempt() == key.attempt()));
      return held;
    }

    @Override
    public LogPosition log(AttemptKey key) {
      StoredLog log = topics.log(key.executionId(), key.step(), key.attempt());
      long printed =
          log.lines.values().stream().filter(line -> line.level() != Level.SYSTEM).count();
      return new LogPosition(
          topics.logEnd(), log.lines.size(), log.digest, printed, log.firstAt, log.lastAt);
    }
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
    await().until(() -> topics.finished(execution).size() >= count);
    return topics.finished(execution);
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
