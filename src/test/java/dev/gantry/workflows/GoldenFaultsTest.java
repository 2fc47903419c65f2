package dev.gantry.workflows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each folder of {@code src/test/resources/workflows} holds a definition and its faults, a line
 * each: {@code line:column place: message}. Run with {@code -Dgolden.write} to write what is told
 * now, and read the difference.
 */
class GoldenFaultsTest {
  private static final Path CASES = Path.of("src/test/resources/workflows");

  static Stream<Path> cases() throws IOException {
    try (Stream<Path> folders = Files.list(CASES)) {
      return folders.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tells_all_faults(Path folder) throws IOException {
    String told = faultsOf(Files.readString(folder.resolve("in.yaml")));
    Path expected = folder.resolve("faults.txt");
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(expected, told);
    }
    assertThat(told).isEqualTo(Files.readString(expected));
  }

  static String faultsOf(String text) {
    try {
      WorkflowParser.parse(text);
      return "";
    } catch (InvalidDefinitionException invalid) {
      return invalid.faults().stream()
          .map(
              fault ->
                  "%d:%d %s: %s\n"
                      .formatted(fault.line(), fault.column(), fault.place(), fault.message()))
          .collect(Collectors.joining());
    }
  }
}
