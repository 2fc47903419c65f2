package dev.gantry.deployment;

import static dev.gantry.deployment.Documents.at;
import static dev.gantry.deployment.Documents.list;
import static dev.gantry.deployment.Documents.name;
import static dev.gantry.deployment.Documents.pod;
import static dev.gantry.deployment.Documents.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The charts with their default values and with each option: Helm's own engine renders them, and
 * the result is held against Kubernetes' schema and the restricted standard. The values of a case
 * are a file of {@code src/test/resources/charts/CHART}.
 */
class ChartsTest {
  private static final Path CASES = Path.of("src/test/resources/charts");

  private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final Pattern INSTALL =
      Pattern.compile("helm install (\\S+) helm/(\\S+)((?:.*\\\\\n)*.*)");
  private static final Pattern SET = Pattern.compile("--set (\\S+)=(\\S+)");

  static Stream<Arguments> cases() {
    return Stream.of("gantry", "gantry-runner")
        .flatMap(chart -> cases(chart).stream().map(file -> Arguments.of(chart, file)));
  }

  private static List<Path> cases(String chart) {
    try (Stream<Path> files = Files.list(CASES.resolve(chart))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> values(Path file) {
    try {
      return Documents.of(Files.readString(file)).stream().findFirst().orElse(Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Map<String, Object>> rendered(String chart, String file) {
    Map<String, Object> values = values(CASES.resolve(chart).resolve(file + ".yaml"));
    return Documents.of(Chart.of(chart).render("gantry", "here", values));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gantry", "gantry-runner"})
  void isLinted(String chart) {
    LintResult result = Chart.of(chart).lint();

    assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
    assertThat(result.getMessages()).allMatch(message -> message.startsWith("[INFO]"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rendersWhatKubernetesTakes(String chart, Path file) {
    Rules.check(Chart.of(chart).all("gantry", "here", values(file)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rendersTheSameTwice(String chart, Path file) {
    Map<String, Object> values = values(file);

    assertThat(Chart.of(chart).render("gantry", "here", values))
        .isEqualTo(Chart.of(chart).render("gantry", "here", values));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gantry", "gantry-runner"})
  void everyValueIsTried(String chart) throws IOException {
    Set<String> tried = new TreeSet<>();
    cases(chart).forEach(file -> leaves("", values(file), tried));
    Set<String> documented = new TreeSet<>();
    leaves(
        "", Documents.of(Files.readString(Chart.of(chart).file("values.yaml"))).get(0), documented);

    assertThat(documented)
        .allSatisfy(
            value ->
                assertThat(tried)
                    .as("a case that sets " + value)
                    .anyMatch(other -> (other + ".").startsWith(value + ".")));
  }

  private static void leaves(String path, Map<?, ?> map, Set<String> leaves) {
    map.forEach(
        (key, value) -> {
          String here = path + (path.isEmpty() ? "" : ".") + key;
          if (value instanceof Map<?, ?> inner && !inner.isEmpty()) {
            leaves(here, inner, leaves);
          } else {
            leaves.add(here);
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    "gantry,databse,databse",
    "gantry,runner,typo",
    "gantry-runner,kafka,typo",
    "gantry-runner,api,api"
  })
  void refusesWhatItDoesNotKnow(String chart, String key, String unknown) {
    Map<String, Object> values = Map.of(key, Map.of("typo", "x"));

    assertThatThrownBy(() -> Chart.of(chart).render("gantry", "here", values))
        .hasMessageContaining("'" + unknown + "' not allowed");
  }

  @Test
  void whatTheDocumentShowsIsTaken() throws IOException {
    String document = Files.readString(Path.of("docs/deploy.md"));
    List<Map<String, Object>> shown =
        BLOCK.matcher(document).results().map(m -> Documents.of(m.group(1)).get(0)).toList();
    List<MatchResult> installed = INSTALL.matcher(document).results().toList();

    assertThat(shown).isNotEmpty();
    assertThat(installed).hasSizeGreaterThan(1);
    shown.forEach(values -> Rules.check(Chart.of("gantry").all("gantry", "here", values)));
    for (MatchResult command : installed) {
      Map<String, Object> values = new HashMap<>();
      SET.matcher(command.group(3))
          .results()
          .forEach(set -> put(values, List.of(set.group(1).split("\\.", -1)), set.group(2)));
      Rules.check(Chart.of(command.group(2)).all(command.group(1), "here", values));
    }
  }

  @SuppressWarnings("unchecked")
  private static void put(Map<String, Object> values, List<String> path, String value) {
    Map<String, Object> here = values;
    for (String key : path.subList(0, path.size() - 1)) {
      here = (Map<String, Object>) here.computeIfAbsent(key, k -> new HashMap<String, Object>());
    }
    here.put(path.get(path.size() - 1), value.equals("true") ? (Object) true : value);
  }

  @Test
  void refusesAnAuthorityThatNobodyWouldAsk() {
    Map<String, Object> values = Map.of("kafka", Map.of("tls", Map.of("caConfigMap", "ca")));

    assertThatThrownBy(() -> Chart.of("gantry").render("gantry", "here", values))
        .hasMessageContaining("kafka.tls.enabled is false");
  }

  @Test
  void asksForCredentialsThatItIsToMake() {
    assertThatThrownBy(
            () -> Chart.of("gantry").render("gantry", "here", Map.of("existingSecret", "")))
        .hasMessageContaining("secret.databaseUsername or existingSecret is needed");
  }

  @Test
  void byDefaultThereIsNoRunnerAndNobodyHasRights() {
    assertThat(rendered("gantry", "default"))
        .noneMatch(object -> name(object).endsWith("-runner"))
        .noneMatch(object -> Set.of("Role", "RoleBinding", "Secret").contains(object.get("kind")));
  }

  @Test
  void aRunnerKnowsKafkaAndNothingOfTheDatabase() {
    for (String file : List.of("runner", "everything")) {
      List<Map<String, Object>> objects = rendered("gantry", file);
      Map<String, String> runner = environment(objects, "gantry-runner");

      assertThat(runner)
          .containsEntry("GANTRY_ROLES", "runner")
          .containsEntry("GANTRY_RUNNER_BACKEND", "kubernetes")
          .containsEntry("GANTRY_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092")
          .containsKeys("GANTRY_RUNNER_TOKEN", "GANTRY_RUNNER_API_URL");
      assertThat(runner.keySet()).noneMatch(variable -> variable.contains("DATABASE"));
      assertThat(runner).doesNotContainKey("GANTRY_ADMIN_API_KEY");
      assertThat(environment(objects, "gantry-api"))
          .containsEntry("GANTRY_RUNNER_TOKEN", runner.get("GANTRY_RUNNER_TOKEN"));
      assertThat(environment(objects, "gantry-engine")).doesNotContainKey("GANTRY_RUNNER_TOKEN");
    }
  }

  @Test
  void oneRunnerHasSeveralNames() {
    assertThat(environment(rendered("gantry-runner", "several-names"), "gantry-gantry-runner"))
        .containsEntry("GANTRY_RUNNER_NAME", "north,south");
  }

  @ParameterizedTest
  @CsvSource({"gantry,runner", "gantry-runner,"})
  void refusesANameThatIsNone(String chart, String under) {
    Map<String, Object> name = Map.of("name", "north,,south");

    assertThatThrownBy(
            () ->
                Chart.of(chart)
                    .render("gantry", "here", under == null ? name : Map.of(under, name)))
        .hasMessageContaining("name");
  }

  @ParameterizedTest
  @CsvSource({
    "gantry,default,gantry-engine,PLAINTEXT",
    "gantry,kafka-tls,gantry-engine,SSL",
    "gantry,kafka-sasl,gantry-engine,SASL_PLAINTEXT",
    "gantry,everything,gantry-engine,SASL_SSL",
    "gantry,everything,gantry-runner,SASL_SSL",
    "gantry-runner,default,gantry-gantry-runner,PLAINTEXT",
    "gantry-runner,everything,gantry-gantry-runner,SASL_SSL"
  })
  void speaksToKafkaAsItIsTold(String chart, String file, String deployment, String protocol) {
    Map<String, String> environment = environment(rendered(chart, file), deployment);

    assertThat(environment).containsEntry("GANTRY_KAFKA_SECURITY_PROTOCOL", protocol);
    for (String variable :
        List.of(
            "GANTRY_KAFKA_SASL_MECHANISM",
            "GANTRY_KAFKA_SASL_USERNAME",
            "GANTRY_KAFKA_SASL_PASSWORD")) {
      assertThat(environment.containsKey(variable)).isEqualTo(protocol.startsWith("SASL"));
    }
    assertThat(environment.containsKey("GANTRY_KAFKA_SSL_TRUSTSTORE_LOCATION"))
        .isEqualTo(protocol.endsWith("SSL"));
  }

  @ParameterizedTest
  @CsvSource({
    "existingConfigMap,configMap,name", //
    "existingSecret,secret,secretName"
  })
  void modelsAreReadByApiAndEngineAlone(String value, String source, String named) {
    Map<String, Object> values = new HashMap<>(values(CASES.resolve("gantry/runner.yaml")));
    values.put("models", Map.of(value, "agents-models", "key", "agents.yaml"));
    List<Map<String, Object>> objects =
        Documents.of(Chart.of("gantry").render("gantry", "here", values));

    for (String role : List.of("gantry-api", "gantry-engine")) {
      Object pod = pod(only(objects, role));
      Map<String, Object> volume =
          list(pod, "volumes").stream()
              .filter(each -> each.get("name").equals("models"))
              .findFirst()
              .orElseThrow();
      String file = environment(objects, role).get("GANTRY_MODELS_FILE");
      assertThat(text(volume, source, named)).isEqualTo("agents-models");
      assertThat(text(list(volume, source, "items").get(0), "key")).isEqualTo("agents.yaml");
      assertThat(list(list(pod, "containers").get(0), "volumeMounts"))
          .anySatisfy(
              mount ->
                  assertThat(
                          mount.get("mountPath")
                              + "/"
                              + text(list(volume, source, "items").get(0), "path"))
                      .isEqualTo(file));
    }
    assertThat(environment(objects, "gantry-runner")).doesNotContainKey("GANTRY_MODELS_FILE");
    assertThat(list(pod(only(objects, "gantry-runner")), "volumes"))
        .noneMatch(volume -> volume.get("name").equals("models"));
    assertThat(environment(rendered("gantry", "default"), "gantry-api"))
        .doesNotContainKey("GANTRY_MODELS_FILE");
  }

  @Test
  void modelsLieInOnePlace() {
    Map<String, Object> values =
        Map.of("models", Map.of("existingConfigMap", "a", "existingSecret", "b"));

    assertThatThrownBy(() -> Chart.of("gantry").render("gantry", "here", values))
        .hasMessageContaining("models");
  }

  @Test
  void theRunnersOfBothChartsAreOne() {
    Object one = pod(only(rendered("gantry", "runner"), "gantry-runner"));
    Object other = pod(only(rendered("gantry-runner", "default"), "gantry-gantry-runner"));

    for (String part : List.of("startupProbe", "livenessProbe", "readinessProbe", "resources")) {
      assertThat(list(one, "containers").get(0).get(part))
          .isEqualTo(list(other, "containers").get(0).get(part));
    }
    assertThat(at(one, "terminationGracePeriodSeconds"))
        .isEqualTo(at(other, "terminationGracePeriodSeconds"));
    assertThat(at(one, "volumes")).isEqualTo(at(other, "volumes"));
  }

  private static Map<String, Object> only(List<Map<String, Object>> objects, String deployment) {
    List<Map<String, Object>> found =
        Rules.of("Deployment", objects).stream()
            .filter(object -> name(object).equals(deployment))
            .toList();
    assertThat(found).as(deployment).hasSize(1);
    return found.get(0);
  }

  /** What a role's process sees; of a key of a Secret, which one. */
  private static Map<String, String> environment(
      List<Map<String, Object>> objects, String deployment) {
    Map<String, Object> container = list(pod(only(objects, deployment)), "containers").get(0);
    Map<String, String> environment = new HashMap<>();
    for (Map<String, Object> from : list(container, "envFrom")) {
      String map = text(from, "configMapRef", "name");
      Rules.of("ConfigMap", objects).stream()
          .filter(object -> name(object).equals(map))
          .forEach(
              object ->
                  ((Map<?, ?>) object.get("data"))
                      .forEach((key, value) -> environment.put("" + key, "" + value)));
    }
    for (Map<String, Object> variable : list(container, "env")) {
      environment.put(
          text(variable, "name"),
          variable.containsKey("value")
              ? text(variable, "value")
              : Stream.of("name", "key")
                  .map(key -> text(variable, "valueFrom", "secretKeyRef", key))
                  .collect(Collectors.joining("/")));
    }
    return environment;
  }
}
