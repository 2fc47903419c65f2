package dev.gantry.runner.kubernetes;

import dev.gantry.executions.protocol.ContainerSpec;
import dev.gantry.executions.protocol.ContainerSpec.Volume;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.runner.ArtifactTransfer;
import dev.gantry.runner.AttemptRecords;
import dev.gantry.runner.Backend;
import dev.gantry.runner.BackendHost;
import dev.gantry.runner.GrantSource;
import dev.gantry.runner.LogShipper;
import dev.gantry.runner.kubernetes.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;

/** Jobs of a cluster, by an account that may do what k8s/runner lets it do, and no more. */
public final class KubernetesHost implements BackendHost {
  /** Where containers have the marks that come with a claim. */
  private static final String MARKS = "/marks";

  /** No test takes as long. */
  private static final Duration NEVER = Duration.ofHours(1);

  private final List<String> arguments;
  private final ApiTraffic traffic = new ApiTraffic();
  private Duration answerTime = Duration.ofSeconds(10);

  /**
   * @param arguments the API server's address, its certificate authority in base64 or nothing, the
   *     account's token, the namespace, a folder of this host for marks or nothing, and the claim
   *     by which containers have it, or nothing when they have it where this host does
   */
  public KubernetesHost(List<String> arguments) {
    this.arguments = List.copyOf(arguments);
  }

  /** Without marks. */
  public static KubernetesHost on(TestCluster cluster) {
    return on(cluster, "");
  }

  /**
   * @param folder takes the marks, and is shared with the containers
   */
  public static KubernetesHost on(TestCluster cluster, Path folder) {
    cluster.share(folder);
    return on(cluster, folder.toString());
  }

  private static KubernetesHost on(TestCluster cluster, String folder) {
    cluster.allow(role());
    return new KubernetesHost(
        List.of(
            cluster.url(),
            "",
            cluster.token("system:serviceaccount:" + cluster.namespace() + ":gantry-runner"),
            cluster.namespace(),
            folder,
            ""));
  }

  /** What this process has asked of the API server. */
  public ApiTraffic traffic() {
    return traffic;
  }

  /** From now on a request waits so long for its answer. */
  public void answerWithin(Duration time) {
    answerTime = time;
  }

  static Role role() {
    try (InputStream file = Files.newInputStream(Path.of("k8s/runner/role.yaml"));
        KubernetesClient parser =
            new KubernetesClientBuilder().withConfig(Config.empty()).build()) {
      List<HasMetadata> objects = parser.getKubernetesSerialization().unmarshal(file);
      return objects.stream()
          .filter(Role.class::isInstance)
          .map(Role.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Backend open(
      Path directory,
      LogShipper logs,
      ArtifactTransfer artifacts,
      AttemptRecords records,
      GrantSource grants,
      Executor workers) {
    return open(Duration.ofMinutes(5), NEVER, Map.of(), logs, records, grants, workers);
  }

  /**
   * @param pendingLimit as in {@link KubernetesSettings}
   * @param comparison likewise
   * @param requests of every container
   */
  public Backend open(
      Duration pendingLimit,
      Duration comparison,
      Map<String, Quantity> requests,
      LogShipper logs,
      AttemptRecords records,
      GrantSource grants,
      Executor workers) {
    return new KubernetesBackend(
        client(),
        settings(pendingLimit, comparison, requests),
        "test",
        logs,
        records,
        grants,
        workers);
  }

  private KubernetesClient client() {
    Config access =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(arguments.get(0))
            .withCaCertData(arguments.get(1).isEmpty() ? null : arguments.get(1))
            .withOauthToken(arguments.get(2))
            .withNamespace(arguments.get(3))
            .withRequestTimeout((int) answerTime.toMillis())
            .build();
    return new KubernetesClientBuilder()
        .withConfig(KubernetesBackends.access(access))
        .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("traffic", traffic))
        .build();
  }

  private KubernetesSettings settings(
      Duration pendingLimit, Duration comparison, Map<String, Quantity> requests) {
    return new KubernetesSettings(
        arguments.get(3),
        PodSecurity.RESTRICTED,
        System.getProperty("gantry.test.image", "busybox:1.36"),
        "alpine/git:2.47.2",
        "IfNotPresent",
        List.of(),
        null,
        Map.of(),
        List.of(),
        new ResourceRequirementsBuilder().withRequests(requests).build(),
        claim().isEmpty() ? Set.of() : Set.of(claim()),
        Duration.ofHours(1),
        Duration.ofMinutes(10),
        pendingLimit,
        comparison);
  }

  @Override
  public List<String> arguments() {
    return arguments;
  }

  @Override
  public Optional<String> image() {
    return Optional.of(System.getProperty("gantry.test.image", "busybox:1.36"));
  }

  /** The containers of the test's own cluster are processes, which have this host's names. */
  @Override
  public boolean namesServices() {
    return !claim().isEmpty();
  }

  private String claim() {
    return arguments.get(5);
  }

  @Override
  public StepSpec finding(StepSpec step) {
    return claim().isEmpty() ? step : mounting(step, new Volume(claim(), MARKS));
  }

  private static ContainerSpec with(ContainerSpec more, Volume volume) {
    if (more == null) {
      return new ContainerSpec(null, List.of(volume), null, null);
    }
    List<Volume> volumes = new ArrayList<>(more.volumes());
    volumes.add(volume);
    return new ContainerSpec(more.files(), volumes, more.services(), more.repository());
  }

  private static StepSpec mounting(StepSpec step, Volume volume) {
    return new StepSpec(
        step.index(),
        step.name(),
        step.attempt(),
        step.image(),
        step.argv(),
        step.script(),
        step.shell(),
        step.dir(),
        step.stdout(),
        step.stderr(),
        step.artifacts(),
        step.wantsArtifacts(),
        step.signal(),
        step.env(),
        step.timeoutMillis(),
        step.output(),
        step.outputLimit(),
        step.literal(),
        step.granted(),
        with(step.container(), volume));
  }

  /** Each pod has a work directory of its own. */
  @Override
  public Path marks(Path directory, UUID execution) {
    return folder(execution);
  }

  @Override
  public String mark(UUID execution, String name) {
    Path folder = folder(execution);
    return claim().isEmpty()
        ? folder.resolve(name).toString()
        : MARKS + "/" + execution + "/" + name;
  }

  private Path folder(UUID execution) {
    try {
      Path folder = Files.createDirectories(Path.of(arguments.get(4), execution.toString()));
      // containers write as another user
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
