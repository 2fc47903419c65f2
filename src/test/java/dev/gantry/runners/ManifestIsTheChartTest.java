package dev.gantry.runners;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.deployment.Chart;
import dev.gantry.deployment.Documents;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A runner is set up alike by its manifest and by the chart: object by object. */
class ManifestIsTheChartTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> HELMS_OWN =
      List.of("helm.sh/chart", "app.kubernetes.io/managed-by", "app.kubernetes.io/version");

  @ParameterizedTest
  @CsvSource({
    "PLAINTEXT,,false",
    "SSL,,false",
    "SSL,,true",
    "SASL_PLAINTEXT,PLAIN,false",
    "SASL_SSL,SCRAM-SHA-512,true"
  })
  void objectByObject(String protocol, String mechanism, boolean ownAuthority) throws Exception {
    KubernetesManifest manifest =
        new KubernetesManifest(
            new Installation(
                "batch",
                RunnerType.KUBERNETES,
                "team-runners",
                "baseline",
                "registry.example.com/gantry:1.2.3",
                "https://gantry.example.com",
                new Installation.Kafka(
                    "kafka.example.com:9092",
                    "team-a",
                    protocol,
                    Optional.ofNullable(mechanism),
                    ownAuthority)));
    Map<String, Object> values =
        Map.of(
            "image",
            Map.of("repository", "registry.example.com/gantry", "tag", "1.2.3"),
            "name",
            "batch",
            "apiUrl",
            "https://gantry.example.com",
            "jobs",
            Map.of("security", "baseline"),
            "kafka",
            Map.of(
                "bootstrapServers",
                "kafka.example.com:9092",
                "topicPrefix",
                "team-a",
                "tls",
                Map.of(
                    "enabled",
                    protocol.endsWith("SSL"),
                    "caConfigMap",
                    ownAuthority ? "gantry-runner-batch-kafka-ca" : ""),
                "sasl",
                Map.of("mechanism", mechanism == null ? "" : mechanism)));

    Map<String, JsonNode> told = new TreeMap<>();
    KubernetesSerialization writer = new KubernetesSerialization();
    manifest.objects().stream()
        .filter(object -> !object.getKind().equals("Namespace"))
        .forEach(object -> put(told, tree(writer.asJson(object))));
    Map<String, JsonNode> rendered = new TreeMap<>();
    Documents.of(Chart.of("gantry-runner").render("gantry-runner-batch", "team-runners", values))
        .forEach(object -> put(rendered, withoutHelm(JSON.valueToTree(object))));

    assertThat(told).hasSize(4).isEqualTo(rendered);
  }

  private static void put(Map<String, JsonNode> objects, JsonNode object) {
    objects.put(object.path("kind").asText() + " " + object.at("/metadata/name").asText(), object);
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Labels that say who has installed it. */
  private static JsonNode withoutHelm(JsonNode object) {
    for (String labels : List.of("/metadata/labels", "/spec/template/metadata/labels")) {
      if (object.at(labels) instanceof ObjectNode found) {
        found.remove(HELMS_OWN);
      }
    }
    return object;
  }
}
