package dev.gantry.database;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Derives the settings of the reactive client from {@code gantry.database.ca-file}: the server must
 * speak TLS, and show a certificate for its name that these have signed. {@link Migrations} does
 * the same for its connection.
 */
public final class DatabaseTlsConfigSourceFactory implements ConfigSourceFactory {
  /** Names a file of certificates in PEM. */
  private static final String CA_FILE = "gantry.database.ca-file";

  private static final String CLIENT = "quarkus.datasource.reactive.";

  /** Above application.properties (250), below the environment (300). */
  private static final int ORDINAL = 275;

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    ConfigValue file = context.getValue(CA_FILE);
    return file.getValue() == null || file.getValue().isBlank()
        ? List.of()
        : List.of(new PropertiesConfigSource(verified(file.getValue()), CA_FILE, ORDINAL));
  }

  private static Map<String, String> verified(String file) {
    return Map.of(
        CLIENT + "postgresql.ssl-mode", "verify-full",
        CLIENT + "hostname-verification-algorithm", "HTTPS",
        CLIENT + "trust-certificate-pem", "true",
        CLIENT + "trust-certificate-pem.certs", file);
  }
}
