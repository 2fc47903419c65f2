package dev.gantry.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunnerNameTest {
  private static final Path HERE = Path.of("/srv/runner");

  @Test
  void aNameByItselfHasTheDirectoryForItself() {
    assertThat(RunnerName.of(List.of("north")).get(0).within(HERE)).isEqualTo(HERE);
  }

  @Test
  void severalHaveADirectoryEach() {
    assertThat(RunnerName.of(List.of("north", "south")))
        .extracting(name -> name.within(HERE))
        .containsExactly(HERE.resolve("north"), HERE.resolve("south"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "a/b", " b", "", "-x"})
  void whatIsNoNameStopsTheStart(String name) {
    assertThatThrownBy(() -> RunnerName.of(List.of("north", name)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("gantry.runner.name")
        .hasMessageContaining("'" + name + "'");
  }

  @Test
  void aNameThatIsThereTwiceStopsTheStart() {
    assertThatThrownBy(() -> RunnerName.of(List.of("north", "north")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("twice");
  }
}
