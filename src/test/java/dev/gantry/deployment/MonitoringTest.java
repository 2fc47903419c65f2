package dev.gantry.deployment;

import static dev.gantry.deployment.Documents.at;
import static dev.gantry.deployment.Documents.list;
import static dev.gantry.deployment.Documents.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.testing.GantryServers;
import dev.gantry.testing.Servers;
import dev.gantry.testing.TestOrganization;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Alerts and dashboard ask for what the application serves, label for label. */
@QuarkusTest
@QuarkusTestResource(GantryServers.class)
class MonitoringTest {
  private static final Path RULES = Path.of("helm/gantry/rules.yaml");
  private static final Path FOLDER = Path.of("k8s/monitoring");

  /** A name followed by its selector, a range or what ends an operand; no function, no label. */
  private static final Pattern NAME =
      Pattern.compile("\\b([a-z][a-z0-9]*(?:_[a-z0-9]+)+)\\b(?!\\s*\\(|\\s*=|\\s*!)");

  private static final Pattern GROUPED = Pattern.compile("\\bby \\(([^)]*)\\)");
  private static final Pattern SELECTOR = Pattern.compile("\\{([^}]*)}");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)\\s*=~?\\s*\"");

  /** Labels that Prometheus adds when it scrapes a pod, and not the application. */
  private static final Set<String> OF_THE_SCRAPE =
      Set.of("pod", "namespace", "app_kubernetes_io_component");

  private static List<String> alerts() throws Exception {
    return list(Documents.of(Files.readString(RULES)).get(0), "groups").stream()
        .flatMap(group -> list(group, "rules").stream())
        .map(rule -> text(rule, "expr"))
        .toList();
  }

  private static List<String> panels() throws Exception {
    List<String> found = new ArrayList<>();
    JsonNode dashboard = new ObjectMapper().readTree(FOLDER.resolve("dashboard.json").toFile());
    dashboard.findValues("expr").forEach(expr -> found.add(expr.asText()));
    return found;
  }

  private static Set<String> names(String expression) {
    String bare = SELECTOR.matcher(GROUPED.matcher(expression).replaceAll("")).replaceAll("");
    return NAME.matcher(bare).results().map(m -> m.group(1)).collect(Collectors.toSet());
  }

  private static Set<String> labels(String expression) {
    Set<String> labels = new TreeSet<>();
    GROUPED
        .matcher(expression)
        .results()
        .forEach(by -> labels.addAll(List.of(by.group(1).trim().split("\\s*,\\s*", -1))));
    SELECTOR
        .matcher(expression)
        .results()
        .forEach(s -> LABEL.matcher(s.group(1)).results().forEach(l -> labels.add(l.group(1))));
    labels.removeAll(OF_THE_SCRAPE);
    return labels;
  }

  @Test
  void asksForWhatIsServed() throws Exception {
    List<String> expressions = new ArrayList<>(alerts());
    expressions.addAll(panels());
    assertThat(expressions).hasSizeGreaterThan(15);
    provoke();

    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              List<String> served =
                  RestAssured.get("/q/metrics").asString().lines().map(String::strip).toList();
              for (String expression : expressions) {
                assertThat(names(expression)).as(expression).isNotEmpty();
                for (String name : names(expression)) {
                  assertThat(served)
                      .as("%s in %s", name, expression)
                      .anyMatch(line -> line.startsWith(name + "{") || line.startsWith(name + " "));
                }
                Set<String> own = names(expression);
                for (String label : labels(expression)) {
                  assertThat(served)
                      .as("label %s in %s", label, expression)
                      .anyMatch(
                          line ->
                              own.stream().anyMatch(name -> line.startsWith(name + "{"))
                                  && line.contains(label + "=\""));
                }
              }
            });
  }

  /** What is counted only once it has happened. */
  private static void provoke() throws Exception {
    TestOrganization.create("OPERATOR")
        .json()
        .body(Map.of("definition", "{name: counted, steps: [{name: a, command: 'true'}]}"))
        .post("/api/v1/workflows/execute?wait=30s")
        .then()
        .statusCode(200);
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", Servers.get().kafka()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      byte[] poison = "nonsense".getBytes(StandardCharsets.UTF_8);
      producer
          .send(new ProducerRecord<>(GantryServers.TOPIC_PREFIX + ".steps", "counted", poison))
          .get();
    }
    try (Connection connection = TestOrganization.connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into outbox (topic, key, headers, payload)"
                    + " values ('no topic has blanks', 'counted', '{}', ''::bytea)")) {
      insert.executeUpdate();
    }
  }

  @Test
  void theAlertsAreOneInBothPlaces() throws Exception {
    Object chart = Documents.of(Files.readString(RULES)).get(0);
    Object file =
        Documents.of(Files.readString(FOLDER.resolve("prometheusrule.yaml"))).get(0).get("spec");

    assertThat(file).isEqualTo(chart);
  }

  @Test
  void eachAlertHasItsChapter() throws Exception {
    String operations = Files.readString(Path.of("docs/operations.md"));

    assertThat(list(Documents.of(Files.readString(RULES)).get(0), "groups"))
        .flatExtracting(group -> list(group, "rules"))
        .allSatisfy(
            rule -> {
              assertThat(operations).contains("`" + text(rule, "alert") + "`");
              assertThat(text(rule, "labels", "severity")).isIn("warning", "critical");
              assertThat(at(rule, "annotations", "summary")).isNotNull();
            });
  }
}
