package dev.gantry.runner.kubernetes.cluster;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/** Jobs of one container called {@code step}, and waiting for what becomes of them. */
final class Jobs {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KubernetesClient client;

  Jobs(KubernetesClient client) {
    this.client = client;
  }

  /** Runs this with {@code sh -c}. */
  static JobBuilder script(String name, String script) {
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels("app.kubernetes.io/managed-by", "gantry")
        .endMetadata()
        .withNewSpec()
        .withBackoffLimit(0)
        .withNewTemplate()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withTerminationGracePeriodSeconds(2L)
        .withContainers(
            new ContainerBuilder()
                .withName("step")
                .withImage("busybox:1.36")
                .withCommand("sh", "-c", script)
                .build())
        .endSpec()
        .endTemplate()
        .endSpec();
  }

  Job run(String name, String script) {
    return create(script(name, script));
  }

  Job create(JobBuilder job) {
    return client.batch().v1().jobs().resource(job.build()).create();
  }

  Job get(String name) {
    return client.batch().v1().jobs().withName(name).get();
  }

  List<Pod> pods(String job) {
    return client.pods().withLabel("batch.kubernetes.io/job-name", job).list().getItems();
  }

  /** The Job's pod, once it is as wanted. */
  Pod awaitPod(String job, Predicate<Pod> wanted) {
    return await("a pod of " + job)
        .atMost(PATIENCE)
        .until(() -> pods(job).stream().filter(wanted).findFirst().orElse(null), Objects::nonNull);
  }

  Pod awaitPhase(String job, String phase) {
    return awaitPod(job, pod -> phase.equals(pod.getStatus().getPhase()));
  }

  /** Its step waits, for this reason. */
  Pod awaitWaiting(String job, String reason) {
    return awaitPod(
        job,
        pod ->
            pod.getStatus().getContainerStatuses().stream()
                .anyMatch(
                    status ->
                        status.getState().getWaiting() != null
                            && reason.equals(status.getState().getWaiting().getReason())));
  }

  Job awaitCondition(String job, String type) {
    return await(type + " of " + job)
        .atMost(PATIENCE)
        .until(
            () -> get(job),
            found ->
                found != null
                    && found.getStatus() != null
                    && found.getStatus().getConditions().stream()
                        .anyMatch(c -> c.getType().equals(type) && c.getStatus().equals("True")));
  }

  void awaitNoPod(String job) {
    await("no pod of " + job).atMost(PATIENCE).until(() -> pods(job).isEmpty());
  }

  static ContainerStateTerminated end(Pod pod) {
    return pod.getStatus().getContainerStatuses().get(0).getState().getTerminated();
  }

  static String condition(Pod pod, String type) {
    return pod.getStatus().getConditions().stream()
        .filter(c -> c.getType().equals(type))
        .map(c -> c.getStatus() + " " + c.getReason())
        .findFirst()
        .orElse("none");
  }

  String log(Pod pod) {
    return client.pods().withName(pod.getMetadata().getName()).inContainer("step").getLog();
  }

  List<String> reasons(String object) {
    return client.v1().events().list().getItems().stream()
        .filter(event -> event.getInvolvedObject().getName().equals(object))
        .map(Event::getReason)
        .toList();
  }
}
