package dev.gantry.runner.kubernetes;

import dev.gantry.executions.protocol.ProtocolJson;
import dev.gantry.executions.protocol.RunnerCommand.AttemptRef;
import dev.gantry.executions.protocol.RunnerCommand.CancelSteps;
import dev.gantry.executions.protocol.RunnerCommand.RunSteps;
import dev.gantry.executions.protocol.StepEvent.Outcome;
import dev.gantry.executions.protocol.StepEvent.StepFinished;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.AttemptKey;
import dev.gantry.runner.AttemptRecords;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.CommandRefusedException;
import dev.gantry.runner.GrantSource;
import dev.gantry.runner.GrantsRefusedException;
import dev.gantry.runner.Ledger;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * The ledger in the cluster: a command is kept as the Job of its first step, suspended when it is
 * not to run at once; what is left of it, and a cancellation, lie in annotations. Reports are not
 * kept: they are made again from what the cluster and the log say.
 */
final class KubernetesLedger implements Ledger {
  private static final Logger LOG = Logger.getLogger(KubernetesLedger.class);

  private final Cluster cluster;
  private final ApiCalls calls;
  private final JobCreation creation;
  private final AttemptRecords records;
  private final GrantSource grants;
  private final String id;
  private final Map<UUID, Integer> partitions = new ConcurrentHashMap<>();
  private final Map<AttemptKey, CancelSteps> cancels = new ConcurrentHashMap<>();

  /** Not active when it was swept last; by the one that sweeps alone. */
  private Set<UUID> quietBefore = Set.of();

  KubernetesLedger(
      Cluster cluster,
      ApiCalls calls,
      JobTemplate template,
      AttemptRecords records,
      GrantSource grants,
      String namespace,
      String runner) {
    this.cluster = cluster;
    this.calls = calls;
    this.creation =
        new JobCreation(
            cluster,
            calls,
            template,
            execution -> partitions.getOrDefault(execution, -1),
            this::cancelOf);
    this.records = records;
    this.grants = grants;
    this.id = "kubernetes/" + namespace + "/" + runner;
  }

  /** How what it keeps is made to run. */
  JobCreation creation() {
    return creation;
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public CompletionStage<Void> offer(RunSteps command, Place place, boolean atOnce) {
    AttemptRequest request = AttemptRequest.first(command, StepGrants.NONE);
    partitions.put(command.executionId(), place.partition());
    return granted(request)
        .thenCompose(
            whole ->
                calls.call(
                    "keeping " + JobTemplate.name(request.key()),
                    () -> {
                      creation.keep(whole, atOnce);
                      return null;
                    }));
  }

  /** What a pod is like depends on what it is granted. */
  private CompletionStage<AttemptRequest> granted(AttemptRequest request) {
    if (!request.step().granted() || cluster.job(JobTemplate.name(request.key())).isPresent()) {
      return CompletableFuture.completedFuture(request);
    }
    return grants
        .of(request.key())
        .handle(
            (known, refusal) -> {
              if (refusal == null) {
                return request.with(known);
              }
              throw refused(refusal);
            });
  }

  private static CommandRefusedException refused(Throwable refusal) {
    return refusal instanceof GrantsRefusedException known
        ? new CommandRefusedException(known.outcome(), known.getMessage())
        : new CommandRefusedException(Outcome.INFRASTRUCTURE, refusal.toString());
  }

  @Override
  public void disown(RunSteps command) {
    forget(command);
  }

  @Override
  public void own(RunSteps command) {
    // It is since its Job is there.
  }

  @Override
  public void keep(RunSteps command) {
    annotate(firstOf(command), Labels.COMMAND, PackedJson.write(command));
  }

  /** A Job that never ran is in the way of another that brings the attempt again. */
  @Override
  public void release(RunSteps command) {
    for (StepSpec step : command.steps()) {
      String name = JobTemplate.name(key(command, step));
      cluster
          .job(name)
          .filter(JobCreation::isSuspended)
          .ifPresent(job -> waitFor("deleting " + name, () -> cluster.delete(name)));
    }
    forget(command);
  }

  /**
   * Forgets what belongs to executions that are not active and were not when this was called last:
   * one that is about to be gone on with is not active yet.
   */
  void sweep(Predicate<UUID> active) {
    Set<UUID> quiet = new HashSet<>(partitions.keySet());
    cancels.keySet().forEach(key -> quiet.add(key.executionId()));
    quiet.removeIf(active);
    Set<UUID> over = new HashSet<>(quiet);
    over.retainAll(quietBefore);
    partitions.keySet().removeAll(over);
    cancels.keySet().removeIf(key -> over.contains(key.executionId()));
    quietBefore = quiet;
  }

  private void forget(RunSteps command) {
    for (StepSpec step : command.steps()) {
      creation.followed(key(command, step));
      cancels.remove(key(command, step));
    }
  }

  @Override
  public List<RunSteps> owned() {
    return List.of();
  }

  @Override
  public List<Offer> offered() {
    return List.of();
  }

  @Override
  public List<Rest> owned(Set<Integer> wanted) throws InterruptedException {
    List<Job> jobs = jobs(wanted);
    cluster.awaitSynced();
    Map<AttemptKey, RunSteps> commands = new HashMap<>();
    for (Job job : jobs) {
      read(job, Labels.CANCEL, CancelSteps.class).ifPresent(this::remember);
      read(job, Labels.COMMAND, RunSteps.class)
          .ifPresent(command -> commands.put(firstOf(command), command));
      Labels.attempt(job)
          .ifPresent(key -> partitions.put(key.executionId(), Labels.partition(job)));
    }
    commands.values().removeIf(command -> isSuperseded(command, commands.keySet()));
    return held(commands.values());
  }

  private List<Job> jobs(Set<Integer> wanted) throws InterruptedException {
    List<Job> jobs = new ArrayList<>();
    try {
      calls.persistently(
          "listing Jobs",
          () -> {
            jobs.clear();
            cluster.forEachJob(
                job -> {
                  if (wanted.contains(Labels.partition(job))) {
                    jobs.add(job);
                  }
                });
            return null;
          });
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return jobs;
  }

  /** The segment has come further: a later Job of it says what is left. */
  private static boolean isSuperseded(RunSteps command, Set<AttemptKey> firsts) {
    return command.steps().stream().skip(1).anyMatch(step -> firsts.contains(key(command, step)));
  }

  /** Those of which something is waited for, from the first such step on. */
  private List<Rest> held(Collection<RunSteps> commands) throws InterruptedException {
    Set<AttemptKey> all = new HashSet<>();
    commands.forEach(command -> command.steps().forEach(step -> all.add(key(command, step))));
    Set<AttemptKey> held = records.held(all);
    List<Rest> rests = new ArrayList<>();
    for (RunSteps command : commands) {
      List<StepSpec> rest =
          command.steps().stream().dropWhile(step -> !held.contains(key(command, step))).toList();
      if (!rest.isEmpty()) {
        rests.add(
            new Rest(
                command.with(rest),
                partitions.get(command.executionId()),
                rest.size() == command.steps().size()));
      }
    }
    return rests;
  }

  @Override
  public boolean remembers(UUID executionId) {
    return cluster.remembers(executionId);
  }

  @Override
  public void keep(CancelSteps cancel) {
    remember(cancel);
    for (AttemptRef attempt : cancel.attempts()) {
      annotate(
          new AttemptKey(cancel.executionId(), attempt.step(), attempt.attempt()),
          Labels.CANCEL,
          PackedJson.write(cancel));
    }
  }

  private void remember(CancelSteps cancel) {
    for (AttemptRef attempt : cancel.attempts()) {
      cancels.put(new AttemptKey(cancel.executionId(), attempt.step(), attempt.attempt()), cancel);
    }
  }

  private void annotate(AttemptKey key, String annotation, String value) {
    String name = JobTemplate.name(key);
    // At the start of a process nothing is known yet of what is there.
    if (cluster.job(name).isPresent() || !cluster.isSynced()) {
      waitFor(
          "annotating " + name,
          () ->
              cluster.annotate(
                  name,
                  new String(
                      ProtocolJson.write(Map.of(annotation, value)), StandardCharsets.UTF_8)));
    }
  }

  private void waitFor(String what, Runnable call) {
    calls
        .call(
            what,
            () -> {
              call.run();
              return null;
            })
        .toCompletableFuture()
        .join();
  }

  @Override
  public Optional<CancelSteps> cancelOf(AttemptKey key) {
    return Optional.ofNullable(cancels.get(key));
  }

  @Override
  public void keep(StepFinished report) {
    // It is made again from what the cluster and the log say.
  }

  @Override
  public Optional<StepFinished> reportOf(AttemptKey key) {
    return Optional.empty();
  }

  private static <T> Optional<T> read(Job job, String annotation, Class<T> type) {
    String text = Labels.annotation(job, annotation);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(PackedJson.read(text, type));
    } catch (IOException | IllegalArgumentException e) {
      LOG.errorf("%s of Job %s cannot be read: %s", annotation, job.getMetadata().getName(), e);
      return Optional.empty();
    }
  }

  private static AttemptKey firstOf(RunSteps command) {
    return key(command, command.steps().get(0));
  }

  private static AttemptKey key(RunSteps command, StepSpec step) {
    return new AttemptKey(command.executionId(), step.index(), step.attempt());
  }
}
