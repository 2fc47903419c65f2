package dev.gantry.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gantry validate}: what it prints and how it exits. */
class ValidateCommandTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int validate(String... arguments) {
    List<String> all = new java.util.ArrayList<>(List.of("validate"));
    all.addAll(List.of(arguments));
    return new Launcher(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .start(all);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void passesWhatIsValid() throws IOException {
    String workflow = file("w.yaml", "name: w\nsteps:\n  - {name: a, command: echo}\n");
    String tools = file("t.yaml", "tools:\n  - {name: t, description: T, content: echo}\n");

    assertThat(validate(workflow, tools)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(workflow + ": valid, workflow w of 1 step\n" + tools + ": valid, 1 tool\n");
  }

  @Test
  void tellsEveryFaultOfEveryFileWithItsPlace() throws IOException {
    String one =
        file("one.yaml", "name: w\nsteps:\n  - name: a\n    comand: echo\n    depends: b\n");
    String two = file("two.yaml", "steps: {\n");

    assertThat(validate(one, two)).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .contains(one + ":4:5: steps[0].comand: unknown key 'comand': did you mean 'command'?")
        .anyMatch(line -> line.startsWith(one + ":5:14: steps[0].depends: there is no step 'b'"))
        .anyMatch(line -> line.startsWith(two + ":"));
  }

  @Test
  void refusesWhatItCannotReadOrFindsNothingIn() throws IOException {
    String other = file("values.yaml", "replicas: 3\n");
    String missing = folder.resolve("missing.yaml").toString();

    assertThat(validate(other, missing)).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains(other + ": holds neither a workflow (steps) nor tools")
        .contains(missing + ": cannot be read");
    assertThat(validate()).isEqualTo(2);
    assertThat(validate("--json", other)).isEqualTo(2);
  }
}
