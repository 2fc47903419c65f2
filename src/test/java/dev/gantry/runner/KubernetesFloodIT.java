package dev.gantry.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.StepEvent;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepEvent.StepWaits;
import dev.gantry.runner.kubernetes.KubernetesHost;
import dev.gantry.runner.kubernetes.cluster.Requests.Request;
import dev.gantry.runner.kubernetes.cluster.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many steps at once, and much log, for a runner with little memory, as a process of its own: a
 * heap of {@value #HEAP_MIB} MiB bounds what it takes.
 */
@Tag("chaos")
class KubernetesFloodIT {
  private static final int HEAP_MIB = 128;
  private static final int STEPS = 500;

  /** Who waits for so long is told: four times as long as a runner that has time is silent. */
  private static final Duration LONG = Duration.ofSeconds(8);

  /** Who waits no longer than that is not. */
  private static final Duration SHORT = Duration.ofSeconds(1);

  @TempDir private Path directory;
  private final RunnerTopics topics = new RunnerTopics();
  private final TestCluster cluster = TestCluster.start();
  private Process runner;

  private void start() throws IOException {
    KubernetesHost host = KubernetesHost.on(cluster, directory);
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MIB + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dgantry.test.capacity=" + STEPS,
                "-cp",
                System.getProperty("java.class.path"),
                RunnerMain.class.getName(),
                TestBroker.address(),
                topics.topics.prefix(),
                directory.resolve("runner").toString(),
                host.getClass().getName()));
    words.addAll(host.arguments());
    runner =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("runner.log").toFile())
            .start();
  }

  @AfterEach
  void stop() {
    runner.destroyForcibly().onExit().join();
    topics.close();
    cluster.close();
  }

  private List<StepFinished> awaitFinished(List<UUID> executions, Duration atMost) {
    Awaitility.await()
        .atMost(atMost)
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> !runner.isAlive() || topics.finished().size() >= executions.size());
    assertThat(runner.isAlive()).as(() -> lastWords()).isTrue();
    return topics.finished();
  }

  /** What it said before it ended, as that its memory was not enough. */
  private String lastWords() {
    try {
      List<String> lines = Files.readAllLines(directory.resolve("runner.log"));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A cluster that begins 20 pods in a second, and whose API server takes 8 calls at a time. */
  @Test
  void manyStepsAtOnceQueueVisiblyAndAllEnd() throws IOException {
    cluster.bareContainers();
    cluster.podEvery(Duration.ofMillis(50));
    cluster.limitRequests(8, Duration.ofMillis(20));
    start();
    PodQueue queue = PodQueue.watch(cluster);
    List<UUID> executions = IntStream.range(0, STEPS).mapToObj(i -> UUID.randomUUID()).toList();
    executions.forEach(
        id -> topics.send(RunnerFixture.command(id, Map.of(), RunnerFixture.script(0, ":"))));

    List<StepFinished> ends = awaitFinished(executions, Duration.ofMinutes(5));

    assertThat(ends)
        .hasSize(STEPS)
        .allSatisfy(end -> assertThat(end.outcome()).as("%s", end).isEqualTo(Outcome.COMPLETED));
    List<StepWaits> waits =
        topics.events().stream()
            .filter(StepWaits.class::isInstance)
            .map(StepWaits.class::cast)
            .toList();
    Set<UUID> told = waits.stream().map(StepEvent::executionId).collect(Collectors.toSet());
    Set<UUID> waited = queue.waitedLongerThan(LONG);
    System.out.printf("%d waited long, %d were told to wait%n", waited.size(), told.size());
    assertThat(waited).as("there is a queue").hasSizeGreaterThan(STEPS / 5);
    assertThat(told).as("told as waiting for their pods").containsAll(waited);
    assertThat(queue.waitedLongerThan(SHORT)).as("no other is").containsAll(told);
    assertThat(waits).allSatisfy(each -> assertThat(each.reason()).contains("pod"));
    List<Request> all = cluster.requests().all();
    long refused = all.stream().filter(request -> request.code() == 429).count();
    System.out.printf("%d requests, %d of them refused%n", all.size(), refused);
    assertThat(refused).as("of %d requests", all.size()).isLessThan(STEPS / 2);
  }

  /** A9: more log than the runner has memory, as fast as it comes. */
  @Test
  void aLogLargerThanTheMemoryIsCountedWithoutLoss() throws IOException {
    int lines = 1_500_000;
    String line = "x".repeat(92);
    start();
    UUID execution = UUID.randomUUID();
    topics.send(
        RunnerFixture.command(
            execution,
            Map.of(),
            RunnerFixture.script(0, "yes " + line + " | head -n " + lines + " | cat -n")));

    StepFinished end = awaitFinished(List.of(execution), Duration.ofMinutes(5)).get(0);

    Duration took = Duration.between(end.startedAt(), end.finishedAt());
    System.out.printf("%d lines in %s%n", end.lines(), took);
    assertThat(end.outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(end.lines()).isGreaterThanOrEqualTo(lines);
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(topics.digest(execution, 0)).isEqualTo(end.digest()));
  }
}
