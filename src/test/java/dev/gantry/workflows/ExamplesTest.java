package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code examples/} shows is what is read. */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("examples");
  private static final Path MALFORMED = EXAMPLES.resolve("malformed.yaml");

  static Stream<Path> valid() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml") && !file.equals(MALFORMED))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("valid")
  void is_valid_and_called_like_its_file(Path file) throws IOException {
    WorkflowDefinition workflow = WorkflowParser.parse(Files.readString(file));
    assertThat(workflow.name() + ".yaml").isEqualTo(file.getFileName().toString());
  }

  @Test
  void the_malformed_one_tells_each_of_its_faults() throws IOException {
    String text = Files.readString(MALFORMED);
    InvalidDefinitionException invalid =
        catchThrowableOfType(InvalidDefinitionException.class, () -> WorkflowParser.parse(text));
    assertThat(invalid.faults())
        .containsExactly(
            new Fault("typ", "unknown key 'typ': did you mean 'type'?", 3, 1),
            new Fault("steps[0].dependz", "unknown key 'dependz': did you mean 'depends'?", 8, 5),
            new Fault(
                "steps[1].script",
                "give either command or script; 'shell' names a script's interpreter",
                12,
                13),
            new Fault(
                "steps[1].depends", "there is no step 'biuld': did you mean 'build'?", 13, 14),
            new Fault(
                "steps[2].name", "duplicate step 'test': steps[1] is called so already", 15, 5),
            new Fault(
                "steps[2].timeout",
                "not a duration: 'soon', write a number of seconds or as 90s, 15m, 1h30m",
                17,
                14),
            new Fault("steps[3].name", "is missing", 19, 5),
            new Fault(
                "steps[3].retryPolicy.limit",
                "must be a whole number from 0 to 1000, not 'often'",
                21,
                14),
            new Fault(
                "steps[4].executor.type",
                "unknown executor 'dokcer': did you mean 'docker'?",
                25,
                13));
    assertThat(invalid).hasMessage("typ: unknown key 'typ': did you mean 'type'?");
  }
}
