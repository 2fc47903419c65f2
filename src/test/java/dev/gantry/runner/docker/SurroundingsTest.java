package dev.gantry.runner.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.executions.protocol.ContainerSpec;
import dev.gantry.executions.protocol.ContainerSpec.File;
import dev.gantry.executions.protocol.ContainerSpec.Repository;
import dev.gantry.executions.protocol.ContainerSpec.Service;
import dev.gantry.executions.protocol.ContainerSpec.Volume;
import dev.gantry.executions.protocol.StepGrants;
import dev.gantry.executions.protocol.StepSpec;
import dev.gantry.executions.protocol.WorkFiles;
import dev.gantry.runner.AttemptRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SurroundingsTest {
  private static Surroundings of(ContainerSpec container, String... artifacts) {
    StepSpec step =
        new StepSpec(
            0,
            "s",
            1,
            null,
            List.of("true"),
            null,
            null,
            null,
            null,
            null,
            List.of(artifacts),
            false,
            null,
            null,
            0,
            null,
            0,
            false,
            true,
            container);
    AttemptRequest request =
        new AttemptRequest(
            UUID.randomUUID(),
            step,
            Map.of("X", "x"),
            new StepGrants(Map.of("TOKEN", "canary"), List.of("TOKEN"), false),
            WorkFiles.NONE,
            0,
            AttemptRequest.Behind.NOTHING);
    return Surroundings.of(request, Map.of("GIT_TOKEN", "canary"));
  }

  private static ContainerSpec file(String place) {
    return new ContainerSpec(List.of(new File(place, "y")), null, null, null);
  }

  private static ContainerSpec repository(String dir) {
    return new ContainerSpec(
        null, null, null, new Repository("https://example.com/a/b.git", null, dir));
  }

  @Test
  void textsAreFilledAndHomeIsTmp() {
    ContainerSpec spec =
        new ContainerSpec(
            List.of(new File("~/.rc", "${X} ${TOKEN}")),
            List.of(new Volume("data", "in/${X}")),
            List.of(new Service("db", " db:${X} ", Map.of("A", "${TOKEN}"), List.of("${X}"), null)),
            null);
    Surroundings around = of(spec);
    assertThat(around.files()).containsExactly(Map.entry(Path.of("/tmp/.rc"), "x canary"));
    assertThat(around.volumes()).containsExactly(Map.entry(Path.of("/work/in/x"), "data"));
    assertThat(around.services())
        .containsExactly(new Service("db", "db:x", Map.of("A", "canary"), List.of("x"), List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/proc/x",
        "/gantry/script",
        "/work",
        "/tmp",
        "~/..",
        "../x",
        "/etc/a:rw",
        "a:/etc"
      })
  void nothingTakesWhatIsNotItsOrEndsAPathAtTheDaemon(String place) {
    assertThatThrownBy(() -> of(file(place))).isInstanceOf(IllegalArgumentException.class);
    ContainerSpec volume = new ContainerSpec(null, List.of(new Volume("v", place)), null, null);
    assertThatThrownBy(() -> of(volume)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void twoThingsInOnePlaceAreRefused() {
    ContainerSpec spec =
        new ContainerSpec(
            List.of(new File("/data", "y")), List.of(new Volume("v", "/data")), null, null);
    assertThatThrownBy(() -> of(spec)).hasMessage("two things are to be at /data");
  }

  @Test
  void aRepositoryIsClonedWithItsTokenInNeitherAddressNorCommand() {
    Surroundings around = of(repository(null));
    assertThat(around.repository().target()).isEqualTo(Path.of("/work/b"));
    assertThat(around.repository().command().toString()).doesNotContain("canary");
    assertThat(around.repository().environment()).containsEntry("HOME", "/tmp");
    assertThatThrownBy(() -> of(repository("a:b"))).hasMessageContaining("colon");
    assertThatThrownBy(() -> of(repository("../b"))).hasMessageContaining("leads out");
  }

  @Test
  void aRepositoryThatIsTheWholeWorkDirectoryLeavesNoRoomForArtifacts() {
    assertThat(of(repository(".")).repository().target()).isEqualTo(Path.of("/work"));
    assertThatThrownBy(() -> of(repository("."), "out/*"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("with_git_repo");
  }
}
