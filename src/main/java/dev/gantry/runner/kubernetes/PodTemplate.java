package dev.gantry.runner.kubernetes;

import dev.gantry.executions.protocol.ContainerSpec;
import dev.gantry.executions.protocol.ContainerSpec.Repository;
import dev.gantry.executions.protocol.ContainerSpec.Service;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.container.GitClone;
import dev.gantry.runner.container.Places;
import dev.gantry.runner.kubernetes.Texts.Text;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFileBuilder;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The pod of an attempt: the step's container, before it git when something is to be cloned, beside
 * it the services. Every field that a pod gets stands here, in {@link PodSecurity} or in {@link
 * Mounts}. Not for several threads.
 */
final class PodTemplate {
  private static final ContainerSpec NOTHING = new ContainerSpec(null, null, null, null);
  private static final String LOOPBACK = "127.0.0.1";
  private static final long GRACE_SECONDS = 10;
  private static final int READABLE_PROGRAM = 0555;
  private static final int MOST_PROBES = 300;

  private final KubernetesSettings settings;
  private final StepSpec step;
  private final ContainerSpec wanted;
  private final boolean usesCluster;
  private final Texts texts;
  private final Attachment attachment;
  private final Variables variables;
  private final Mounts mounts = new Mounts();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, Text> environment;
  private final Path dir;
  private final Program program;

  /**
   * @throws IllegalArgumentException when the step asks for what cannot be had
   */
  PodTemplate(
      AttemptRequest request,
      KubernetesSettings settings,
      Attachment attachment,
      Supplier<String> marks) {
    this.settings = settings;
    this.step = request.step();
    this.wanted = step.container() == null ? NOTHING : step.container();
    this.usesCluster = request.grants().cluster();
    this.attachment = attachment;
    this.variables = new Variables(attachment);
    this.texts = new Texts(request);
    this.environment = texts.environment(notes);
    this.dir = dir();
    if (usesCluster && settings.serviceAccount() == null) {
      throw new IllegalArgumentException(
          "the step may use the cluster (kubernetes/incluster), but this runner has no service"
              + " account for that: set GANTRY_RUNNER_KUBERNETES_SERVICE_ACCOUNT");
    }
    addVolumes();
    mounts.folder(dir);
    this.program = Program.of(step, texts, dir, attachment, mounts, marks);
    request.files().files().forEach((path, content) -> addFile(workFile(path), content));
    wanted.files().forEach(file -> addFile(destination(file), file.content()));
    if (!program.files().isEmpty()) {
      mounts.add(annotationsAsFiles(), PodPlaces.STEP, true);
    }
  }

  private Path dir() {
    String path = texts.visible("dir", step.dir());
    return path == null || path.isBlank() ? Places.WORK : Places.inside("dir", Places.WORK, path);
  }

  private static Path workFile(String path) {
    Path place = Places.inWork("file", path);
    if (place.equals(Places.WORK)) {
      throw new IllegalArgumentException("file " + path + " is the work directory");
    }
    return place;
  }

  private Path destination(ContainerSpec.File file) {
    return Places.destination(
        "a file", PodPlaces.HOME, texts.visible("a file's destination", file.destination()));
  }

  private void addFile(Path place, String content) {
    mounts.file(place, attachment.add("file-" + place.getFileName(), texts.of(content)));
  }

  /** In the order of their paths: one may lie in another. */
  private void addVolumes() {
    Map<Path, ContainerSpec.Volume> volumes = new TreeMap<>();
    for (ContainerSpec.Volume volume : wanted.volumes()) {
      Path place =
          Places.destination(
              "a volume", PodPlaces.HOME, texts.visible("a volume's path", volume.path()));
      if (volumes.put(place, volume) != null) {
        throw new IllegalArgumentException("two volumes are to be at " + place);
      }
    }
    volumes.forEach(
        (place, volume) -> {
          mounts.folder(place.getParent());
          mounts.add(volume(volume.name()), place, false);
        });
  }

  /** One that outlives the pod where this runner knows one of the name, else an empty one. */
  private Volume volume(String name) {
    VolumeBuilder volume = new VolumeBuilder().withName("volume-" + name);
    return settings.volumeClaims().contains(name)
        ? volume.withNewPersistentVolumeClaim(name, false).build()
        : volume.withNewEmptyDir().endEmptyDir().build();
  }

  private Volume annotationsAsFiles() {
    List<DownwardAPIVolumeFile> items =
        program.files().keySet().stream()
            .map(
                annotation ->
                    new DownwardAPIVolumeFileBuilder()
                        .withPath(annotation.substring(annotation.indexOf('/') + 1))
                        .withNewFieldRef()
                        .withFieldPath("metadata.annotations['" + annotation + "']")
                        .endFieldRef()
                        .build())
            .toList();
    return new VolumeBuilder()
        .withName("step")
        .withNewDownwardAPI()
        .withDefaultMode(READABLE_PROGRAM)
        .withItems(items)
        .endDownwardAPI()
        .build();
  }

  /** Of the pod. */
  Map<String, String> annotations() {
    return program.files();
  }

  /** The line around the output in the log, or null. */
  String mark() {
    return program.mark();
  }

  List<String> notes() {
    return notes;
  }

  PodSpec spec() {
    List<Container> before = new ArrayList<>();
    wanted.services().forEach(service -> before.add(service(service)));
    if (wanted.repository() != null) {
      before.add(clone(wanted.repository()));
    }
    return new PodSpecBuilder()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(usesCluster)
        .withServiceAccountName(usesCluster ? settings.serviceAccount() : null)
        .withEnableServiceLinks(false)
        // As its own first process a program would ignore a signal that it has no handler for.
        .withShareProcessNamespace(wanted.services().isEmpty() ? true : null)
        .withTerminationGracePeriodSeconds(GRACE_SECONDS)
        .withSecurityContext(settings.security().pod())
        .withHostAliases(hostAliases())
        .withImagePullSecrets(
            settings.pullSecrets().stream().map(LocalObjectReference::new).toList())
        .withNodeSelector(settings.nodeSelector())
        .withTolerations(settings.tolerations())
        .withInitContainers(before)
        .withContainers(step())
        .withVolumes(mounts.volumes(attachment, settings.security().fileMode()))
        .build();
  }

  private List<HostAlias> hostAliases() {
    List<String> names = new ArrayList<>();
    wanted.services().forEach(service -> names.addAll(List.of(name(service), service.name())));
    return names.isEmpty() ? List.of() : List.of(new HostAlias(names, LOOPBACK));
  }

  private static String name(Service service) {
    return service.name() + "-svc";
  }

  private Container step() {
    return container(JobTemplate.CONTAINER, image())
        .withCommand(Variables.escaped(program.command()))
        .withWorkingDir(dir.toString())
        .withEnv(variables.of("", environment))
        .withVolumeMounts(mounts.mounts())
        .build();
  }

  private String image() {
    String image = texts.visible("the image", step.image());
    return image == null || image.isBlank() ? settings.image() : image.strip();
  }

  private Container clone(Repository repository) {
    GitClone git = GitClone.of(visible(repository), values(environment), PodPlaces.HOME);
    boolean granted =
        environment.containsKey(GitClone.TOKEN) && environment.get(GitClone.TOKEN).granted();
    Map<String, Text> own = new LinkedHashMap<>();
    git.environment()
        .forEach(
            (name, value) ->
                own.put(name, new Text(value, granted && name.equals(GitClone.CREDENTIALS))));
    return container("git", settings.gitImage())
        .withCommand(Variables.escaped(git.command()))
        .withWorkingDir(Places.WORK.toString())
        .withEnv(variables.of("git-", own))
        .withVolumeMounts(
            Mounts.whole(Mounts.WORK, Places.WORK), Mounts.whole(Mounts.HOME, PodPlaces.HOME))
        .build();
  }

  private Repository visible(Repository repository) {
    return new Repository(
        texts.visible("the repository's url", repository.url()),
        texts.visible("the repository's branch", repository.branch()),
        texts.visible("the repository's dir", repository.dir()));
  }

  private static Map<String, String> values(Map<String, Text> texts) {
    Map<String, String> values = new LinkedHashMap<>();
    texts.forEach((name, text) -> values.put(name, text.value()));
    return values;
  }

  /** Begins before the step and is ended after it. */
  private Container service(Service service) {
    Map<String, Text> own = new LinkedHashMap<>();
    service.env().forEach((name, value) -> own.put(name, texts.of(value)));
    List<String> entrypoint =
        service.entrypoint().stream().map(word -> texts.visible("an argument", word)).toList();
    return container(name(service), texts.visible("a service's image", service.image()).strip())
        .withRestartPolicy("Always")
        .withCommand(Variables.escaped(entrypoint))
        .withEnv(variables.of(name(service) + "-", own))
        .withPorts(service.ports().stream().map(PodTemplate::port).toList())
        .withStartupProbe(service.ports().isEmpty() ? null : listens(service.ports().get(0)))
        .build();
  }

  private static ContainerPort port(int port) {
    return new ContainerPortBuilder().withContainerPort(port).build();
  }

  private static Probe listens(int port) {
    return new ProbeBuilder()
        .withNewTcpSocket()
        .withNewPort(port)
        .endTcpSocket()
        .withPeriodSeconds(1)
        .withFailureThreshold(MOST_PROBES)
        .build();
  }

  private ContainerBuilder container(String name, String image) {
    return new ContainerBuilder()
        .withName(name)
        .withImage(image)
        .withImagePullPolicy(settings.pullPolicy())
        .withResources(settings.resources())
        .withSecurityContext(settings.security().container());
  }
}
