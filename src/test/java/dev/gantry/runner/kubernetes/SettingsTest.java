package dev.gantry.runner.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.runner.RunnerConfig;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  /** As an operator sets them, by their names behind {@code gantry.runner.kubernetes}. */
  static KubernetesSettings settings(Map<String, String> set) {
    Map<String, String> all = new HashMap<>();
    set.forEach((name, value) -> all.put("gantry.runner.kubernetes." + name, value));
    all.put("user.home", "/home/x");
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withMapping(RunnerConfig.class)
            .withSources(new PropertiesConfigSource(all, "test", 500))
            .build();
    return KubernetesSettings.of(config.getConfigMapping(RunnerConfig.class).kubernetes(), "steps");
  }

  @Test
  void hasSensibleDefaults() {
    KubernetesSettings settings = settings(Map.of());
    assertThat(settings.security()).isEqualTo(PodSecurity.RESTRICTED);
    assertThat(settings.image()).isEqualTo("busybox:1.36");
    assertThat(settings.pullPolicy()).isNull();
    assertThat(settings.serviceAccount()).isNull();
    assertThat(settings.volumeClaims()).isEmpty();
    assertThat(settings.ttl()).isEqualTo(Duration.ofHours(1));
    assertThat(settings.resources().getRequests())
        .containsOnlyKeys("cpu", "memory", "ephemeral-storage");
    assertThat(settings.resources().getLimits())
        .containsEntry("memory", new Quantity("2Gi"))
        .containsOnlyKeys("cpu", "memory", "ephemeral-storage");
  }

  @Test
  void takesWhatIsSet() {
    KubernetesSettings settings =
        settings(
            Map.of(
                "security", "baseline",
                "image-pull-policy", "Always",
                "image-pull-secrets", "registry,other",
                "node-selector", "kubernetes.io/arch=arm64,pool=steps",
                "tolerations", "gpu,spot=true,only=steps:NoSchedule",
                "limits", "memory=1Gi",
                "volume-claims", "cache"));
    assertThat(settings.security()).isEqualTo(PodSecurity.BASELINE);
    assertThat(settings.pullPolicy()).isEqualTo("Always");
    assertThat(settings.pullSecrets()).containsExactly("registry", "other");
    assertThat(settings.nodeSelector())
        .isEqualTo(Map.of("kubernetes.io/arch", "arm64", "pool", "steps"));
    assertThat(settings.tolerations())
        .containsExactly(
            new Toleration(null, "gpu", "Exists", null, null),
            new Toleration(null, "spot", "Equal", null, "true"),
            new Toleration("NoSchedule", "only", "Equal", null, "steps"));
    assertThat(settings.resources().getLimits()).containsOnlyKeys("memory");
    assertThat(settings.volumeClaims()).containsExactly("cache");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "security | privileged | security must be restricted or baseline",
        "image-pull-policy | always | image-pull-policy must be one of Always, IfNotPresent, Never",
        "node-selector | arm64 | node-selector must be a list of name=value",
        "tolerations | a=b:Never | tolerations must be a list of key",
        "limits | gpu=1 | limits knows cpu, memory and ephemeral-storage",
        "limits | memory=much | limits holds what is no amount",
        "requests | cpu=-1 | requests holds a negative amount"
      })
  void saysWhichSettingIsNotRight(String name, String value, String message) {
    assertThatThrownBy(() -> settings(Map.of(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("gantry.runner.kubernetes." + message);
  }
}
