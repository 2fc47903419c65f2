package dev.gantry.runners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.Servers;
import dev.gantry.testing.TestOrganization;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesList;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The manifest of a runner: it can be read, its parts fit together, and it asks for no more. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class ManifestTest {
  private static final KubernetesSerialization READER = new KubernetesSerialization();
  private static final Map<String, String> VARIABLES =
      Map.of(
          "GANTRY_ROLES",
          "runner",
          "GANTRY_KAFKA_BOOTSTRAP_SERVERS",
          Servers.get().kafka(),
          "GANTRY_KAFKA_TOPIC_PREFIX",
          GantryServers.TOPIC_PREFIX,
          "GANTRY_KAFKA_SECURITY_PROTOCOL",
          "PLAINTEXT");

  private final TestOrganization mine = TestOrganization.create("ADMIN");
  private final String name = "r-" + UUID.randomUUID().toString().substring(0, 8);
  private final String full = "gantry-runner-" + name;

  private void register(String type, String configuration) {
    mine.json()
        .body(
            "{\"name\": \"%s\", \"type\": \"%s\", \"configuration\": %s}"
                .formatted(name, type, configuration))
        .post("/api/v1/runners")
        .then()
        .statusCode(201);
  }

  private Response manifest(String query) {
    String path = "/api/v1/runners/" + name + "/manifest";
    return mine.json().accept("*/*").get(query.isEmpty() ? path : path + "?" + query);
  }

  private static List<HasMetadata> objects(String yaml) {
    List<HasMetadata> objects = new ArrayList<>();
    new Yaml()
        .loadAll(yaml)
        .forEach(object -> objects.add(READER.unmarshal(READER.asYaml(object))));
    return objects;
  }

  private static <T extends HasMetadata> T only(List<HasMetadata> objects, Class<T> type) {
    List<T> found = objects.stream().filter(type::isInstance).map(type::cast).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Test
  void isReadByYamlAndByKubernetes() {
    register("kubernetes", "{\"kubernetes_namespace\": \"team-runners\"}");

    Response answer = manifest("");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.contentType()).startsWith("application/yaml");
    List<Object> documents = new ArrayList<>();
    new Yaml().loadAll(answer.asString()).forEach(documents::add);
    assertThat(documents).hasSize(5).allMatch(document -> document instanceof Map);
    assertThat(objects(answer.asString()))
        .extracting(HasMetadata::getKind)
        .containsExactly("Namespace", "ServiceAccount", "Role", "RoleBinding", "Deployment");
    assertThat(answer.asString())
        .startsWith("# The runner " + name)
        .contains(
            "kubectl create secret generic "
                + full
                + " --namespace team-runners --from-literal=token=THE_TOKEN");
  }

  @Test
  void itsPartsFitTogether() {
    register(
        "kubernetes",
        "{\"kubernetes_namespace\": \"team-runners\", \"pod_security\": \"baseline\"}");
    List<HasMetadata> objects = objects(manifest("format=yaml&type=kubernetes").asString());

    Namespace namespace = only(objects, Namespace.class);
    Deployment deployment = only(objects, Deployment.class);
    PodSpec pod = deployment.getSpec().getTemplate().getSpec();
    RoleBinding binding = only(objects, RoleBinding.class);
    assertThat(namespace.getMetadata().getName()).isEqualTo("team-runners");
    assertThat(namespace.getMetadata().getLabels())
        .containsEntry("pod-security.kubernetes.io/enforce", "baseline");
    assertThat(objects.subList(1, objects.size()))
        .allSatisfy(
            object -> {
              assertThat(object.getMetadata().getNamespace()).isEqualTo("team-runners");
              assertThat(object.getMetadata().getName()).isEqualTo(full);
            });
    assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
        .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels())
        .containsEntry("app.kubernetes.io/instance", full);
    assertThat(pod.getServiceAccountName())
        .isEqualTo(only(objects, ServiceAccount.class).getMetadata().getName());
    assertThat(binding.getRoleRef().getName())
        .isEqualTo(only(objects, Role.class).getMetadata().getName());
    assertThat(binding.getSubjects())
        .singleElement()
        .satisfies(
            subject -> {
              assertThat(subject.getKind()).isEqualTo("ServiceAccount");
              assertThat(subject.getName()).isEqualTo(full);
              assertThat(subject.getNamespace()).isEqualTo("team-runners");
            });
    assertThat(pod.getVolumes())
        .extracting("name")
        .containsExactlyElementsOf(
            pod.getContainers().get(0).getVolumeMounts().stream().map(m -> m.getName()).toList());
  }

  @Test
  void setsTheRunnerUp() {
    register("kubernetes", "{}");

    Deployment deployment = only(objects(manifest("").asString()), Deployment.class);

    Container container = deployment.getSpec().getTemplate().getSpec().getContainers().get(0);
    Map<String, String> variables = new HashMap<>();
    container.getEnv().forEach(variable -> variables.put(variable.getName(), variable.getValue()));
    assertThat(variables)
        .containsAllEntriesOf(VARIABLES)
        .containsEntry("GANTRY_RUNNER_NAME", name)
        .containsEntry("GANTRY_RUNNER_BACKEND", "kubernetes")
        .hasEntrySatisfying(
            "GANTRY_RUNNER_API_URL", url -> assertThat(url).matches("http://localhost:\\d+"))
        .containsEntry("GANTRY_RUNNER_KUBERNETES_NAMESPACE", "gantry-runners")
        .containsEntry("GANTRY_RUNNER_KUBERNETES_SECURITY", "restricted")
        .containsEntry("GANTRY_RUNNER_TOKEN", null)
        .hasSize(10);
    EnvVar token = container.getEnv().get(container.getEnv().size() - 1);
    assertThat(token.getValueFrom().getSecretKeyRef().getName()).isEqualTo(full);
    assertThat(token.getValueFrom().getSecretKeyRef().getKey()).isEqualTo("token");
    assertThat(deployment.getMetadata().getNamespace()).isEqualTo("gantry-runners");
    assertThat(container.getImage()).matches("gantry:\\d.*");
  }

  @Test
  void keepsToTheRestrictedStandard() {
    register("kubernetes", "{}");

    PodSpec pod =
        only(objects(manifest("").asString()), Deployment.class).getSpec().getTemplate().getSpec();

    var security = pod.getContainers().get(0).getSecurityContext();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(security.getAllowPrivilegeEscalation()).isFalse();
    assertThat(security.getReadOnlyRootFilesystem()).isTrue();
    assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(pod.getContainers().get(0).getResources().getLimits()).containsKey("memory");
  }

  @Test
  void mayDoWhatJobsNeedAndNoMore() {
    register("kubernetes", "{}");

    Role role = only(objects(manifest("").asString()), Role.class);

    assertThat(
            role.getRules().stream()
                .map(r -> r.getApiGroups() + "" + r.getResources() + r.getVerbs()))
        .containsExactly(
            "[batch][jobs][create, get, list, watch, patch, delete]",
            "[][pods][get, list, watch, delete]",
            "[][pods/log][get]",
            "[][configmaps, secrets][create, delete]",
            "[][events][list, watch]",
            "[][resourcequotas][get, list]");
  }

  @Test
  void comesAsAListInJson() {
    register("kubernetes", "{}");

    Response answer = manifest("format=json");

    assertThat(answer.contentType()).startsWith("application/json");
    answer.then().body("kind", equalTo("List")).body("apiVersion", equalTo("v1"));
    assertThat(READER.unmarshal(answer.asString(), KubernetesList.class).getItems())
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(objects(manifest("format=yaml").asString()));
  }

  @Test
  void comesAsAComposeFile() throws IOException {
    register("docker", "{}");

    Response answer = manifest("");

    assertThat(answer.contentType()).startsWith("application/yaml");
    JsonNode file = new ObjectMapper().valueToTree(new Yaml().<Object>load(answer.asString()));
    JsonNode service = file.path("services").path("runner");
    assertThat(file.path("name").asText()).isEqualTo(full);
    Map<String, String> environment = new HashMap<>();
    service
        .path("environment")
        .properties()
        .forEach(variable -> environment.put(variable.getKey(), variable.getValue().asText()));
    assertThat(environment)
        .containsAllEntriesOf(VARIABLES)
        .containsEntry("GANTRY_RUNNER_NAME", name)
        .containsEntry("GANTRY_RUNNER_BACKEND", "docker")
        .hasSize(8);
    assertThat(environment.get("GANTRY_RUNNER_TOKEN")).startsWith("${GANTRY_RUNNER_TOKEN:?");
    assertThat(service.path("read_only").asBoolean()).isTrue();
    assertThat(service.path("cap_drop")).hasToString("[\"ALL\"]");
    assertThat(service.path("volumes"))
        .hasToString("[\"/var/run/docker.sock:/var/run/docker.sock\"]");
    assertThat(new ObjectMapper().readTree(manifest("format=json").asString())).isEqualTo(file);
  }

  @Test
  void asksForWhatItDoesNotKnow() {
    register("local", "{}");

    for (String query : List.of("", "type=local", "type=vm")) {
      manifest(query).then().statusCode(400).body("error.details.field", equalTo("type"));
    }
    manifest("format=xml").then().statusCode(400).body("error.details.field", equalTo("format"));
    manifest("type=docker").then().statusCode(200);
  }
}
