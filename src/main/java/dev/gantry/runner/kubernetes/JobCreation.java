package dev.gantry.runner.kubernetes;

import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.runner.AttemptKey;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.CommandRefusedException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Sees to it that the Job of an attempt is there, and that it runs when it is to. One that is there
 * is adopted by its name. Any thread that may block.
 */
final class JobCreation {
  private static final Set<Integer> REFUSED = Set.of(400, 413, 422);

  private final Cluster cluster;
  private final ApiCalls calls;
  private final JobTemplate template;
  private final ToIntFunction<UUID> partitions;
  private final Function<AttemptKey, Optional<CancelSteps>> cancels;

  /** Those whose Job this process has created: nobody has followed them before. */
  private final Set<AttemptKey> fresh = ConcurrentHashMap.newKeySet();

  /**
   * @param partitions of the topic of commands that an execution came from, -1 = not known
   * @param cancels what is known of an attempt's cancellation
   */
  JobCreation(
      Cluster cluster,
      ApiCalls calls,
      JobTemplate template,
      ToIntFunction<UUID> partitions,
      Function<AttemptKey, Optional<CancelSteps>> cancels) {
    this.cluster = cluster;
    this.calls = calls;
    this.template = template;
    this.partitions = partitions;
    this.cancels = cancels;
  }

  /**
   * Keeps the attempt as a Job, unless it is there. Blocks.
   *
   * @param atOnce it runs, if that takes no more than this one write; else it is suspended
   * @throws CommandRefusedException when it cannot be
   */
  void keep(AttemptRequest request, boolean atOnce) throws Exception {
    refusing(
        () -> {
          keepUnlessRefused(request, atOnce);
          return null;
        });
  }

  private void keepUnlessRefused(AttemptRequest request, boolean atOnce) {
    String name = JobTemplate.name(request.key());
    if (cluster.job(name).isEmpty()) {
      JobPlan plan = plan(request);
      create(request, plan, atOnce && plan.owned().isEmpty());
    }
  }

  private JobPlan plan(AttemptRequest request) {
    int partition = partitions.applyAsInt(request.executionId());
    return template.plan(request, Map.of(Labels.PARTITION, Integer.toString(partition)));
  }

  private Optional<Job> create(AttemptRequest request, JobPlan plan, boolean atOnce) {
    Job job = plan.job();
    Map<String, String> annotations = new HashMap<>(annotations(job));
    annotations.put(Labels.COMMAND, PackedJson.write(request.command()));
    Optional<CancelSteps> cancel = cancels.apply(request.key());
    cancel.ifPresent(known -> annotations.put(Labels.CANCEL, PackedJson.write(known)));
    job.getMetadata().setAnnotations(annotations);
    job.getSpec().setSuspend((atOnce && cancel.isEmpty()) ? null : Boolean.TRUE);
    Optional<Job> made = cluster.create(job);
    made.ifPresent(created -> fresh.add(request.key()));
    return made;
  }

  private static Map<String, String> annotations(Job job) {
    Map<String, String> annotations = job.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  /** Whether this process has created the Job, so that none has followed it before. */
  boolean isFresh(AttemptKey key) {
    return fresh.contains(key);
  }

  /** From now on somebody has followed it, since its log is begun, or nobody ever will. */
  void followed(AttemptKey key) {
    fresh.remove(key);
  }

  /**
   * Sees to it that the attempt's Job is there and runs. Blocks.
   *
   * @throws CommandRefusedException when it cannot be
   */
  Job begin(AttemptRequest request) throws Exception {
    return refusing(() -> beginUnlessRefused(request));
  }

  private Job beginUnlessRefused(AttemptRequest request) throws Exception {
    String name = JobTemplate.name(request.key());
    Optional<Job> running =
        calls.persistently("Job " + name, () -> there(name)).filter(job -> !isSuspended(job));
    if (running.isPresent()) {
      requireOurs(running.get(), request.key());
      return running.get();
    }
    JobPlan plan = plan(request);
    Job job =
        calls.persistently(
            "Job " + name,
            () ->
                there(name)
                    .or(() -> create(request, plan, plan.owned().isEmpty()))
                    .or(() -> cluster.read(name))
                    .orElseThrow(() -> new KubernetesClientException("Job " + name + " is gone")));
    requireOurs(job, request.key());
    if (isSuspended(job) && cancels.apply(request.key()).isEmpty()) {
      calls.persistently(
          "resuming " + name,
          () -> {
            cluster.createOwned(owned(plan.owned(), job));
            cluster.resume(name);
            return null;
          });
    }
    return job;
  }

  static boolean isSuspended(Job job) {
    return Boolean.TRUE.equals(job.getSpec().getSuspend());
  }

  private Optional<Job> there(String name) {
    Optional<Job> known = cluster.job(name);
    return known.isPresent() || cluster.isSynced() ? known : cluster.read(name);
  }

  private static List<HasMetadata> owned(List<HasMetadata> objects, Job job) {
    OwnerReference owner =
        new OwnerReferenceBuilder()
            .withApiVersion("batch/v1")
            .withKind("Job")
            .withName(job.getMetadata().getName())
            .withUid(job.getMetadata().getUid())
            .build();
    objects.forEach(object -> object.getMetadata().setOwnerReferences(List.of(owner)));
    return objects;
  }

  private void requireOurs(Job job, AttemptKey key) {
    if (!Labels.attempt(job).equals(Optional.of(key))) {
      throw new CommandRefusedException(
          Outcome.INFRASTRUCTURE,
          "there is a Job " + job.getMetadata().getName() + " that is not Gantry's");
    }
  }

  /** What the server will never take becomes a sentence for the step. */
  private <T> T refusing(Callable<T> call) throws Exception {
    try {
      return call.call();
    } catch (IllegalArgumentException e) {
      throw new CommandRefusedException(Outcome.FAILED, e.getMessage());
    } catch (KubernetesClientException e) {
      if (REFUSED.contains(e.getCode())) {
        throw new CommandRefusedException(
            Outcome.FAILED, "the cluster refuses the Job: " + e.getMessage());
      }
      if (e.getCode() >= 400 && e.getCode() < 500 && e.getCode() != 429) {
        throw new CommandRefusedException(
            Outcome.INFRASTRUCTURE, "the runner may not create Jobs: " + e.getMessage());
      }
      throw e;
    }
  }
}
