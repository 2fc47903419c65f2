package dev.gantry.deployment;

import static dev.gantry.deployment.Documents.at;
import static dev.gantry.deployment.Documents.kind;
import static dev.gantry.deployment.Documents.list;
import static dev.gantry.deployment.Documents.name;
import static dev.gantry.deployment.Documents.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The plain files: what kustomize puts together is right for Kubernetes and says the same as the
 * charts. Of kustomize's own work only that is done here that the files use.
 */
class KustomizeTest {
  private static final Path FOLDER = Path.of("k8s");

  /** Fields of a kustomization that {@link #built} knows, or that change no object's shape. */
  private static final Set<String> KNOWN =
      Set.of(
          "apiVersion",
          "kind",
          "namespace",
          "labels",
          "resources",
          "configMapGenerator",
          "secretGenerator",
          "generatorOptions",
          "images",
          "replicas");

  static Stream<Path> kustomizations() {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files.filter(file -> file.endsWith("kustomization.yaml")).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Map<String, Object>> read(Path file) {
    try {
      return Documents.of(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("kustomizations")
  void namesWhatIsThere(Path file) {
    Map<String, Object> kustomization = read(file).get(0);
    assertThat(KNOWN).containsAll(kustomization.keySet());
    Set<String> named = new TreeSet<>();
    ((List<?>) kustomization.getOrDefault("resources", List.of()))
        .forEach(resource -> named.add("" + resource));
    for (String generator : List.of("configMapGenerator", "secretGenerator")) {
      list(kustomization, generator)
          .forEach(
              made ->
                  ((List<?>) made.getOrDefault("files", List.of()))
                      .forEach(each -> named.add(each.toString().replaceFirst("^.*=", ""))));
    }

    assertThat(named).allMatch(name -> Files.exists(file.resolveSibling(name)));
    assertThat(siblings(file)).as("files that nothing names").isSubsetOf(named);
  }

  private static List<String> siblings(Path file) {
    try (Stream<Path> files = Files.list(file.getParent())) {
      return files
          .filter(Files::isRegularFile)
          .map(each -> each.getFileName().toString())
          .filter(name -> !name.equals("kustomization.yaml"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("kustomizations")
  void makesWhatKubernetesTakes(Path file) {
    Rules.check(built(file.getParent()));
  }

  @Test
  void theExampleHasWhatItsPodsAskFor() {
    List<Map<String, Object>> objects = built(FOLDER.resolve("example"));
    assertThat(objects).extracting(Documents::kind).contains("Namespace");
    for (Map<String, Object> deployment : Rules.of("Deployment", objects)) {
      for (Map<String, Object> variable : list(list(pod(deployment), "containers").get(0), "env")) {
        if (at(variable, "valueFrom") != null) {
          Object ref = at(variable, "valueFrom", "secretKeyRef");
          assertThat(Rules.of("Secret", objects))
              .filteredOn(secret -> name(secret).equals(at(ref, "name")))
              .singleElement()
              .satisfies(
                  secret ->
                      assertThat(((Map<?, ?>) secret.get("stringData")).containsKey(at(ref, "key")))
                          .as(variable.toString())
                          .isTrue());
        }
      }
    }
  }

  @Test
  void podsAreThoseOfTheChart() {
    List<Map<String, Object>> charts =
        Documents.of(
            Chart.of("gantry")
                .render("gantry", "gantry", Map.of("runner", Map.of("enabled", true))));
    List<Map<String, Object>> files = new ArrayList<>(built(FOLDER.resolve("base")));
    files.addAll(built(FOLDER.resolve("runner")));

    for (String role : List.of("gantry-api", "gantry-engine", "gantry-runner")) {
      Map<String, Object> chart = container(role, charts);
      Map<String, Object> file = container(role, files);
      for (String part :
          List.of(
              "ports",
              "startupProbe",
              "livenessProbe",
              "readinessProbe",
              "lifecycle",
              "resources",
              "securityContext",
              "volumeMounts")) {
        assertThat(file.get(part)).as(role + ": " + part).isEqualTo(chart.get(part));
      }
    }
  }

  private static Map<String, Object> container(String name, List<Map<String, Object>> objects) {
    return Rules.of("Deployment", objects).stream()
        .filter(object -> name(object).equals(name))
        .map(object -> list(pod(object), "containers").get(0))
        .findFirst()
        .orElseThrow();
  }

  /** What kustomize makes of a folder, but for the hashes in names, labels and namespaces. */
  private static List<Map<String, Object>> built(Path folder) {
    Map<String, Object> kustomization = read(folder.resolve("kustomization.yaml")).get(0);
    List<Map<String, Object>> objects = new ArrayList<>();
    for (Object resource : (List<?>) kustomization.getOrDefault("resources", List.of())) {
      Path path = folder.resolve("" + resource);
      objects.addAll(Files.isDirectory(path) ? built(path) : read(path));
    }
    generate(folder, list(kustomization, "configMapGenerator"), "ConfigMap", "data", objects);
    generate(folder, list(kustomization, "secretGenerator"), "Secret", "stringData", objects);
    return objects;
  }

  @SuppressWarnings("unchecked")
  private static void generate(
      Path folder,
      List<Map<String, Object>> generators,
      String kind,
      String field,
      List<Map<String, Object>> objects) {
    for (Map<String, Object> generator : generators) {
      Map<String, Object> data = new HashMap<>();
      for (Object literal : (List<?>) generator.getOrDefault("literals", List.of())) {
        String[] parts = literal.toString().split("=", 2);
        data.put(parts[0], parts[1]);
      }
      for (Object file : (List<?>) generator.getOrDefault("files", List.of())) {
        try {
          data.put("" + file, Files.readString(folder.resolve("" + file)));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      if ("merge".equals(generator.get("behavior"))) {
        Map<String, Object> merged =
            objects.stream()
                .filter(object -> kind(object).equals(kind))
                .filter(object -> name(object).equals(generator.get("name")))
                .findFirst()
                .orElseThrow();
        ((Map<String, Object>) merged.get(field)).putAll(data);
      } else {
        objects.add(
            Map.of(
                "apiVersion",
                "v1",
                "kind",
                kind,
                "metadata",
                Map.of("name", generator.get("name")),
                field,
                data));
      }
    }
  }
}
