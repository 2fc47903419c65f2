package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The document names every key that is read or refused, and its examples are valid. */
class FormatDocumentTest {
  private static final Path DOCUMENT = Path.of("docs/workflow-format.md");

  static Stream<String> keys() {
    return Stream.of(
            WorkflowReader.KEYS,
            StepReader.KEYS,
            RetryPolicyReader.KEYS,
            ContinueOnReader.KEYS,
            ParamsReader.KEYS,
            ToolStepReader.KEYS,
            ToolReader.KEYS,
            ToolReader.ARG)
        .flatMap(keys -> Stream.concat(keys.known().stream(), keys.later().stream()))
        .distinct()
        .sorted();
  }

  static Stream<String> examples() throws IOException {
    return Pattern.compile("(?s)```yaml\n(.*?)```")
        .matcher(Files.readString(DOCUMENT))
        .results()
        .map(block -> block.group(1));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void names_the_key(String key) throws IOException {
    assertThat(Files.readString(DOCUMENT))
        .containsPattern("\\b(" + key + "|" + Keys.snake(key) + ")\\b");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void shows_valid_examples(String example) {
    String workflow = example.startsWith("name:") ? example : "name: w\nsteps:\n" + example;
    assertThat(WorkflowParser.parse(workflow).steps()).isNotEmpty();
  }
}
