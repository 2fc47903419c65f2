package dev.gantry.runner.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.executions.protocol.WorkFiles;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.AttemptRequest.Behind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the shells of this host make of a run file. */
class RunFileTest {
  @TempDir private Path directory;

  static Stream<String> shells() {
    return Stream.of("/bin/sh", "/bin/dash", "/bin/bash", "/bin/ksh", "/bin/busybox")
        .filter(shell -> Path.of(shell).toFile().canExecute());
  }

  private String run(String shell, Map<String, String> variables, String... argv)
      throws IOException, InterruptedException {
    StepSpec step =
        new StepSpec(0, "s", 1, null, List.of(argv), null, null, null, null, 0, null, false);
    AttemptRequest request =
        new AttemptRequest(
            UUID.randomUUID(), step, variables, StepGrants.NONE, WorkFiles.NONE, 0, Behind.NOTHING);
    Launch launch =
        Launch.of(
            request,
            directory.resolve("script"),
            directory,
            Map.of("PATH", System.getenv("PATH"), "HOME", "/"));
    Path file = Files.writeString(directory.resolve("run"), RunFile.of(launch));
    List<String> words =
        shell.endsWith("busybox")
            ? List.of(shell, "sh", file.toString())
            : List.of(shell, file.toString());
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().clear();
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  @ParameterizedTest
  @MethodSource("shells")
  void wordsAndValuesArriveAsTheyAre(String shell) throws Exception {
    String odd = "it's \"$HOME\" `id` \\ \n ; * # ~ \u00e4";

    String said = run(shell, Map.of("ODD", odd), "printenv", "ODD");

    assertThat(said).isEqualTo(odd + "\n");
    assertThat(run(shell, Map.of(), "printf", "%s|", odd, "", "-n")).isEqualTo(odd + "||-n|");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void aVariableThatTheShellKeepsForItselfTakesNoOtherWithIt(String shell) throws Exception {
    Map<String, String> variables =
        new HashMap<>(Map.of("AAA", "1", "IFS", "x", "OPTIND", "x", "PPID", "x", "UID", "x"));
    variables.put("ZZZ", "2");

    String said = run(shell, variables, "env");

    assertThat(said).contains("AAA=1\n", "ZZZ=2\n").doesNotContain("gantry_");
  }
}
