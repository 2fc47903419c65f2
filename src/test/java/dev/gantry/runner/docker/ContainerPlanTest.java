package dev.gantry.runner.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.executions.protocol.WorkFiles;
import dev.gantry.runner.AttemptRequest;
import dev.gantry.runner.disk.WorkDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerPlanTest {
  private static final UUID EXECUTION = UUID.fromString("01a2124b-5615-7071-a041-0aed86dd8dfb");
  @TempDir private Path directory;

  private ContainerPlan plan(StepSpec step, Map<String, String> variables, StepGrants grants) {
    return ContainerPlan.of(
        new AttemptRequest(
            EXECUTION, step, variables, grants, WorkFiles.NONE, 0, AttemptRequest.Behind.NOTHING),
        "default:1",
        Map.of(ContainerPlan.LEDGER, "ours"),
        new WorkDirectory(directory.resolve("work")));
  }

  private static StepSpec step(String image, List<String> argv, String script, String dir) {
    return new StepSpec(7, "s", 2, image, argv, script, null, dir, null, 0, null, false);
  }

  private ContainerPlan plan(StepSpec step) {
    return plan(step, Map.of("X", "x"), StepGrants.NONE);
  }

  @Test
  void itsNameAndLabelsAreTheAttempts() {
    ContainerPlan plan = plan(step(null, List.of("true"), null, null));
    assertThat(plan.name()).isEqualTo("gantry-01a2124b56157071a0410aed86dd8dfb-7-2");
    assertThat(plan.labels())
        .containsOnly(
            Map.entry("dev.gantry.execution", EXECUTION.toString()),
            Map.entry("dev.gantry.step", "7"),
            Map.entry("dev.gantry.attempt", "2"),
            Map.entry("dev.gantry.ledger", "ours"));
  }

  @Test
  void theImageIsTheStepsOrTheRunners() {
    assertThat(plan(step(null, List.of("true"), null, null)).image()).isEqualTo("default:1");
    assertThat(plan(step("alpine:${X}", List.of("true"), null, null)).image())
        .isEqualTo("alpine:x");
  }

  @Test
  void anImageRunsWhatItHasWhenTheStepNamesNothing() {
    assertThat(plan(step("alpine", null, null, null)).argv()).isEmpty();
    assertThatThrownBy(() -> plan(step(null, null, null, null)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theScriptIsAFileOfTheContainer() {
    ContainerPlan plan = plan(step(null, null, "#!/bin/bash -e\necho ${X}", null));
    assertThat(plan.argv()).containsExactly("/bin/bash", "-e", "/gantry/script");
    assertThat(plan.script()).isEqualTo("#!/bin/bash -e\necho x");
  }

  @Test
  void grantsAreVariablesAndNothingElse() {
    StepGrants grants = new StepGrants(Map.of("TOKEN", "canary"), List.of("TOKEN"), false);
    ContainerPlan plan = plan(step(null, List.of("env"), null, null), Map.of(), grants);
    assertThat(plan.environment()).containsEntry("TOKEN", "canary").containsEntry("HOME", "/tmp");
    assertThat(plan.name() + plan.labels() + plan.argv() + plan.notes()).doesNotContain("canary");
    assertThat(plan.environment()).doesNotContainKey("PATH");
  }

  @Test
  void itRunsInTheWorkDirectoryOrBelowOrSomewhereInItsImage() throws IOException {
    assertThat(plan(step(null, List.of("x"), null, null)).directory().path())
        .isEqualTo(Path.of("/work"));
    ContainerDirectory below = plan(step(null, List.of("x"), null, "a/${X}")).directory();
    assertThat(below.path()).isEqualTo(Path.of("/work/a/x"));
    below.prepare();
    assertThat(directory.resolve("work/a/x")).isDirectory();
    ContainerDirectory elsewhere = plan(step(null, List.of("x"), null, "/opt")).directory();
    assertThat(elsewhere.path()).isEqualTo(Path.of("/opt"));
    assertThatThrownBy(() -> elsewhere.keep("out", written()))
        .hasMessageContaining("gone with the container");
    assertThatThrownBy(() -> plan(step(null, List.of("x"), null, "../up")))
        .hasMessageContaining("leads out of");
  }

  @Test
  void noLinkOfTheProgramsIsFollowedOutOfTheWorkDirectory() throws IOException {
    ContainerDirectory work = plan(step(null, List.of("x"), null, null)).directory();
    work.prepare();
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.createSymbolicLink(directory.resolve("work/link"), outside);
    Files.createSymbolicLink(directory.resolve("work/file"), outside.resolve("file"));

    for (String file :
        List.of("link/stolen", "link", "file", "../outside/stolen", "/work/link/x")) {
      assertThatThrownBy(() -> work.keep(file, written()))
          .as(file)
          .isInstanceOf(IllegalArgumentException.class);
    }
    ContainerDirectory away = plan(step(null, List.of("x"), null, "link/made")).directory();
    assertThatThrownBy(away::prepare).isInstanceOf(IllegalArgumentException.class);
    assertThat(outside).isEmptyDirectory();
    work.keep("inside/kept", written());
    assertThat(directory.resolve("work/inside/kept")).hasContent("written");
  }

  private File written() throws IOException {
    return Files.writeString(directory.resolve("written"), "written").toFile();
  }
}
