package dev.gantry.runner.kubernetes;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A namespace for one test in a cluster that is already there: Pod Security holds it to
 * <i>restricted</i>, and the runner under test has an account of it with k8s/runner's Role and no
 * more. The nodes must have this host's folders, as a node on this host does, since tests and
 * containers leave each other files.
 */
public final class RealCluster implements AutoCloseable {
  public static final String KUBECONFIG = "gantry.test.kubeconfig";
  private static final String MARKS = "marks";

  private final String namespace = "gantry-test-" + UUID.randomUUID().toString().substring(0, 8);
  private final Path folder;
  private final KubernetesClient admin;

  /** The cluster that {@link #KUBECONFIG} names. */
  public static Config named() {
    return Config.fromKubeconfig(Path.of(System.getProperty(KUBECONFIG)).toFile());
  }

  /**
   * @param access as somebody who may make namespaces
   * @param folder takes the marks
   */
  public RealCluster(Config access, Path folder) {
    this.folder = folder;
    admin = new KubernetesClientBuilder().withConfig(access).build();
    makeNamespace();
    shareFolder();
    for (String file : List.of("serviceaccount.yaml", "role.yaml")) {
      apply(Path.of("k8s/runner", file));
    }
  }

  private void makeNamespace() {
    admin
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .withLabels(Map.of("pod-security.kubernetes.io/enforce", "restricted"))
                .endMetadata()
                .build())
        .create();
  }

  private void shareFolder() {
    letEveryoneIn();
    Map<String, Quantity> size = Map.of("storage", new Quantity("1Gi"));
    admin
        .resource(
            new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName(namespace)
                .endMetadata()
                .withNewSpec()
                .withCapacity(size)
                .withAccessModes("ReadWriteMany")
                .withStorageClassName("")
                .withNewHostPath()
                .withPath(folder.toString())
                .endHostPath()
                .withNewClaimRef()
                .withNamespace(namespace)
                .withName(MARKS)
                .endClaimRef()
                .endSpec()
                .build())
        .create();
    admin
        .resource(
            new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(MARKS)
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteMany")
                .withStorageClassName("")
                .withVolumeName(namespace)
                .withNewResources()
                .withRequests(size)
                .endResources()
                .endSpec()
                .build())
        .create();
    admin
        .persistentVolumeClaims()
        .inNamespace(namespace)
        .withName(MARKS)
        .waitUntilCondition(
            claim -> claim != null && "Bound".equals(claim.getStatus().getPhase()),
            30,
            TimeUnit.SECONDS);
  }

  /** Containers run as another user. */
  private void letEveryoneIn() {
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void apply(Path file) {
    try (InputStream objects = Files.newInputStream(file)) {
      admin.load(objects).inNamespace(namespace).create();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By the runner's own account. */
  public KubernetesHost host() {
    TokenRequest token =
        admin
            .serviceAccounts()
            .inNamespace(namespace)
            .withName("gantry-runner")
            .tokenRequest(new TokenRequest());
    return new KubernetesHost(
        List.of(
            admin.getConfiguration().getMasterUrl(),
            authority(),
            token.getStatus().getToken(),
            namespace,
            folder.toString(),
            MARKS));
  }

  /** The certificate authority in base64, however the kubeconfig has it. */
  private String authority() {
    Config access = admin.getConfiguration();
    if (access.getCaCertFile() == null) {
      return access.getCaCertData() == null ? "" : access.getCaCertData();
    }
    try {
      return Base64.getEncoder()
          .encodeToString(
              Files.readString(Path.of(access.getCaCertFile())).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Does not wait until all is gone. */
  @Override
  public void close() {
    admin.namespaces().withName(namespace).delete();
    admin.persistentVolumes().withName(namespace).delete();
    admin.close();
  }
}
