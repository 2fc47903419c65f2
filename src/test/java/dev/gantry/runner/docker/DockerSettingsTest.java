package dev.gantry.runner.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerSettingsTest {
  private static DockerSettings settings(String network, long memory, double cpus, long pids) {
    return settings(network, Set.of(), memory, cpus, pids);
  }

  private static DockerSettings settings(
      String network, Set<String> volumes, long memory, double cpus, long pids) {
    return new DockerSettings(
        "r", "i", "g", null, network, volumes, memory, cpus, pids, true, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc", "..", "a/b", "a:ro", "A", ""})
  void aVolumeIsNoPathOfTheHost(String volume) {
    assertThatThrownBy(() -> settings("bridge", Set.of(volume), 0, 0, 0))
        .hasMessageContaining("gantry.runner.docker.volumes")
        .hasMessageContaining("'" + volume + "'");
  }

  @Test
  void noContainerHasRights() {
    HostConfig host = settings("bridge", 0, 0, 0).host(List.of());
    assertThat(host.getPrivileged()).isFalse();
    assertThat(host.getCapDrop()).containsExactly(Capability.ALL);
    assertThat(host.getCapAdd()).isNull();
    assertThat(host.getSecurityOpts()).containsExactly("no-new-privileges");
    assertThat(host.getNetworkMode()).isEqualTo("bridge");
    assertThat(host.getMemory()).isNull();
    assertThat(host.getNanoCPUs()).isNull();
    assertThat(host.getPidsLimit()).isNull();
  }

  @Test
  void limitsAreTheDaemons() {
    HostConfig host = settings("bridge", 1 << 20, 1.5, 7).host(List.of());
    assertThat(host.getMemory()).isEqualTo(1 << 20).isEqualTo(host.getMemorySwap());
    assertThat(host.getNanoCPUs()).isEqualTo(1_500_000_000L);
    assertThat(host.getPidsLimit()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "container:other"})
  void noNetworkIsSharedWithTheHostOrAnother(String network) {
    assertThatThrownBy(() -> settings(network, 0, 0, 0))
        .hasMessageContaining("gantry.runner.docker.network")
        .hasMessageContaining(network);
  }

  @Test
  void aLimitBelowNothingIsRefused() {
    assertThatThrownBy(() -> settings("bridge", 0, -1, 0)).hasMessageContaining("0 is no limit");
  }
}
