package dev.gantry.runner.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the API server takes, refuses and remarks. */
class ApiServerTest {
  private final TestCluster cluster = TestCluster.start();
  private final KubernetesClient client = cluster.client();
  private final Jobs jobs = new Jobs(cluster.admin());

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void namesTheFieldsOfAJobThatIsNotTaken() {
    // Given
    JobBuilder job =
        Edits.container(
            Jobs.script("Wrong_Name", "true")
                .editMetadata()
                .addToLabels("gantry.dev/step", "not a label")
                .endMetadata(),
            c -> {
              c.withImage(null);
              c.addNewVolumeMount().withName("none").withMountPath("/none").endVolumeMount();
            });

    // Then
    assertThatThrownBy(() -> client.batch().v1().jobs().resource(job.build()).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(422);
              assertThat(e.getStatus().getDetails().getCauses())
                  .extracting(StatusCause::getField)
                  .contains(
                      "metadata.name",
                      "metadata.labels",
                      "spec.template.spec.containers[0].image",
                      "spec.template.spec.containers[0].volumeMounts[0].name");
            });
  }

  @Test
  void refusesAJobWhoseNameIsTooLongForALabel() {
    assertThatThrownBy(
            () ->
                client
                    .batch()
                    .v1()
                    .jobs()
                    .resource(Jobs.script("a".repeat(64), "true").build())
                    .create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(422));
  }

  @Test
  void warnsOfUnknownFieldsAndRefusesThemWhereThatIsAskedFor() throws Exception {
    // Given
    ObjectNode job = Json.from(Jobs.script("unknown", "true").build());
    ((ObjectNode) job.at("/spec/template/spec/containers/0")).put("imag", "none");
    String path = "/apis/batch/v1/namespaces/" + cluster.namespace() + "/jobs";

    // When
    HttpResponse<String> strict = post(path + "?fieldValidation=Strict", job.toString());
    HttpResponse<String> lenient = post(path, job.toString());

    // Then
    assertThat(strict.statusCode()).isEqualTo(400);
    assertThat(strict.body())
        .contains("strict decoding error", "spec.template.spec.containers[0].imag");
    assertThat(lenient.statusCode()).isEqualTo(201);
    assertThat(lenient.body()).doesNotContain("\"imag\"");
    assertThat(lenient.headers().allValues("Warning"))
        .containsExactly("299 - \"unknown field \\\"spec.template.spec.containers[0].imag\\\"\"");
    assertThat(cluster.requests().warnings())
        .containsExactly("unknown field \"spec.template.spec.containers[0].imag\"");
  }

  @Test
  void listsInPagesBySelectors() {
    // Given
    IntStream.range(0, 5)
        .forEach(i -> client.configMaps().resource(map("map-" + i, i % 2 == 0)).create());

    // When
    ConfigMapList first =
        client
            .configMaps()
            .withLabel("even", "true")
            .list(new ListOptionsBuilder().withLimit(2L).build());
    ConfigMapList second =
        client
            .configMaps()
            .withLabel("even", "true")
            .list(
                new ListOptionsBuilder()
                    .withLimit(2L)
                    .withContinue(first.getMetadata().getContinue())
                    .build());

    // Then
    assertThat(names(first)).containsExactly("map-0", "map-2");
    assertThat(first.getMetadata().getRemainingItemCount()).isEqualTo(1);
    assertThat(names(second)).containsExactly("map-4");
    assertThat(second.getMetadata().getContinue()).isNull();
    assertThat(names(client.configMaps().withLabelNotIn("even", "true").list()))
        .containsExactly("map-1", "map-3");
    assertThat(names(client.configMaps().withField("metadata.name", "map-3").list()))
        .containsExactly("map-3");
  }

  @Test
  void takesPatchesOfThreeKinds() {
    // Given
    client.configMaps().resource(map("patched", true)).create();

    // When
    patch(PatchType.JSON_MERGE, "{\"data\": {\"a\": \"1\", \"key\": null}}");
    patch(PatchType.JSON, "[{\"op\": \"add\", \"path\": \"/data/b\", \"value\": \"2\"}]");
    ConfigMap last =
        patch(PatchType.STRATEGIC_MERGE, "{\"metadata\": {\"labels\": {\"even\": null}}}");

    // Then
    assertThat(last.getData()).isEqualTo(Map.of("a", "1", "b", "2"));
    assertThat(last.getMetadata().getLabels()).isNullOrEmpty();
  }

  @Test
  void refusesAnUpdateOfWhatIsNotTheLatest() {
    // Given
    ConfigMap old = client.configMaps().resource(map("raced", true)).create();
    client.configMaps().resource(new ConfigMapBuilder(old).addToData("a", "1").build()).update();

    // Then
    assertThatThrownBy(
            () ->
                client
                    .configMaps()
                    .resource(new ConfigMapBuilder(old).addToData("a", "2").build())
                    .update())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
  }

  @Test
  void keepsTheTemplateOfAJobThatRuns() {
    // Given
    jobs.run("fixed", "true");

    // Then
    assertThatThrownBy(
            () ->
                client
                    .batch()
                    .v1()
                    .jobs()
                    .withName("fixed")
                    .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\": {\"template\": {\"spec\": {\"priority\": 1}}}}"))
        .hasMessageContaining("field is immutable");
  }

  @Test
  void collectsWhatAJobOwns() {
    // Given
    Job job = jobs.run("owner", "trap 'exit 0' TERM; while :; do sleep 0.05; done");
    client.configMaps().resource(Owned.configMap("owned", job)).create();
    client.secrets().resource(Owned.secret("owned", job)).create();
    jobs.awaitPhase("owner", "Running");

    // When
    client.batch().v1().jobs().withName("owner").delete();

    // Then
    jobs.awaitNoPod("owner");
    await()
        .untilAsserted(
            () -> {
              assertThat(client.configMaps().withName("owned").get()).isNull();
              assertThat(client.secrets().withName("owned").get()).isNull();
            });
  }

  @Test
  void collectsWhatIsCreatedForAJobThatIsGone() {
    // Given
    Job job = jobs.run("gone", "true");
    client.batch().v1().jobs().withName("gone").delete();
    await().until(() -> jobs.get("gone") == null);

    // When
    client.configMaps().resource(Owned.configMap("late", job)).create();

    // Then
    await().until(() -> client.configMaps().withName("late").get() == null);
  }

  @Test
  void leavesThePodOfAJobThatIsOrphaned() {
    // Given
    jobs.run("orphan", "true");
    Pod pod = jobs.awaitPhase("orphan", "Succeeded");

    // When
    client
        .batch()
        .v1()
        .jobs()
        .withName("orphan")
        .withPropagationPolicy(DeletionPropagation.ORPHAN)
        .delete();

    // Then
    await().until(() -> jobs.get("orphan") == null);
    Pod left = client.pods().withName(pod.getMetadata().getName()).get();
    assertThat(left.getMetadata().getOwnerReferences()).isEmpty();
  }

  @Test
  void keepsAJobUntilItsPodsAreGoneWhenDeletedInTheForeground() {
    // Given
    jobs.run("front", "trap '' TERM; while :; do sleep 0.05; done");
    jobs.awaitPhase("front", "Running");

    // When
    client
        .batch()
        .v1()
        .jobs()
        .withName("front")
        .withPropagationPolicy(DeletionPropagation.FOREGROUND)
        .delete();

    // Then
    assertThat(jobs.get("front").getMetadata().getFinalizers())
        .containsExactly("foregroundDeletion");
    jobs.awaitNoPod("front");
    await().until(() -> jobs.get("front") == null);
  }

  @Test
  void answersNobodyItDoesNotKnow() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(cluster.url() + "/api/v1/pods")).build();
    assertThat(
            HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(401);
  }

  private ConfigMap patch(PatchType type, String patch) {
    return client.configMaps().withName("patched").patch(PatchContext.of(type), patch);
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(cluster.url() + path))
            .header("Authorization", "Bearer " + cluster.token("someone"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static ConfigMap map(String name, boolean even) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels("even", Boolean.toString(even))
        .endMetadata()
        .addToData("key", "value")
        .build();
  }

  private static List<String> names(ConfigMapList list) {
    return list.getItems().stream().map(m -> m.getMetadata().getName()).toList();
  }
}
