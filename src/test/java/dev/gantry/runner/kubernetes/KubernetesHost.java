package dev.gantry.runner.kubernetes;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;

/** Jobs of a cluster, by an account that may do what k8s/runner lets it do, and no more. */
public final class KubernetesHost implements BackendHost {
  private final List<String> arguments;

  /**
   * @param arguments the API server's address, the account's token, the namespace, and for marks a
   *     folder that all containers have where this host has it
   */
  public KubernetesHost(List<String> arguments) {
    this.arguments = List.copyOf(arguments);
  }

  /** Without marks. */
  public static KubernetesHost on(TestCluster cluster) {
    cluster.allow(role());
    return new KubernetesHost(
        List.of(
            cluster.url(),
            cluster.token("system:serviceaccount:" + cluster.namespace() + ":gantry-runner"),
            cluster.namespace()));
  }

  /**
   * @param folder takes the marks, and is shared with the containers
   */
  public static KubernetesHost on(TestCluster cluster, Path folder) {
    cluster.share(folder);
    List<String> arguments = new ArrayList<>(on(cluster).arguments);
    arguments.add(folder.toString());
    return new KubernetesHost(arguments);
  }

  private static Role role() {
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
    return open(Duration.ofMinutes(5), Map.of(), logs, records, grants, workers);
  }

  /**
   * @param pendingLimit as in {@link KubernetesSettings}
   * @param requests of every container
   */
  public Backend open(
      Duration pendingLimit,
      Map<String, Quantity> requests,
      LogShipper logs,
      AttemptRecords records,
      GrantSource grants,
      Executor workers) {
    return new KubernetesBackend(
        client(), settings(pendingLimit, requests), "test", logs, records, grants, workers);
  }

  private KubernetesClient client() {
    Config access =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(arguments.get(0))
            .withOauthToken(arguments.get(1))
            .withNamespace(arguments.get(2))
            .build();
    return new KubernetesClientBuilder().withConfig(KubernetesBackends.access(access)).build();
  }

  private KubernetesSettings settings(Duration pendingLimit, Map<String, Quantity> requests) {
    return new KubernetesSettings(
        arguments.get(2),
        PodSecurity.RESTRICTED,
        "busybox:1.36",
        "alpine/git:2.47.2",
        null,
        List.of(),
        null,
        Map.of(),
        List.of(),
        new ResourceRequirementsBuilder().withRequests(requests).build(),
        Set.of(),
        Duration.ofHours(1),
        Duration.ofMinutes(10),
        pendingLimit);
  }

  @Override
  public List<String> arguments() {
    return arguments;
  }

  /** Each pod has a work directory of its own. */
  @Override
  public Path marks(Path directory, UUID execution) {
    return folder(execution);
  }

  @Override
  public String mark(UUID execution, String name) {
    return folder(execution).resolve(name).toString();
  }

  private Path folder(UUID execution) {
    try {
      return Files.createDirectories(Path.of(arguments.get(3), execution.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
