package dev.gantry.runner.kubernetes.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What a pod's spec, its volumes and what it refers to come to for each of its containers. */
final class ContainerSetups {
  private final Pod pod;
  private final Path folder;
  private final KeyValues values;
  private final Volumes volumes;
  private final List<Path> shared;
  private final Sandbox sandbox;

  ContainerSetups(
      Pod pod, Path folder, KeyValues values, Volumes volumes, List<Path> shared, Sandbox sandbox) {
    this.pod = pod;
    this.folder = folder;
    this.values = values;
    this.volumes = volumes;
    this.shared = shared;
    this.sandbox = sandbox;
  }

  /** Refuses for now what is not there yet. */
  ContainerSetup of(ContainerState state) throws IOException, NotReadyException {
    Container container = state.container;
    long uid = user(container, PodSecurityContext::getRunAsUser, SecurityContext::getRunAsUser);
    long gid = user(container, PodSecurityContext::getRunAsGroup, SecurityContext::getRunAsGroup);
    if (uid == 0 && mustNotBeRoot(container)) {
      throw new NotReadyException(
          "CreateContainerConfigError",
          "container has runAsNonRoot and image will run as root (pod: \"%s_%s\", container: %s)"
              .formatted(
                  pod.getMetadata().getName(),
                  pod.getMetadata().getNamespace(),
                  container.getName()));
    }
    Map<String, String> environment = Environment.of(pod, container, uid, values);
    List<String> command = new ArrayList<>(Environment.expand(container.getCommand(), environment));
    command.addAll(Environment.expand(container.getArgs(), environment));
    SecurityContext security = container.getSecurityContext();
    String place = container.getName() + "-" + state.restarts();
    return new ContainerSetup(
        Files.createDirectories(folder.resolve("containers").resolve(place)),
        command.isEmpty() ? List.of("sh") : command,
        environment,
        container.getWorkingDir() == null ? "/" : container.getWorkingDir(),
        volumes.of(container, shared),
        uid,
        gid,
        security != null && Boolean.TRUE.equals(security.getReadOnlyRootFilesystem()),
        Boolean.TRUE.equals(pod.getSpec().getShareProcessNamespace()),
        pod.getMetadata().getName(),
        sandbox);
  }

  private long user(
      Container container,
      Function<PodSecurityContext, Long> ofPod,
      Function<SecurityContext, Long> ofContainer) {
    SecurityContext own = container.getSecurityContext();
    PodSecurityContext shared = pod.getSpec().getSecurityContext();
    Long id = own == null ? null : ofContainer.apply(own);
    id = (id == null && shared != null) ? ofPod.apply(shared) : id;
    return id == null ? 0 : id;
  }

  private boolean mustNotBeRoot(Container container) {
    SecurityContext own = container.getSecurityContext();
    PodSecurityContext shared = pod.getSpec().getSecurityContext();
    Boolean must = own == null ? null : own.getRunAsNonRoot();
    must = (must == null && shared != null) ? shared.getRunAsNonRoot() : must;
    return Boolean.TRUE.equals(must);
  }
}
