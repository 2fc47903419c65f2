package dev.gantry.runner.kubernetes;

import dev.gantry.runner.ArtifactTransfer;
import dev.gantry.runner.AttemptRecords;
import dev.gantry.runner.Backend;
import dev.gantry.runner.BackendProvider;
import dev.gantry.runner.GrantSource;
import dev.gantry.runner.LogShipper;
import dev.gantry.runner.RunnerConfig;
import dev.gantry.runner.RunnerName;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Executor;

/**
 * Gives the backend of the cluster that the process runs in, or that the current kubeconfig names.
 */
@ApplicationScoped
class KubernetesBackends implements BackendProvider {
  /** Every log that is followed is a request of its own. */
  private static final int REQUESTS = 10_000;

  private final RunnerConfig config;
  private final Vertx vertx;

  KubernetesBackends(RunnerConfig config, Vertx vertx) {
    this.config = config;
    this.vertx = vertx;
  }

  @Override
  public String name() {
    return "kubernetes";
  }

  @Override
  public Backend open(
      RunnerName runner,
      LogShipper logs,
      ArtifactTransfer artifacts,
      AttemptRecords records,
      GrantSource grants,
      Executor workers) {
    Config access = access(Config.autoConfigure(null));
    KubernetesSettings settings = settings(access.getNamespace());
    return new KubernetesBackend(
        client(access), settings, runner.text(), logs, records, grants, workers);
  }

  private KubernetesSettings settings(String current) {
    try {
      return KubernetesSettings.of(
          config.kubernetes(), config.kubernetes().namespace().orElse(namespace(current)));
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static String namespace(String current) {
    return current == null || current.isBlank() ? "default" : current;
  }

  /** What fails is tried again by {@link ApiCalls}, which knows what may be. */
  static Config access(Config found) {
    return new ConfigBuilder(found)
        .withMaxConcurrentRequests(REQUESTS)
        .withMaxConcurrentRequestsPerHost(REQUESTS)
        .withRequestRetryBackoffLimit(0)
        .build();
  }

  /** On the process's own event loops, and not on some more. */
  private KubernetesClient client(Config access) {
    return new KubernetesClientBuilder()
        .withConfig(access)
        .withHttpClientFactory(new VertxHttpClientFactory(vertx))
        .build();
  }
}
