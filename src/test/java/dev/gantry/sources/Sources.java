package dev.gantry.sources;

import dev.gantry.http.ApiException;
import dev.gantry.network.AddressPolicy;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;

/** Settings, repositories and errors as the tests of this room need them. */
final class Sources {
  private Sources() {}

  static SourceConfig config(Map<String, String> settings) {
    return new SmallRyeConfigBuilder()
        .withMapping(SourceConfig.class)
        .withConverter(Duration.class, 200, new DurationConverter())
        .withSources(new PropertiesConfigSource(settings, "test", 100))
        .build()
        .getConfigMapping(SourceConfig.class);
  }

  /** A policy for which the tests' own machine is no private one. */
  static AddressPolicy loopback() {
    return AddressPolicy.of(List.of("127.0.0.0/8", "::1"), InetAddress::getAllByName);
  }

  static GitRepository repository(SourceConfig config, AddressPolicy network) {
    return new GitRepository(config, new GitConnections(config, network));
  }

  /** What a fetch's caller is told. */
  static String error(Runnable fetch) {
    return (String) refusal(fetch).details().get("error");
  }

  static ApiException refusal(Runnable fetch) {
    try {
      fetch.run();
    } catch (ApiException e) {
      Assertions.assertThat(e.details()).containsEntry("field", "source");
      return e;
    }
    throw new AssertionError("it was fetched");
  }
}
