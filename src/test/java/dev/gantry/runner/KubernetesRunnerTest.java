package dev.gantry.runner;

import static dev.gantry.runner.KubernetesFixture.await;
import static dev.gantry.runner.RunnerFixture.script;
import static dev.gantry.runner.RunnerFixture.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.LogBatch.Level;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepEvent.StepStarted;
import dev.gantry.executions.protocol.StepEvent.StepWaits;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.RunnerTopics.StoredLog;
import dev.gantry.runner.kubernetes.cluster.ApiFault;
import dev.gantry.runner.kubernetes.cluster.ApiRequest;
import dev.gantry.runners.protocol.Heartbeat.Amount;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps as Kubernetes Jobs, on a cluster that runs their containers as processes. */
class KubernetesRunnerTest {
  private final KubernetesFixture fixture = new KubernetesFixture();
  private final UUID execution = UUID.randomUUID();
  @TempDir private Path folder;

  @BeforeEach
  void share() {
    fixture.cluster.share(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private StepFinished finished() {
    return fixture.awaitFinished(execution, 1).get(0);
  }

  private List<String> printed(int step) {
    return fixture.awaitLog(execution, step).lines.values().stream()
        .filter(line -> line.level() != Level.SYSTEM)
        .map(RunnerTopics.Line::text)
        .toList();
  }

  /** The program has begun: Kubernetes tells of its pod before that. */
  private void awaitPrinted() {
    await()
        .until(
            () ->
                fixture.topics.log(execution, 0, 1).lines.values().stream()
                    .anyMatch(line -> line.level() != Level.SYSTEM));
  }

  private static StepSpec output(int index, String text, String variable) {
    return step(index, null, text, variable, 0);
  }

  private long writes() {
    return fixture.cluster.requests().all().stream()
        .filter(request -> !List.of("get", "list", "watch").contains(request.verb()))
        .count();
  }

  @Test
  void aStepIsOneWriteAndNoPolling() {
    fixture.start();
    fixture.run(execution, script(0, "echo one; echo two; echo three >&2; sleep 0.2"));

    StepFinished end = finished();

    assertThat(end.outcome())
        .as("%s %s", end, fixture.topics.log(execution, 0, 1).texts())
        .isEqualTo(Outcome.COMPLETED);
    assertThat(end.exitCode()).isZero();
    assertThat(printed(0)).containsExactlyInAnyOrder("one", "two", "three");
    assertThat(fixture.awaitLog(execution, 0).digest).isEqualTo(end.digest());
    assertThat(fixture.topics.events(execution)).hasAtLeastOneElementOfType(StepStarted.class);
    assertThat(writes()).isEqualTo(1);
    assertThat(fixture.cluster.requests().polls()).isEmpty();
    assertThat(fixture.cluster.requests().warnings()).isEmpty();
  }

  @Test
  void whatKubernetesTellsIsInTheLog() {
    fixture.start();
    fixture.run(execution, script(0, "echo one; sleep 1"));
    finished();

    assertThat(
            fixture.awaitLog(execution, 0).lines.values().stream()
                .filter(line -> line.level() == Level.SYSTEM)
                .map(RunnerTopics.Line::text))
        .anyMatch(text -> text.startsWith("Scheduled: "))
        .anyMatch(text -> text.startsWith("Started: "))
        .doesNotHaveDuplicates();
  }

  @Test
  void aProgramThatFailsIsToldWithItsExitCode() {
    fixture.start();
    fixture.run(execution, script(0, "echo no; exit 7"));

    StepFinished end = finished();

    assertThat(end.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(end.mayPass()).isFalse();
    assertThat(end.exitCode()).isEqualTo(7);
    assertThat(end.error()).isEqualTo("exit code 7");
  }

  @Test
  void aSegmentGoesOnWithTheOutputsOfItsSteps() {
    fixture.start();
    fixture.run(
        execution,
        output(0, "echo noise >&2; echo first", "A"),
        output(1, "echo ${A} and second", "B"),
        script(2, "echo \"$A, $B\""));

    List<StepFinished> ends = fixture.awaitFinished(execution, 3);

    assertThat(ends).extracting(StepFinished::outcome).containsOnly(Outcome.COMPLETED);
    assertThat(ends.get(0).output()).isEqualTo("first");
    assertThat(ends.get(1).output()).isEqualTo("first and second");
    assertThat(printed(2)).containsExactly("first, first and second");
    assertThat(writes()).isEqualTo(3);
  }

  @Test
  void whatIsGrantedComesFromASecretAndIsMasked() {
    StepSpec granted =
        new StepSpec(
            0, "granted", 1, null, null, "echo is $PASSWORD", null, null, null, 0, null, true);
    fixture.grant(
        execution,
        granted,
        new StepGrants(Map.of("PASSWORD", "not-a-real-password"), List.of("PASSWORD"), false));
    fixture.start();
    fixture.run(execution, granted);

    assertThat(finished().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(printed(0)).containsExactly("is *******************");
    assertThat(fixture.cluster.admin().batch().v1().jobs().list().toString())
        .doesNotContain("not-a-real-password");
    assertThat(fixture.cluster.admin().secrets().list().getItems())
        .singleElement()
        .satisfies(secret -> assertThat(secret.getMetadata().getOwnerReferences()).hasSize(1));
    assertThat(writes()).isEqualTo(3);
  }

  @Test
  void aRunningStepIsCancelled() {
    fixture.start();
    fixture.run(execution, script(0, "echo began; sleep 300"), script(1, "echo never"));
    awaitPrinted();
    fixture.cancel(execution, 2000, new AttemptRef(0, 1), new AttemptRef(1, 1));

    StepFinished end = finished();

    assertThat(end.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(end.error()).isEqualTo("cancelled by a test");
    assertThat(printed(0)).startsWith("began");
    await().until(() -> fixture.runner().active() == 0);
    assertThat(fixture.topics.finished(execution)).hasSize(1);
  }

  @Test
  void aProgramThatDoesNotListenIsKilled() {
    fixture.start();
    fixture.run(execution, script(0, "trap '' TERM; echo began; while :; do sleep 0.1; done"));
    awaitPrinted();
    fixture.cancel(execution, 1000, new AttemptRef(0, 1));

    assertThat(finished().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void aStepThatRunsTooLongIsStopped() {
    fixture.start();
    fixture.run(execution, step(0, null, "echo began; sleep 300", null, 1500));

    StepFinished end = finished();

    assertThat(end.outcome()).isEqualTo(Outcome.TIMED_OUT);
    assertThat(end.error()).isEqualTo("ran longer than its timeout of 1500 ms");
  }

  /** A3. */
  @Test
  void whatRunsIsGoneOnWithByTheNextProcess() throws IOException {
    Path go = folder.resolve("go");
    Path starts = folder.resolve("starts");
    fixture.start();
    fixture.run(
        execution,
        output(
            0,
            "echo start >> %s; i=0; while [ ! -e %s ]; do i=$((i+1)); echo line $i; sleep 0.02;"
                    .formatted(starts, go)
                + " done; echo last",
            "OUT"),
        script(1, "echo start >> " + starts + "; echo \"$OUT\" | tail -n 1"));
    for (int round = 0; round < 3; round++) {
      int before = fixture.topics.log(execution, 0, 1).lines.size();
      await().until(() -> fixture.topics.log(execution, 0, 1).lines.size() > before + 20);
      fixture.kill();
      fixture.start();
    }
    Files.createFile(go);

    List<StepFinished> ends = fixture.awaitFinished(execution, 2);

    assertThat(ends).extracting(StepFinished::outcome).containsOnly(Outcome.COMPLETED);
    StoredLog log = fixture.awaitLog(execution, 0);
    List<String> lines = printed(0);
    List<String> wanted =
        new ArrayList<>(IntStream.range(1, lines.size()).mapToObj(i -> "line " + i).toList());
    wanted.add("last");
    assertThat(lines).isEqualTo(wanted);
    assertThat(log.conflicts).isEmpty();
    assertThat(log.digest).isEqualTo(ends.get(0).digest()).isEqualTo(log.end.digest());
    assertThat(printed(1)).containsExactly("last");
    assertThat(Files.readAllLines(starts)).hasSize(2);
  }

  /** A4. */
  @Test
  void aJobThatNobodyRemembersIsAdoptedByName() throws IOException {
    Path starts = folder.resolve("starts");
    RunSteps command =
        RunnerFixture.command(execution, Map.of(), script(0, "echo start >> " + starts));
    fixture.accept(fixture.start(), command);
    fixture.kill();
    fixture.start();
    fixture.run(fixture.runner(), command);

    assertThat(finished().outcome()).isEqualTo(Outcome.COMPLETED);
    await().until(() -> fixture.runner().active() == 0);
    assertThat(Files.readAllLines(starts)).hasSize(1);
    assertThat(fixture.cluster.admin().batch().v1().jobs().list().getItems()).hasSize(1);
  }

  @Test
  void whatHasNoSlotWaitsAsASuspendedJobAlsoForTheNextProcess() throws IOException {
    fixture.capacity = 1;
    fixture.start();
    Path go = folder.resolve("go");
    UUID other = UUID.randomUUID();
    fixture.run(other, script(0, "until test -e %s; do sleep 0.02; done".formatted(go)));
    fixture.run(execution, script(0, "echo ran"));
    assertThat(fixture.cluster.admin().batch().v1().jobs().list().getItems())
        .extracting(job -> job.getSpec().getSuspend())
        .containsExactlyInAnyOrder(false, true);
    fixture.kill();
    fixture.start();
    Files.createFile(go);

    assertThat(finished().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(printed(0)).containsExactly("ran");
    assertThat(fixture.awaitFinished(other, 1).get(0).outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void whatIsCancelledBeforeItHasASlotNeverRuns() throws IOException {
    fixture.capacity = 1;
    fixture.start();
    Path go = folder.resolve("go");
    UUID other = UUID.randomUUID();
    fixture.run(other, script(0, "until test -e %s; do sleep 0.02; done".formatted(go)));
    fixture.run(execution, script(0, "echo ran > " + folder.resolve("ran")));
    fixture.cancel(execution, 1000, new AttemptRef(0, 1));

    StepFinished end = finished();

    assertThat(end.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(end.startedAt()).isNull();
    Files.createFile(go);
    fixture.awaitFinished(other, 1);
    assertThat(folder.resolve("ran")).doesNotExist();
  }

  private Pod pod() {
    await().until(() -> !pods().isEmpty());
    return pods().get(0);
  }

  private List<Pod> pods() {
    return fixture.cluster.admin().pods().list().getItems();
  }

  private String runningPod() {
    awaitPrinted();
    return pod().getMetadata().getName();
  }

  /** A8. */
  @Test
  void anEvictionIsThePlatformsFaultAndSaysWhy() {
    fixture.start();
    fixture.run(execution, script(0, "echo began; sleep 300"));
    fixture.cluster.disruptions().evict(runningPod(), "The node was low on resource: memory.");

    StepFinished end = finished();

    assertThat(end.outcome()).isEqualTo(Outcome.INFRASTRUCTURE);
    assertThat(end.error()).contains("Evicted").contains("low on resource: memory");
    assertThat(end.mayPass()).isTrue();
  }

  @Test
  void aPodThatSomebodyDeletesIsNotTheProgramsFault() {
    fixture.start();
    fixture.run(execution, script(0, "echo began; sleep 300"));
    fixture.cluster.admin().pods().withName(runningPod()).withGracePeriod(1).delete();

    StepFinished end = finished();

    assertThat(end.outcome()).isEqualTo(Outcome.INFRASTRUCTURE);
    assertThat(end.error()).isEqualTo("somebody has deleted the pod");
  }

  @Test
  void anOutOfMemoryKillIsNamed() {
    fixture.start();
    fixture.run(execution, script(0, "echo began; sleep 300"));
    fixture.cluster.disruptions().outOfMemory(runningPod(), "step");

    StepFinished end = finished();

    assertThat(end.outcome()).isEqualTo(Outcome.FAILED);
    assertThat(end.error()).startsWith("OOMKilled");
    assertThat(end.exitCode()).isEqualTo(137);
  }

  @Test
  void aLostNodeIsNamed() {
    fixture.start();
    fixture.run(execution, script(0, "echo began; sleep 300"));
    String pod = runningPod();
    fixture.cluster.disruptions().loseNode(pod);
    fixture.cluster.disruptions().evictFromLostNode(pod);
    fixture.cluster.disruptions().removeLostNode(pod);

    StepFinished end = finished();

    assertThat(end.outcome()).isEqualTo(Outcome.INFRASTRUCTURE);
    assertThat(end.error()).isNotBlank();
  }

  @Test
  void anImageThatCannotBePulledIsWaitedForAndThenNamed() {
    fixture.pendingLimit = Duration.ofSeconds(1);
    fixture.cluster.podFaults().imagePull(pod -> true, "pull access denied for private/image");
    fixture.start();
    fixture.run(execution, script(0, "echo never"));

    StepFinished end = finished();

    assertThat(end.outcome()).isEqualTo(Outcome.INFRASTRUCTURE);
    assertThat(end.error()).contains("Pull").contains("pull access denied for private/image");
    assertThat(end.mayPass()).isTrue();
    await().until(() -> fixture.cluster.admin().batch().v1().jobs().list().getItems().isEmpty());
  }

  @Test
  void aPodThatFitsNowhereIsWaitedForAndThenNamed() {
    fixture.pendingLimit = Duration.ofSeconds(1);
    fixture.cluster.podFaults().unschedulable(pod -> true, "0/3 nodes are available");
    fixture.start();
    fixture.run(execution, script(0, "echo never"));

    StepFinished end = finished();

    assertThat(end.outcome()).isEqualTo(Outcome.INFRASTRUCTURE);
    assertThat(end.error()).contains("Unschedulable").contains("0/3 nodes are available");
    assertThat(end.mayPass()).isTrue();
  }

  @Test
  void aContainerThatCannotBeMadeIsNotTriedAgain() {
    fixture
        .cluster
        .podFaults()
        .createContainer(pod -> true, "CreateContainerError", "no such user");
    fixture.start();
    fixture.run(execution, script(0, "echo never"));

    StepFinished end = finished();

    assertThat(end.outcome()).isEqualTo(Outcome.INFRASTRUCTURE);
    assertThat(end.error()).contains("CreateContainerError").contains("no such user");
    assertThat(end.mayPass()).isFalse();
  }

  /** What is deleted with its Job ends first, in its grace: nothing else may begin before. */
  @Test
  void aJobThatSomebodyDeletesHasEndedWhenThatIsTold() {
    Path ended = folder.resolve("ended");
    fixture.start();
    fixture.run(
        execution,
        script(
            0,
            "trap 'sleep 1; echo x > %s; exit 1' TERM; echo began; while :; do sleep 0.05; done"
                .formatted(ended)));
    awaitPrinted();
    fixture.cluster.admin().batch().v1().jobs().delete();

    StepFinished end = finished();

    assertThat(end.outcome()).isEqualTo(Outcome.INFRASTRUCTURE);
    assertThat(end.error()).contains("somebody has deleted");
    assertThat(end.mayPass()).isTrue();
    assertThat(ended).exists();
  }

  @Test
  void aPodThatWaitsIsToldWithWhatKubernetesSaysOfIt() {
    fixture.cluster.podFaults().unschedulable(pod -> true, "0/3 nodes are available");
    fixture.start();
    fixture.run(execution, script(0, "echo never"));

    await()
        .until(
            () ->
                fixture.topics.events(execution).stream()
                    .anyMatch(
                        event ->
                            event instanceof StepWaits waits
                                && waits.reason().contains("waits for its pod")
                                && waits.reason().contains("0/3 nodes are available")));
  }

  @Test
  void theReportTellsWhenThePodWasScheduledAndItsImageThere() {
    fixture.start();
    fixture.run(execution, script(0, "sleep 0.5"));

    StepFinished end = finished();

    assertThat(end.phases().scheduledAt())
        .isBetween(end.startedAt().minusSeconds(10), end.startedAt());
    assertThat(end.phases().pulledAt()).isBetween(end.phases().scheduledAt(), end.startedAt());
  }

  @Test
  void jobsAndPodsBearTheirOrganization() {
    fixture.start();
    fixture.run(execution, script(0, "true"));
    finished();

    String organization = RunnerFixture.ORGANIZATION.toString();
    assertThat(pod().getMetadata().getLabels())
        .containsEntry("gantry.dev/organization", organization);
    assertThat(fixture.cluster.admin().batch().v1().jobs().list().getItems())
        .singleElement()
        .satisfies(
            job ->
                assertThat(job.getMetadata().getLabels())
                    .containsEntry("gantry.dev/organization", organization));
  }

  @Test
  void theLoadIsTheNamespacesQuotaAndWhatTheRunnersPodsRequest() throws IOException {
    Runner runner = fixture.start();
    assertThat(runner.load().capacity()).isEqualTo(new Amount(0, 0));
    fixture
        .cluster
        .admin()
        .resource(
            new ResourceQuotaBuilder()
                .withNewMetadata()
                .withName("most")
                .endMetadata()
                .withNewSpec()
                .withHard(Map.of("requests.cpu", new Quantity("4"), "memory", new Quantity("8Gi")))
                .endSpec()
                .withNewStatus()
                .withHard(Map.of("requests.cpu", new Quantity("4"), "memory", new Quantity("8Gi")))
                .endStatus()
                .build())
        .create();
    fixture.kill();
    fixture.requests = Map.of("cpu", new Quantity("250m"), "memory", new Quantity("64Mi"));
    Runner next = fixture.start();
    Path go = folder.resolve("go");
    fixture.run(
        execution, script(0, "echo began; until test -e %s; do sleep 0.02; done".formatted(go)));
    awaitPrinted();

    assertThat(next.load())
        .isEqualTo(new Load(new Amount(4000, 8L << 30), new Amount(250, 64L << 20)));
    Files.createFile(go);
    finished();
    await().until(() -> next.load().usage().equals(new Amount(0, 0)));
  }

  /** Its execution is gone, or has ended without it. */
  @Test
  void jobsForWhichNobodyWaitsAreSweptAndNoOthers() {
    UUID gone = UUID.randomUUID();
    fixture.start();
    fixture.run(execution, script(0, "echo began; sleep 300"));
    fixture.run(gone, script(0, "sleep 300"));
    awaitPrinted();
    await().until(() -> pods().size() == 2);
    RunnerFixture.serve(fixture.runner(), Set.of());
    await().until(() -> fixture.runner().active() == 0);
    fixture.unknown.add(gone);

    fixture.runner().sweep();
    assertThat(fixture.cluster.admin().batch().v1().jobs().list().getItems()).hasSize(2);
    fixture.runner().sweep();

    await()
        .until(
            () ->
                fixture.cluster.admin().batch().v1().jobs().list().getItems().stream()
                    .map(job -> job.getMetadata().getLabels().get("gantry.dev/execution"))
                    .toList()
                    .equals(List.of(execution.toString())));
  }

  /** A7. */
  @Test
  void anApiServerThatFailsForAWhileLosesNothing() {
    fixture.start();
    fixture
        .cluster
        .faults()
        .times(
            2,
            ApiRequest.matching("create", "jobs"),
            ApiFault.tooManyRequests(Duration.ofSeconds(1)));
    fixture.cluster.faults().times(1, ApiRequest.matching("create", "jobs"), ApiFault.status(500));
    fixture.run(execution, script(0, "echo one; sleep 1; echo two"));
    fixture.cluster.dropWatches();
    fixture.cluster.expireWatches();

    assertThat(finished().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(printed(0)).containsExactly("one", "two");
    assertThat(fixture.cluster.admin().batch().v1().jobs().list().getItems()).hasSize(1);
  }

  /** A7: what is told of Jobs and what is told of pods do not wait for each other. */
  @Test
  void aJobThatIsToldAsFailedBeforeItsPodIsNoFaultOfThePlatform() {
    fixture.start();
    var news = ApiRequest.matching("watch", "pods");
    var looks = ApiRequest.matching("list", "pods");
    fixture.cluster.faults().always(news.or(looks), ApiFault.status(500));
    fixture.cluster.dropWatches();
    fixture.run(execution, script(0, "exit 3"));
    KubernetesFixture.await().until(this::hasFailed);
    int before = fixture.cluster.requests().of("list", "pods").size();
    KubernetesFixture.await()
        .until(() -> fixture.cluster.requests().of("list", "pods").size() > before);
    fixture.cluster.faults().heal();

    assertThat(finished().outcome()).isEqualTo(Outcome.FAILED);
    assertThat(finished().exitCode()).isEqualTo(3);
  }

  private boolean hasFailed() {
    return fixture.cluster.admin().batch().v1().jobs().list().getItems().stream()
        .anyMatch(job -> job.getStatus().getFailed() != null);
  }

  /** A7: nobody knows whether what was asked for has been done. */
  @Test
  void connectionsThatBreakLoseAndRepeatNothing() throws IOException {
    Path starts = folder.resolve("starts");
    fixture.start();
    var creations = ApiRequest.matching("create", "jobs");
    fixture.cluster.faults().times(1, creations, ApiFault.drop());
    fixture.cluster.faults().times(1, creations, ApiFault.loseAnswer());
    fixture.run(
        execution, script(0, "echo start >> " + starts), script(1, "echo start >> " + starts));

    assertThat(fixture.awaitFinished(execution, 2))
        .extracting(StepFinished::outcome)
        .containsOnly(Outcome.COMPLETED);
    assertThat(Files.readAllLines(starts)).hasSize(2);
  }

  @Test
  void anApiServerThatIsAwayWhileAStepEndsLosesNothing() {
    fixture.start();
    fixture.run(execution, script(0, "for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.1; done"));
    runningPod();
    fixture.cluster.down(Duration.ofSeconds(2));

    assertThat(finished().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(printed(0)).containsExactly("1", "2", "3", "4", "5", "6", "7", "8");
  }

  /** Neither while it is followed nor at its end. */
  @Test
  void aLogWhoseAnswerNeverComesHoldsNoStep() {
    fixture.host.answerWithin(Duration.ofSeconds(1));
    fixture.cluster.faults().once(ApiRequest.matching("get", "pods/log"), ApiFault.noAnswer());
    fixture.cluster.faults().once(ApiRequest.matching("get", "pods/log"), ApiFault.noAnswer());
    fixture.cluster.faults().once(ApiRequest.matching("get", "pods/log"), ApiFault.silence());
    fixture.start();
    fixture.run(execution, script(0, "echo one; sleep 0.5; echo two"));

    StepFinished end = finished();

    assertThat(end.outcome()).as(end.error()).isEqualTo(Outcome.COMPLETED);
    assertThat(printed(0)).containsExactly("one", "two");
    assertThat(fixture.cluster.requests().of("get", "pods/log"))
        .extracting(read -> read.query().get("follow"))
        .containsExactly("true", "false", "false", "false");
  }

  /** Else its step would wait for the Job's deadline, and longer without one. */
  @Test
  void whatAWatchDoesNotTellIsFoundOutAfterAWhile() {
    fixture.comparison = Duration.ofSeconds(1);
    fixture.cluster.faults().once(ApiRequest.matching("watch", "pods"), ApiFault.silence());
    fixture.start();
    fixture.run(execution, script(0, "echo one; echo two"));

    StepFinished end = finished();

    assertThat(end.outcome()).as(end.error()).isEqualTo(Outcome.COMPLETED);
    assertThat(printed(0)).containsExactly("one", "two");
    assertThat(writes()).isEqualTo(1);
    // It had ended when it was told of: its log is all there is.
    assertThat(fixture.cluster.requests().of("get", "pods/log"))
        .singleElement()
        .satisfies(read -> assertThat(read.query()).containsEntry("follow", "false"));
  }

  /** The same for Jobs: the watch begins anew, and tells of one that somebody deletes then. */
  @Test
  void whatAWatchOfJobsDoesNotTellIsFoundOutAfterAWhile() {
    fixture.comparison = Duration.ofSeconds(1);
    fixture.cluster.faults().once(ApiRequest.matching("watch", "jobs"), ApiFault.silence());
    fixture.start();
    fixture.run(execution, script(0, "echo one; sleep 300"));
    awaitPrinted();
    await().until(() -> fixture.cluster.requests().of("watch", "jobs").size() > 1);
    fixture
        .cluster
        .admin()
        .batch()
        .v1()
        .jobs()
        .withLabel("gantry.dev/execution", execution.toString())
        .delete();

    assertThat(finished().outcome()).isEqualTo(Outcome.INFRASTRUCTURE);
  }

  @Test
  void aPartitionThatMovesTakesItsStepsAlong() throws IOException {
    Path go = folder.resolve("go");
    Runner one = fixture.start();
    fixture.run(
        execution,
        script(0, "echo began; until test -e %s; do sleep 0.02; done; echo last".formatted(go)));
    runningPod();
    RunnerFixture.serve(one, Set.of(1));
    await().until(() -> one.active() == 0);
    Runner two = fixture.start();
    Files.createFile(go);

    assertThat(finished().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(printed(0)).containsExactly("began", "last");
    await().until(() -> two.active() == 0);
    assertThat(fixture.topics.finished(execution)).hasSize(1);
    one.close();
  }
}
