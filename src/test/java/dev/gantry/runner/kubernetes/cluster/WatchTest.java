package dev.gantry.runner.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Watches and informers, over what happens to them. */
class WatchTest {
  private final TestCluster cluster = TestCluster.start();
  private final KubernetesClient client = cluster.client();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void anInformerGoesOnAfterItsWatchWasDropped() {
    // Given
    try (var informer = inform()) {
      create("one");
      awaitSeen("+one");

      // When
      cluster.dropWatches();
      create("two");

      // Then
      awaitSeen("+one", "+two");
      assertThat(cluster.requests().of("list", "configmaps")).hasSize(1);
      assertThat(cluster.requests().of("watch", "configmaps")).hasSizeGreaterThan(1);
      assertThat(cluster.requests().polls()).isEmpty();
      assertThat(informer.isWatching()).isTrue();
    }
  }

  @Test
  void anInformerListsAgainAfter410() {
    // Given
    try (var informer = inform()) {
      create("one");
      awaitSeen("+one");

      // When
      cluster.expireWatches();
      create("two");

      // Then
      awaitSeen("+one", "+two");
      assertThat(cluster.requests().of("list", "configmaps")).hasSizeGreaterThan(1);
      assertThat(informer.hasSynced()).isTrue();
    }
  }

  @Test
  void anInformerGoesOnAfterTheApiWasDown() {
    // Given
    try (var informer = inform()) {
      create("one");
      awaitSeen("+one");

      // When
      cluster.down();
      try (KubernetesClient impatient =
          new KubernetesClientBuilder().withConfig(withoutRetries()).build()) {
        assertThatThrownBy(() -> impatient.configMaps().list())
            .isInstanceOf(KubernetesClientException.class);
      }
      cluster.up();
      create("two");

      // Then
      awaitSeen("+one", "+two");
      assertThat(informer.isRunning()).isTrue();
    }
  }

  @Test
  void tellsWhatNoLongerMatchesAsDeleted() {
    // Given
    try (var informer = inform()) {
      create("one");
      awaitSeen("+one");

      // When
      client
          .configMaps()
          .withName("one")
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              "{\"metadata\": {\"labels\": {\"watched\": null}}}");

      // Then
      awaitSeen("+one", "-one");
      assertThat(client.configMaps().withName("one").get()).isNotNull();
      assertThat(informer.getStore().list()).isEmpty();
    }
  }

  @Test
  void bookmarksTellUpToWhereAWatchHasCome() throws Exception {
    // Given
    CompletableFuture<String> marked = new CompletableFuture<>();
    try (var watch =
        client
            .configMaps()
            .withLabel("watched")
            .watch(
                new ListOptionsBuilder().withAllowWatchBookmarks(true).build(),
                new Watcher<>() {
                  @Override
                  public void eventReceived(Action action, ConfigMap object) {
                    if (action == Action.BOOKMARK) {
                      marked.complete(object.getMetadata().getResourceVersion());
                    }
                  }

                  @Override
                  public void onClose(WatcherException cause) {
                    marked.completeExceptionally(cause);
                  }
                })) {
      await().until(() -> cluster.watches() == 1);
      String version =
          client
              .configMaps()
              .resource(map("unseen", "other"))
              .create()
              .getMetadata()
              .getResourceVersion();

      // When
      cluster.bookmark();

      // Then
      assertThat(marked.get(10, TimeUnit.SECONDS)).isEqualTo(version);
    }
  }

  private SharedIndexInformer<ConfigMap> inform() {
    SharedIndexInformer<ConfigMap> informer =
        client
            .configMaps()
            .withLabel("watched")
            .runnableInformer(0)
            .exceptionHandler((started, e) -> true)
            .addEventHandler(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(ConfigMap map) {
                    seen.add("+" + map.getMetadata().getName());
                  }

                  @Override
                  public void onUpdate(ConfigMap before, ConfigMap map) {}

                  @Override
                  public void onDelete(ConfigMap map, boolean unknown) {
                    seen.add("-" + map.getMetadata().getName());
                  }
                });
    informer.start().toCompletableFuture().join();
    return informer;
  }

  private Config withoutRetries() {
    return new ConfigBuilder(cluster.config("impatient")).withRequestRetryBackoffLimit(0).build();
  }

  private void create(String name) {
    client.configMaps().resource(map(name, "watched")).create();
  }

  private static ConfigMap map(String name, String label) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels(label, "yes")
        .endMetadata()
        .build();
  }

  private void awaitSeen(String... changes) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(seen).containsExactly(changes));
  }
}
