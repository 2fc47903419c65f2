package dev.gantry.runner.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.executions.protocol.ContainerSpec;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.executions.protocol.WorkFiles;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.AttemptRequest.Behind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LaunchTest {
  private static final UUID EXECUTION = UUID.randomUUID();
  private static final Path WORK = Path.of("/runner/execution/work");
  private static final Path SCRIPT = Path.of("/runner/execution/0-1/script");
  private static final Map<String, String> HOST =
      Map.of("PATH", "/bin", "HOME", "/home/x", "GANTRY_ADMIN_API_KEY", "key", "PGPASSWORD", "p");

  private static Launch launch(StepSpec step, Map<String, String> variables) {
    return Launch.of(
        new AttemptRequest(
            EXECUTION, step, variables, StepGrants.NONE, WorkFiles.NONE, 0, Behind.NOTHING),
        SCRIPT,
        WORK,
        HOST);
  }

  private static StepSpec argv(String... argv) {
    return new StepSpec(0, "s", 2, null, List.of(argv), null, null, null, null, 0, null, false);
  }

  private static StepSpec script(String text, String... shell) {
    return new StepSpec(0, "s", 2, null, null, text, List.of(shell), null, null, 0, null, false);
  }

  private static StepSpec in(String dir) {
    return new StepSpec(0, "s", 1, null, List.of("true"), null, null, dir, null, 0, null, false);
  }

  @Test
  void textsAreSubstituted() {
    assertThat(launch(argv("echo", "${NAME}"), Map.of("NAME", "Ada")).argv())
        .containsExactly("echo", "Ada");
    assertThat(launch(script("echo {{.NAME}} ${OTHER}"), Map.of("NAME", "Ada")).script())
        .isEqualTo("echo Ada ${OTHER}");
  }

  @Test
  void aScriptHasAnInterpreter() {
    String file = SCRIPT.toString();
    assertThat(launch(script("echo"), Map.of()).argv()).containsExactly("/bin/sh", file);
    assertThat(launch(script("echo", "bash", "-e"), Map.of()).argv())
        .containsExactly("bash", "-e", file);
    assertThat(launch(script("#!/usr/bin/env -S python3 -u\nx"), Map.of()).argv())
        .containsExactly("/usr/bin/env", "-S python3 -u", file);
  }

  @Test
  void theEnvironmentHoldsWhatIsSaidAndNothingElseOfTheRunners() {
    StepSpec step =
        new StepSpec(
            0,
            "build",
            2,
            null,
            List.of("true"),
            null,
            null,
            null,
            Map.of("B", "${A}!", "PATH", "/own"),
            0,
            null,
            false);

    Map<String, String> environment =
        launch(step, Map.of("A", "1", "not-a-name", "x")).environment();

    assertThat(environment)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "PATH", "/own",
                "HOME", "/home/x",
                "A", "1",
                "B", "1!",
                "GANTRY_EXECUTION_ID", EXECUTION.toString(),
                "GANTRY_STEP", "build",
                "GANTRY_ATTEMPT", "2"));
  }

  @Test
  void aVariableThatNoProgramCouldGetIsLeftOutAndTold() {
    Launch launch =
        launch(argv("true"), Map.of("BIG", "x".repeat(200_000), "NUL", "a\0b", "OK", "1"));

    assertThat(launch.environment()).containsKey("OK").doesNotContainKeys("BIG", "NUL");
    assertThat(launch.notes())
        .containsExactly(
            "variable BIG is left out of the environment: too long",
            "variable NUL is left out of the environment: it holds a NUL");
  }

  @Test
  void anImageIsNamedAsIgnored() {
    StepSpec step =
        new StepSpec(0, "s", 1, "alpine", List.of("x"), null, null, null, null, 0, null, false);

    assertThat(launch(step, Map.of()).notes())
        .containsExactly("image alpine ignored: the local backend runs host processes");
  }

  @Test
  void aRelativeDirStaysBelowTheWorkDirectory() {
    assertThat(launch(in(null), Map.of()).directory().path()).isEqualTo(WORK);
    assertThat(launch(in("a/${X}"), Map.of("X", "b")).directory().path())
        .isEqualTo(WORK.resolve("a/b"));
    assertThat(launch(in("/opt"), Map.of()).directory().own()).isFalse();
    assertThatThrownBy(() -> launch(in("../../other"), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leads out");
  }

  @Test
  void aStepWithoutAProgramIsRefused() {
    assertThatThrownBy(() -> launch(argv(), Map.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatNeedsContainersIsRefusedByItsName() {
    ContainerSpec wanted =
        new ContainerSpec(
            List.of(new ContainerSpec.File("a", "x")),
            null,
            null,
            new ContainerSpec.Repository("https://example.com/a", null, null));
    StepSpec plain = argv("true");
    StepSpec step =
        new StepSpec(
            plain.index(),
            plain.name(),
            plain.attempt(),
            plain.image(),
            plain.argv(),
            null,
            null,
            null,
            null,
            null,
            null,
            false,
            null,
            null,
            0,
            null,
            0,
            false,
            false,
            wanted);
    assertThatThrownBy(() -> launch(step, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "the tool asks for with_files, with_git_repo, which needs containers");
  }
}
