package dev.gantry.runner.kubernetes;

import dev.gantry.runner.AttemptKey;
import dev.gantry.runner.AttemptRequest;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What is made in Kubernetes for an attempt: one Job that runs its pod once, and never again. The
 * pod is built of what is named in {@link PodTemplate} and nothing else; no text of a step becomes
 * a field of it. Pure code but for a random mark. Any thread.
 */
final class JobTemplate {
  /** The main container of the pod. */
  static final String CONTAINER = "step";

  /** Annotation of a Job: the line that its output is between in the log, see {@link Wrapper}. */
  static final String OUTPUT_MARK = "gantry.dev/output-mark";

  /** Annotation of a Job: what the runner has to say in the attempt's log before all else. */
  private static final String NOTES = "gantry.dev/notes";

  private static final int MOST_NOTES = 100;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final KubernetesSettings settings;
  private final String runner;
  private final Supplier<String> marks;

  JobTemplate(KubernetesSettings settings, String runner) {
    this(settings, runner, JobTemplate::mark);
  }

  JobTemplate(KubernetesSettings settings, String runner, Supplier<String> marks) {
    this.settings = settings;
    this.runner = runner;
    this.marks = marks;
  }

  private static String mark() {
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    return Wrapper.MARK + HexFormat.of().formatHex(random);
  }

  /** The name of all that belongs to the attempt; at most 61 characters. */
  static String name(AttemptKey key) {
    return "gantry-"
        + key.executionId().toString().replace("-", "")
        + "-"
        + key.step()
        + "-"
        + key.attempt();
  }

  /** The lines that a Job's {@link #plan} had to say; the same to whoever adopts it. */
  static List<String> notes(Job job) {
    Map<String, String> annotations = job.getMetadata().getAnnotations();
    String notes = annotations == null ? null : annotations.get(NOTES);
    return notes == null ? List.of() : notes.lines().toList();
  }

  /**
   * The Job is neither suspended nor does it hold the command; both are the caller's to add.
   *
   * @param labels of the Job, its pod and what it owns, over those of every attempt
   * @throws IllegalArgumentException when the step asks for what cannot be had here; the message is
   *     for the step's error
   */
  JobPlan plan(AttemptRequest request, Map<String, String> labels) {
    if (!request.step().artifacts().isEmpty()) {
      throw new IllegalArgumentException(
          "artifacts cannot be kept of steps on Kubernetes yet: take them out of the step, or run"
              + " it on a runner with another backend");
    }
    String name = name(request.key());
    Attachment attachment = new Attachment(name, !request.grants().variables().isEmpty());
    PodTemplate pod = new PodTemplate(request, settings, attachment, marks);
    Map<String, String> all = Labels.of(request, runner, labels);
    PodTemplateSpec template =
        new PodTemplateSpecBuilder()
            .withNewMetadata()
            .withLabels(all)
            .withAnnotations(pod.annotations())
            .endMetadata()
            .withSpec(pod.spec())
            .build();
    Job job =
        new JobBuilder()
            .withMetadata(metadata(name, all, annotations(pod)))
            .withNewSpec()
            .withBackoffLimit(0)
            .withActiveDeadlineSeconds(deadline(request.step().timeoutMillis()))
            .withTtlSecondsAfterFinished(Math.toIntExact(settings.ttl().toSeconds()))
            .withTemplate(template)
            .endSpec()
            .build();
    return new JobPlan(job, attachment.objects(metadata(name, all, Map.of())));
  }

  private ObjectMeta metadata(
      String name, Map<String, String> labels, Map<String, String> annotations) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(settings.namespace())
        .withLabels(labels)
        .withAnnotations(annotations)
        .build();
  }

  private static Map<String, String> annotations(PodTemplate pod) {
    Map<String, String> annotations = new LinkedHashMap<>();
    if (pod.mark() != null) {
      annotations.put(OUTPUT_MARK, pod.mark());
    }
    if (!pod.notes().isEmpty()) {
      annotations.put(
          NOTES, pod.notes().stream().limit(MOST_NOTES).collect(Collectors.joining("\n")));
    }
    return annotations;
  }

  /** The runner stops the step at its timeout; this is for when there is no runner. */
  private Long deadline(long timeoutMillis) {
    return timeoutMillis <= 0
        ? null
        : (timeoutMillis + 999) / 1000 + settings.deadlineSlack().toSeconds();
  }
}
