package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The document names every key that is read or refused. */
class FormatDocumentTest {
  private static final Path DOCUMENT = Path.of("docs/workflow-format.md");

  static Stream<String> keys() {
    return Stream.of(
            WorkflowReader.KEYS,
            StepReader.KEYS,
            RetryPolicyReader.KEYS,
            ContinueOnReader.KEYS,
            RepeatPolicyReader.KEYS,
            ScheduleReader.KEYS,
            ParallelReader.KEYS,
            PreconditionReader.KEYS,
            WorkflowReader.HANDLER_ON,
            StepReader.HANDLER,
            ParamsReader.KEYS,
            ApprovalReader.KEYS,
            ContainerReader.DOCKER,
            ContainerReader.JQ,
            ToolStepReader.KEYS,
            ToolReader.KEYS,
            ToolReader.ARG)
        .flatMap(keys -> Stream.concat(keys.known().stream(), keys.later().stream()))
        .distinct()
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void names_the_key(String key) throws IOException {
    assertThat(Files.readString(DOCUMENT))
        .containsPattern("\\b(" + key + "|" + Keys.snake(key) + ")\\b");
  }
}
