package dev.gantry.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What one setting makes of the reactive client's. */
class DatabaseTlsTest {
  private static final String CLIENT = "quarkus.datasource.reactive.";

  private static SmallRyeConfig with(Map<String, String> settings) {
    return new SmallRyeConfigBuilder()
        .withDefaultValues(settings)
        .withSources(new DatabaseTlsConfigSourceFactory())
        .build();
  }

  @Test
  void aFileOfCertificatesDemandsTlsAndVerifiesTheServer() {
    SmallRyeConfig config = with(Map.of("gantry.database.ca-file", "/etc/ca.crt"));

    assertThat(config.getValue(CLIENT + "postgresql.ssl-mode", String.class))
        .isEqualTo("verify-full");
    assertThat(config.getValue(CLIENT + "hostname-verification-algorithm", String.class))
        .isEqualTo("HTTPS");
    assertThat(config.getValue(CLIENT + "trust-certificate-pem", Boolean.class)).isTrue();
    assertThat(config.getValue(CLIENT + "trust-certificate-pem.certs", String.class))
        .isEqualTo("/etc/ca.crt");
  }

  @Test
  void withoutOneNothingIsSaid() {
    assertThat(with(Map.of("gantry.database.ca-file", " ")).getPropertyNames())
        .noneMatch(name -> name.startsWith(CLIENT));
    assertThat(with(Map.of()).getPropertyNames()).noneMatch(name -> name.startsWith(CLIENT));
  }
}
