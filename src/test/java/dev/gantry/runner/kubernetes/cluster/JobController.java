package dev.gantry.runner.kubernetes.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Gives each Job its pod, counts how that ended, and enforces suspension, deadline, backoff limit
 * and time to live; in the same order of conditions and writes as Kubernetes' own. Works on the
 * controllers' thread only; whatever happens to a Job or a pod of it has the Job looked at again.
 */
final class JobController {
  private static final String COMPONENT = "job-controller";
  private static final String TRACKING = "batch.kubernetes.io/job-tracking";

  private final ObjectStore store;
  private final EventRecorder events;
  private final ScheduledExecutorService thread;
  private volatile Duration between = Duration.ZERO;
  private volatile Duration backoff = Duration.ofSeconds(10);
  private final Map<String, Instant> turns = new HashMap<>();
  private Instant nextPod = Instant.MIN;

  JobController(ObjectStore store, EventRecorder events, ScheduledExecutorService thread) {
    this.store = store;
    this.events = events;
    this.thread = thread;
  }

  /** How long at least lies between the creation of two pods; none by default. */
  void pace(Duration betweenPods) {
    between = betweenPods;
  }

  /** How long after its pod failed a Job with retries left gets another. */
  void backoff(Duration first) {
    backoff = first;
  }

  void after(Change change) {
    ObjectNode object = change.object();
    if (change.kind().equals(Kind.JOBS) && change.type() != Change.Type.DELETED) {
      sync(object);
    } else if (change.kind().equals(Kind.PODS)) {
      jobOf(object).ifPresentOrElse(this::sync, () -> untrack(object));
    }
  }

  private void sync(ObjectNode seen) {
    ObjectNode job = store.find(Kind.JOBS, Json.namespace(seen), Json.name(seen)).orElse(null);
    if (job == null || !Json.uid(job).equals(Json.uid(seen))) {
      return;
    }
    if (isFinished(job)) {
      pods(job).forEach(this::untrack);
      removeInTime(job);
    } else if (Json.isDeleting(job)) {
      pods(job).stream().filter(JobController::hasEnded).forEach(this::untrack);
    } else if (job.at("/spec/suspend").asBoolean()) {
      suspend(job);
    } else {
      manage(resume(job));
    }
  }

  private void suspend(ObjectNode job) {
    pods(job).stream().filter(pod -> !Json.isDeleting(pod)).forEach(this::delete);
    pods(job).stream().filter(JobController::hasEnded).forEach(this::untrack);
    if (!Conditions.isTrue(job, "Suspended")) {
      events.normal(COMPONENT, Kind.JOBS, job, "Suspended", "Job suspended");
      status(
          job,
          object -> {
            Conditions.set(object, "Suspended", "True", "JobSuspended", "Job suspended");
            object.withObjectProperty("status").remove(List.of("active", "startTime"));
          });
    }
  }

  private ObjectNode resume(ObjectNode job) {
    if (job.at("/status").has("startTime")) {
      return job;
    }
    boolean suspended = Conditions.isTrue(job, "Suspended");
    ObjectNode resumed =
        status(
            job,
            object -> {
              object.withObjectProperty("status").put("startTime", Json.now());
              if (suspended) {
                Conditions.set(object, "Suspended", "False", "JobResumed", "Job resumed");
              }
            });
    if (suspended) {
      events.normal(COMPONENT, Kind.JOBS, job, "Resumed", "Job resumed");
    }
    long deadline = job.at("/spec/activeDeadlineSeconds").asLong(-1);
    if (deadline >= 0) {
      again(resumed, Duration.ofSeconds(deadline).plusMillis(1));
    }
    return resumed;
  }

  private void manage(ObjectNode job) {
    List<ObjectNode> pods = pods(job);
    Optional<ObjectNode> succeeded =
        pods.stream().filter(pod -> phase(pod).equals("Succeeded")).findFirst();
    int failed =
        Math.max(
            job.at("/status/failed").asInt(),
            (int) pods.stream().filter(JobController::hasFailed).count());
    boolean deadline = isPastDeadline(job);
    if (Conditions.isTrue(job, "FailureTarget") || (deadline && succeeded.isEmpty())) {
      fail(job, failed, "DeadlineExceeded", "Job was active longer than specified deadline");
    } else if (succeeded.isPresent()) {
      complete(job, failed);
    } else if (failed > job.at("/spec/backoffLimit").asInt()) {
      fail(job, failed, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
    } else if (pods.stream().allMatch(JobController::hasFailed)) {
      counts(job, 0, failed, 0);
      createInTime(job, failed);
    } else {
      ObjectNode pod = pods.stream().filter(p -> !hasEnded(p)).findFirst().orElseThrow();
      counts(job, Json.isDeleting(pod) ? 0 : 1, failed, isReady(pod) ? 1 : 0);
    }
  }

  private void complete(ObjectNode job, int failed) {
    status(
        job,
        object -> {
          ObjectNode status = object.withObjectProperty("status");
          status.put("succeeded", 1).put("completionTime", Json.now());
          count(status, 0, failed, 0);
          String reason = "CompletionsReached";
          String message = "Reached expected number of succeeded pods";
          Conditions.set(object, "SuccessCriteriaMet", "True", reason, message);
          Conditions.set(object, "Complete", "True", reason, message);
        });
    events.normal(COMPONENT, Kind.JOBS, job, "Completed", "Job completed");
  }

  /** The pods go first; the Job has failed once none of them is active any more. */
  private void fail(ObjectNode job, int failed, String reason, String message) {
    if (!Conditions.isTrue(job, "FailureTarget")) {
      status(job, object -> Conditions.set(object, "FailureTarget", "True", reason, message));
    }
    List<ObjectNode> active = pods(job).stream().filter(pod -> !hasEnded(pod)).toList();
    active.stream().filter(pod -> !Json.isDeleting(pod)).forEach(this::delete);
    if (pods(job).stream().anyMatch(pod -> !hasEnded(pod))) {
      counts(job, 0, failed, 0);
      return;
    }
    status(
        job,
        object -> {
          count(object.withObjectProperty("status"), 0, failed, 0);
          Conditions.set(object, "Failed", "True", reason, message);
        });
    events.warning(COMPONENT, Kind.JOBS, job, reason, message);
  }

  private void createInTime(ObjectNode job, int failed) {
    Instant now = Instant.now();
    Instant due = turns.computeIfAbsent(Json.uid(job), uid -> turn(job, failed, now));
    if (due.isAfter(now)) {
      again(job, Duration.between(now, due).plusMillis(1));
    } else {
      turns.remove(Json.uid(job));
      create(job);
    }
  }

  private Instant turn(ObjectNode job, int failed, Instant now) {
    Instant due = nextPod.isAfter(now) ? nextPod : now;
    nextPod = due.plus(between);
    Instant retry =
        lastFailure(job)
            .map(at -> at.plus(backoff.multipliedBy(1L << Math.min(6, failed - 1))))
            .orElse(due);
    return retry.isAfter(due) ? retry : due;
  }

  private void create(ObjectNode job) {
    ObjectNode pod = job.at("/spec/template").deepCopy();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode meta = Json.meta(pod);
    meta.put("name", Json.name(job) + "-" + Defaults.suffix());
    meta.put("generateName", Json.name(job) + "-");
    meta.put("uid", UUID.randomUUID().toString());
    meta.putArray("finalizers").add(TRACKING);
    meta.putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "batch/v1")
        .put("kind", "Job")
        .put("name", Json.name(job))
        .put("uid", Json.uid(job))
        .put("controller", true)
        .put("blockOwnerDeletion", true);
    Defaults.fill(Kind.PODS, pod, Json.namespace(job));
    ObjectNode created = store.create(Kind.PODS, pod);
    events.normal(
        COMPONENT, Kind.JOBS, job, "SuccessfulCreate", "Created pod: " + Json.name(created));
  }

  private void delete(ObjectNode pod) {
    store.delete(Kind.PODS, Json.namespace(pod), Json.name(pod), Deletion.BACKGROUND);
    jobOf(pod)
        .ifPresent(
            job ->
                events.normal(
                    COMPONENT,
                    Kind.JOBS,
                    job,
                    "SuccessfulDelete",
                    "Deleted pod: " + Json.name(pod)));
  }

  /** Lets go of a pod that has been counted, or whose Job is gone. */
  private void untrack(ObjectNode pod) {
    store.updateIfThere(
        Kind.PODS,
        Json.namespace(pod),
        Json.name(pod),
        object -> {
          if (Json.finalizers(object).contains(TRACKING)) {
            Json.removeFinalizer(object, TRACKING);
          }
        });
  }

  private void removeInTime(ObjectNode job) {
    JsonNode ttl = job.at("/spec/ttlSecondsAfterFinished");
    if (!ttl.isNumber() || Json.isDeleting(job)) {
      return;
    }
    Instant due = finishedAt(job).plusSeconds(ttl.asLong());
    if (due.isAfter(Instant.now())) {
      again(job, Duration.between(Instant.now(), due).plusMillis(1));
    } else {
      store.delete(Kind.JOBS, Json.namespace(job), Json.name(job), Deletion.FOREGROUND);
    }
  }

  private void counts(ObjectNode job, int active, int failed, int ready) {
    status(job, object -> count(object.withObjectProperty("status"), active, failed, ready));
  }

  /** As the API leaves zeros out, except for {@code ready} and {@code terminating}. */
  private static void count(ObjectNode status, int active, int failed, int ready) {
    status.put("active", active).put("failed", failed).put("ready", ready).put("terminating", 0);
    List.of("active", "failed").stream()
        .filter(field -> status.path(field).asInt() == 0)
        .forEach(status::remove);
    status.putObject("uncountedTerminatedPods");
  }

  private ObjectNode status(ObjectNode job, ObjectStore.Edit edit) {
    return store.updateIfThere(Kind.JOBS, Json.namespace(job), Json.name(job), edit).orElse(job);
  }

  private void again(ObjectNode job, Duration in) {
    // a rejected look comes at the end of the cluster only
    var unused = thread.schedule(() -> sync(job), in.toMillis(), TimeUnit.MILLISECONDS);
  }

  private boolean isPastDeadline(ObjectNode job) {
    JsonNode deadline = job.at("/spec/activeDeadlineSeconds");
    return deadline.isNumber()
        && !Instant.parse(job.at("/status/startTime").asText())
            .plusSeconds(deadline.asLong())
            .isAfter(Instant.now());
  }

  private Optional<Instant> lastFailure(ObjectNode job) {
    return pods(job).stream()
        .flatMap(pod -> pod.at("/status/containerStatuses").findValues("finishedAt").stream())
        .map(at -> Instant.parse(at.asText()))
        .max(Instant::compareTo);
  }

  private Instant finishedAt(ObjectNode job) {
    for (JsonNode condition : job.at("/status/conditions")) {
      if (condition.path("type").asText().matches("Complete|Failed")) {
        return Instant.parse(condition.path("lastTransitionTime").asText());
      }
    }
    return Instant.now();
  }

  private Optional<ObjectNode> jobOf(ObjectNode pod) {
    for (JsonNode owner : pod.at("/metadata/ownerReferences")) {
      if (owner.path("kind").asText().equals("Job")) {
        return store
            .find(Kind.JOBS, Json.namespace(pod), owner.path("name").asText())
            .filter(job -> Json.uid(job).equals(owner.path("uid").asText()));
      }
    }
    return Optional.empty();
  }

  private List<ObjectNode> pods(ObjectNode job) {
    return store.list(Kind.PODS, Json.namespace(job)).items().stream()
        .filter(pod -> pod.at("/metadata/ownerReferences/0/uid").asText().equals(Json.uid(job)))
        .toList();
  }

  private static boolean isFinished(ObjectNode job) {
    return Conditions.isTrue(job, "Complete") || Conditions.isTrue(job, "Failed");
  }

  private static boolean hasEnded(ObjectNode pod) {
    return phase(pod).matches("Succeeded|Failed");
  }

  private static boolean hasFailed(ObjectNode pod) {
    return phase(pod).equals("Failed");
  }

  private static boolean isReady(ObjectNode pod) {
    return Conditions.isTrue(pod, "Ready");
  }

  private static String phase(ObjectNode pod) {
    return pod.at("/status/phase").asText();
  }
}
