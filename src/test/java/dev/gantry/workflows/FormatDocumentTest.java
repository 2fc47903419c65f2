package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The document names every key that is read or refused, and shows each that is read. */
class FormatDocumentTest {
  private static final Path DOCUMENT = Path.of("docs/workflow-format.md");

  /** Each says the same as one that is shown. */
  private static final Set<String> OTHER_SPELLINGS =
      Set.of("backoff", "failure", "exitCodes", "exitCode", "timeoutSec", "name", "toolName");

  static Stream<String> keys() {
    return all()
        .flatMap(keys -> Stream.concat(keys.known().stream(), keys.later().stream()))
        .distinct()
        .sorted();
  }

  static Stream<String> known() {
    return all()
        .flatMap(keys -> keys.known().stream())
        .filter(key -> !OTHER_SPELLINGS.contains(key))
        .distinct()
        .sorted();
  }

  private static Stream<Keys> all() {
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
        HttpReader.KEYS,
        MailReader.ON,
        MailReader.LETTER,
        MailReader.SERVER,
        SshReader.KEYS,
        ToolStepReader.KEYS,
        ToolReader.KEYS,
        ToolReader.ARG,
        ToolContainerReader.FILE,
        ToolContainerReader.VOLUME,
        ToolContainerReader.SERVICE,
        ToolContainerReader.REPOSITORY);
  }

  @ParameterizedTest
  @MethodSource("known")
  void shows_the_key_in_an_example_that_is_run(String key) throws IOException {
    String examples =
        Pattern.compile("(?s)<!-- ends [^>]*-->\n```yaml\n(.*?)```")
            .matcher(Files.readString(DOCUMENT))
            .results()
            .map(example -> example.group(1))
            .collect(Collectors.joining("\n"));
    assertThat(examples).containsPattern("(?m)(^|[\\s{,])(" + key + "|" + Keys.snake(key) + "):");
  }

  @ParameterizedTest
  @MethodSource("keys")
  void names_the_key(String key) throws IOException {
    assertThat(Files.readString(DOCUMENT))
        .containsPattern("\\b(" + key + "|" + Keys.snake(key) + ")\\b");
  }
}
