package dev.gantry.runner.kubernetes;

import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.runner.Attempt;
import dev.gantry.runner.AttemptEnd;
import dev.gantry.runner.AttemptListener;
import dev.gantry.runner.AttemptRecords.LogPosition;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.CommandRefusedException;
import dev.gantry.runner.Serial;
import dev.gantry.runner.kubernetes.Beginning.GivenUp;
import dev.gantry.runner.masking.Mask;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * One Job from its creation, or its adoption, to its end. All that happens to it is handled one
 * after the other by its {@link Serial}, on whatever thread it happens; what blocks is done
 * elsewhere and comes back.
 */
final class JobAttempt implements Attempt {
  private static final Logger LOG = Logger.getLogger(JobAttempt.class);

  /** Between the termination signal and the kill of a program that ran too long. */
  private static final Duration TIMEOUT_GRACE = Duration.ofSeconds(5);

  /** Of the times that the cluster tells: a timeout may be late by so much, and is not early. */
  private static final Duration PRECISION = Duration.ofSeconds(1);

  private final AttemptRequest request;
  private final AttemptListener listener;
  private final KubernetesResources resources;
  private final String name;
  private final Serial serial = new Serial();
  private final Beginning beginning;
  private Job job;
  private PodLog log;
  private boolean confirming;
  private LogFollower follower;
  private Instant startedAt;
  private StepEnd end;
  private Stop stop;
  private CompletionStage<Void> noted = CompletableFuture.completedFuture(null);
  private Future<?> timeout;
  private boolean over;

  JobAttempt(AttemptRequest request, AttemptListener listener, KubernetesResources resources) {
    this.request = request;
    this.listener = listener;
    this.resources = resources;
    this.name = JobTemplate.name(request.key());
    this.beginning = new Beginning(name, listener, resources, serial, this::giveUp);
  }

  /** A stop that was asked for. */
  private record Stop(Outcome outcome, String reason, Duration grace) {}

  /** What there is in the cluster of an attempt, and where its log stands. */
  private record Begun(Job job, LogPosition log) {}

  void begin() {
    resources
        .calls()
        .call("Job " + name, this::createOrAdopt)
        .whenCompleteAsync(
            (begun, failure) -> serial.run(() -> begun(begun, failure)), resources.workers());
  }

  /** Blocks. */
  private Begun createOrAdopt() throws Exception {
    JobCreation creation = resources.ledger().creation();
    Job there = creation.begin(request);
    LogPosition position = creation.isFresh(request.key()) ? LogPosition.START : stored();
    creation.followed(request.key());
    return new Begun(there, position);
  }

  /** What a process before this one has shipped is waited for until it is stored. */
  private LogPosition stored() throws InterruptedException {
    long shipped = resources.lastOffset(request);
    while (true) {
      LogPosition position = resources.records().log(request.key());
      if (position.storedUpTo() > shipped) {
        return position;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private void begun(Begun begun, Throwable failure) {
    if (over) {
      return;
    }
    if (failure != null) {
      notBegun(failure instanceof CompletionException ? failure.getCause() : failure);
      return;
    }
    job = begun.job();
    log =
        new PodLog(
            request,
            resources.logs(),
            Mask.of(request.grants().secretValues()),
            begun.log(),
            Labels.annotation(job, JobTemplate.OUTPUT_MARK));
    if (begun.log().lines() == 0) {
      JobTemplate.notes(job).forEach(this::note);
    }
    resources.followed().add(name, this).forEach(this::tell);
    beginning.begin();
    if (stop != null) {
      stopNow();
    }
    look();
  }

  private void notBegun(Throwable failure) {
    if (failure instanceof InterruptedException) {
      return;
    }
    if (failure instanceof CommandRefusedException refused) {
      ended(AttemptEnd.neverStarted(refused.outcome(), refused.getMessage(), Instant.now()));
    } else {
      LOG.errorf(failure, "Job %s could not be created", name);
      ended(AttemptEnd.neverStarted(Outcome.INFRASTRUCTURE, failure.toString(), Instant.now()));
    }
  }

  /** Something of the Job or its pod has changed. Any thread. */
  void changed() {
    resources.workers().execute(() -> serial.run(this::look));
  }

  /** Kubernetes says something of the Job or its pod. Any thread. */
  void told(Told what) {
    resources.workers().execute(() -> serial.run(() -> tell(what)));
  }

  private void tell(Told what) {
    if (over || log == null) {
      return;
    }
    note(what.text());
    beginning.told(what);
  }

  private void look() {
    if (over || job == null || end != null) {
      return;
    }
    Optional<PodStatus> pod = resources.cluster().pod(name).map(PodStatus::new);
    pod.ifPresent(this::look);
    if (end == null && !over) {
      pod.flatMap(StepEnd::of).or(() -> withoutPod(pod)).ifPresent(found -> programEnded(found));
    }
  }

  private void look(PodStatus pod) {
    if (startedAt == null && pod.startedAt().isPresent()) {
      started(pod, pod.startedAt().get());
    }
    if (startedAt == null) {
      beginning.look(pod);
    }
  }

  /** The Job has failed by itself, or somebody has taken the pod away. */
  private Optional<StepEnd> withoutPod(Optional<PodStatus> pod) {
    Optional<Job> there = resources.cluster().job(name);
    String deleted = "somebody has deleted the " + (there.isEmpty() ? "Job" : "pod");
    if (pod.isPresent()) {
      // As long as it is there its program may run, whatever has become of the Job.
      return resources.cluster().exists(pod.get().pod())
          ? Optional.empty()
          : Optional.of(StepEnd.byPlatform(deleted, null));
    }
    there
        .map(StepEnd::of)
        .orElseGet(() -> Optional.of(StepEnd.byPlatform(deleted, null)))
        .ifPresent(this::confirm);
    return Optional.empty();
  }

  /**
   * That the Job has failed, or is gone, may be told before its pod is told of, which alone says
   * how the program has ended: such a pod is waited for.
   */
  private void confirm(StepEnd failed) {
    if (confirming) {
      return;
    }
    confirming = true;
    resources
        .calls()
        .call("looking for the pod of " + name, () -> resources.cluster().hasPod(name))
        .whenComplete((there, failure) -> serial.run(() -> confirmed(failed, there, failure)));
  }

  private void confirmed(StepEnd failed, Boolean there, Throwable failure) {
    confirming = false;
    if (failure != null) {
      LOG.warnf("nobody knows whether %s has a pod: %s", name, failure);
    } else if (!there && !over && end == null && resources.cluster().pod(name).isEmpty()) {
      programEnded(failed);
    }
  }

  private void started(PodStatus pod, Instant at) {
    startedAt = at;
    beginning.end();
    follower = new LogFollower(resources, pod.pod(), log);
    if (pod.terminated().isPresent()) {
      // What is there is all there is: one reading will do.
      follower.containerEnded();
    }
    follower.start().thenRunAsync(() -> serial.run(this::logRead), resources.workers());
    listener.started(at, beginning.phases());
    long limit = request.step().timeoutMillis();
    if (limit > 0 && stop == null) {
      timeout =
          resources.later(
              Duration.between(Instant.now(), at.plus(PRECISION).plusMillis(limit)),
              () ->
                  serial.run(
                      () ->
                          stop(
                              new Stop(
                                  Outcome.TIMED_OUT,
                                  "ran longer than its timeout of " + limit + " ms",
                                  TIMEOUT_GRACE))));
    }
  }

  private void giveUp(GivenUp given) {
    if (end == null) {
      end = new StepEnd(Outcome.INFRASTRUCTURE, null, given.why(), Instant.now(), given.mayPass());
      delete();
      logRead();
    }
  }

  /** In the order in which they come; it may have to wait for Kafka. */
  private void note(String text) {
    PodLog to = log;
    noted = noted.thenRunAsync(() -> noteOn(to, text), resources.readers());
  }

  private static void noteOn(PodLog log, String text) {
    try {
      log.note(text);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void cancel(String reason, Duration grace) {
    serial.run(() -> stop(new Stop(Outcome.CANCELLED, reason, grace)));
  }

  private void stop(Stop wanted) {
    if (over || stop != null || end != null) {
      return;
    }
    stop = wanted;
    cancel(timeout);
    beginning.end();
    if (job != null) {
      stopNow();
    }
  }

  /** A pod's program may have begun before the cluster says so: it is asked to end like any. */
  private void stopNow() {
    Optional<Pod> pod = resources.cluster().pod(name);
    if (pod.isEmpty()) {
      end = new StepEnd(stop.outcome(), null, stop.reason(), null);
      delete();
      logRead();
    } else {
      resources
          .calls()
          .call(
              "stopping " + name,
              () -> {
                resources.cluster().stop(pod.get(), stop.grace());
                return null;
              })
          .whenComplete((done, failure) -> logged(failure));
    }
  }

  private void delete() {
    resources
        .calls()
        .call(
            "deleting " + name,
            () -> {
              resources.cluster().delete(name);
              return null;
            })
        .whenComplete((done, failure) -> logged(failure));
  }

  private void logged(Throwable failure) {
    if (failure != null) {
      LOG.warnf("%s could not be stopped: %s", name, failure);
    }
  }

  private void programEnded(StepEnd found) {
    end = found;
    cancel(timeout);
    beginning.end();
    if (follower == null) {
      logRead();
    } else {
      follower.containerEnded();
    }
  }

  /** Both the program and its log have come to their end. */
  private void logRead() {
    if (over || end == null) {
      return;
    }
    over = true;
    resources
        .calls()
        .call("the end of " + name, log::end)
        .thenCompose(acknowledged -> acknowledged)
        .thenRunAsync(() -> listener.ended(endTold()), resources.workers())
        .whenComplete(
            (done, failure) -> {
              unfollow();
              if (failure != null) {
                LOG.errorf(failure, "the end of %s is not told before a restart", name);
              }
            });
  }

  private void unfollow() {
    resources.followed().remove(name, this);
    resources.cluster().forget(name);
  }

  private void ended(AttemptEnd told) {
    over = true;
    listener.ended(told);
  }

  private AttemptEnd endTold() {
    boolean stopped = stop != null && (end.outcome() != Outcome.COMPLETED || wasAskedToEnd());
    Instant at = end.at() == null ? Instant.now() : end.at();
    return new AttemptEnd(
        stopped ? stop.outcome() : end.outcome(),
        stopped ? exitCode() : end.exitCode(),
        stopped ? stop.reason() : end.error(),
        log.output().text(),
        log.output().isTruncated(),
        log.lines(),
        log.digest(),
        startedAt,
        startedAt != null && at.isBefore(startedAt) ? startedAt : at,
        !stopped && end.mayPass(),
        beginning.phases());
  }

  /** That of a program which has ended because it was asked to: null when it has not begun. */
  private Integer exitCode() {
    return resources
        .cluster()
        .pod(name)
        .flatMap(pod -> new PodStatus(pod).terminated())
        .map(ContainerStateTerminated::getExitCode)
        .orElse(null);
  }

  private boolean wasAskedToEnd() {
    return resources.cluster().pod(name).filter(pod -> new PodStatus(pod).isDeleted()).isPresent();
  }

  @Override
  public void leave() {
    serial.run(
        () -> {
          over = true;
          unfollow();
          cancel(timeout);
          beginning.end();
          if (follower != null) {
            follower.leave();
          }
        });
  }

  private static void cancel(Future<?> task) {
    if (task != null) {
      task.cancel(false);
    }
  }
}
