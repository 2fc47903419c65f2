package dev.gantry;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The files that deploy Gantry speak of what exists. A variable that is no setting is ignored in
 * silence when Gantry starts, so that only a test sees a misspelt one.
 */
class DeploymentTest {
  private static final Path DOCUMENT = Path.of("docs/deployment.md");
  private static final Path DOCKERFILE = Path.of("docker/Dockerfile");
  private static final Pattern VARIABLE = Pattern.compile("\\bGANTRY_[A-Z0-9_]*[A-Z0-9]\\b");
  private static final Pattern INJECTED =
      Pattern.compile("@ConfigProperty\\(\\s*name = \"(gantry\\.[^\"]+)\"");
  private static final Pattern PROBE = Pattern.compile("path: (/q/\\S+)");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(GANTRY_\\w+)` \\| (.*?) \\|");

  /** The environment's form of every setting, with its default; empty when there is none. */
  private static Map<String, String> settings;

  @BeforeAll
  static void readSettings() throws IOException {
    settings = settings();
  }

  static Stream<Path> files() {
    return Stream.concat(
            Stream.of("docker", "k8s", "helm").flatMap(folder -> filesIn(folder).stream()),
            Stream.of(DOCUMENT, Path.of("docs/deploy.md"), Path.of("docs/operations.md")))
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("files")
  void names_settings_that_exist(Path file) {
    assertThat(settings.keySet()).containsAll(found(VARIABLE, read(file)));
  }

  @Test
  void the_document_tells_every_setting_and_its_default() {
    Map<String, String> told = new TreeMap<>();
    ROW.matcher(read(DOCUMENT))
        .results()
        .forEach(row -> told.put(row.group(1), row.group(2).replace("`", "")));
    Map<String, String> forDeployments = new TreeMap<>(settings);
    forDeployments.keySet().removeIf(DeploymentTest::isInternal);
    assertThat(told).isEqualTo(forDeployments);
  }

  @Test
  void the_image_has_a_numeric_user_and_its_process_hears_signals() {
    String run = read(DOCKERFILE).substring(read(DOCKERFILE).lastIndexOf("\nFROM "));
    assertThat(run).containsOnlyOnce("\nUSER 65532:65532\n").contains("\nENTRYPOINT [\"");
    assertThat(run.lines().filter(line -> line.startsWith("COPY")))
        .as("what the other stages leave to it")
        .containsExactly("COPY --from=recording --chown=0:0 /record/gantry.aot ./");
    assertThat(read(DOCKERFILE).lines().filter(line -> line.contains("--from=build /image/")))
        .hasSize(5);
    assertThat(read(Path.of("docker/assemble"))).contains("/target/quarkus-app\"");
    assertThat(read(Path.of("docker/entrypoint"))).contains("\nexec java ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"k8s", "helm"})
  void probes_ask_what_answers(String folder) {
    String all = filesIn(folder).stream().map(DeploymentTest::read).collect(Collectors.joining());
    assertThat(found(PROBE, all))
        .contains("/q/health/started", "/q/health/live", "/q/health/ready")
        .isSubsetOf("/q/health/started", "/q/health/live", "/q/health/ready", "/q/metrics");
  }

  /** Derived from gantry.roles, or set by the launcher. */
  private static boolean isInternal(String variable) {
    return variable.startsWith("GANTRY_ROLE_") || variable.equals("GANTRY_EMBEDDED");
  }

  private static Map<String, String> settings() throws IOException {
    Map<String, String> found = new TreeMap<>();
    filesIn("src/main/java").stream()
        .flatMap(file -> found(INJECTED, read(file)).stream())
        .forEach(name -> found.put(variable(name), ""));
    new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.gantry")
            .stream()
            .filter(type -> type.isAnnotatedWith(ConfigMapping.class))
            .map(type -> ConfigMappings.getProperties(ConfigClass.configClass(type.reflect())))
            .forEach(
                properties ->
                    properties.forEach(
                        (name, property) ->
                            found.put(
                                variable(name.replace("[*]", "")),
                                property.hasDefaultValue() ? property.getDefaultValue() : "")));
    Properties shipped = new Properties();
    try (InputStream in =
        Files.newInputStream(Path.of("src/main/resources/application.properties"))) {
      shipped.load(in);
    }
    shipped.stringPropertyNames().stream()
        .filter(name -> name.startsWith("gantry."))
        .forEach(name -> found.put(variable(name), shipped.getProperty(name)));
    return found;
  }

  private static String variable(String setting) {
    return setting.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  /** What the pattern finds: its group when it has one. */
  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(match.groupCount()))
        .collect(Collectors.toSet());
  }

  private static List<Path> filesIn(String folder) {
    try (Stream<Path> walk = Files.walk(Path.of(folder))) {
      return walk.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
