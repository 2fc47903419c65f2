package dev.gantry.runner.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A Role that allows some, and the record of what was asked. */
class AccessTest {
  private final TestCluster cluster = TestCluster.start();
  private final KubernetesClient client = cluster.client();
  private final Jobs jobs = new Jobs(cluster.admin());

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void allowsWhatTheRoleAllowsAndNothingElse() {
    // Given
    cluster.allow(
        new RoleBuilder()
            .addNewRule()
            .withApiGroups("batch")
            .withResources("jobs")
            .withVerbs("create", "get")
            .endRule()
            .addNewRule()
            .withApiGroups("")
            .withResources("pods/log")
            .withVerbs("get")
            .endRule()
            .build());
    client.batch().v1().jobs().resource(Jobs.script("allowed", "echo hi").build()).create();
    Pod pod = jobs.awaitPhase("allowed", "Succeeded");

    // Then
    // not by the client's getLog, which lists the pod first
    assertThat(
            client.raw(
                "/api/v1/namespaces/%s/pods/%s/log"
                    .formatted(cluster.namespace(), pod.getMetadata().getName())))
        .isEqualTo("hi\n");
    assertForbidden(() -> client.pods().list(), "list resource \"pods\" in API group \"\"");
    assertForbidden(
        () -> client.batch().v1().jobs().list(), "list resource \"jobs\" in API group \"batch\"");
    assertForbidden(
        () -> client.batch().v1().jobs().inNamespace("other").withName("allowed").get(),
        "in the namespace \"other\"");
  }

  @Test
  void recordsWhatWasAskedAndWhatOfItWasPolling() {
    // Given
    client.batch().v1().jobs().resource(Jobs.script("asked", "true").build()).create();
    try (var informer = client.pods().inform()) {
      jobs.awaitCondition("asked", "Complete");
      assertThat(informer.isWatching()).isTrue();
    }
    assertThat(cluster.requests().polls()).isEmpty();

    // When
    Object unused = client.batch().v1().jobs().withName("asked").get();

    // Then
    assertThat(cluster.requests().polls())
        .extracting(r -> r.verb() + " " + r.resource() + " " + r.name() + " " + r.code())
        .containsExactly("get jobs asked 200");
    assertThat(cluster.requests().all())
        .extracting(r -> r.verb() + " " + r.resource())
        .containsExactly("create jobs", "list pods", "watch pods", "get jobs");
  }

  private static void assertForbidden(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(403))
        .hasMessageContaining(message);
  }
}
