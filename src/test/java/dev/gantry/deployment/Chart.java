package dev.gantry.deployment;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One of the project's charts, rendered by Helm itself, without a cluster. Blocks. */
public final class Chart {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  private Chart(Path folder) {
    this.folder = folder;
  }

  public static Chart of(String name) {
    return new Chart(Path.of("helm", name));
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  LintResult lint() {
    return new Helm(folder).lint().strict().call();
  }

  /** What is installed with these values on top of the chart's own; its tests are left out. */
  public String render(String release, String namespace, Map<String, Object> values) {
    try {
      Path file = Files.createTempFile("values", ".json");
      JSON.writeValue(file.toFile(), values);
      return new Helm(folder)
          .template()
          .withName(release)
          .withNamespace(namespace)
          .withKubeVersion("1.34.0")
          .withValuesFile(file)
          .call();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The same with the pods of its tests, which Helm keeps back as they are not installed: a copy of
   * the chart that does not say what they are.
   */
  List<Map<String, Object>> all(String release, String namespace, Map<String, Object> values) {
    try {
      return Documents.of(withoutHooks().render(release, namespace, values));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Chart withoutHooks() throws IOException {
    Path copy = Files.createTempDirectory("chart").resolve(folder.getFileName());
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(folder.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.writeString(
            target,
            Files.readString(file)
                .lines()
                .filter(line -> !line.strip().startsWith("helm.sh/hook"))
                .collect(Collectors.joining("\n", "", "\n")));
      }
    }
    return new Chart(copy);
  }
}
