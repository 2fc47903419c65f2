package dev.gantry.secrets;

import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The keys of this process, read once at its start, so that a wrong file is found before the first
 * secret is. The embedded installation makes its own file. Any thread.
 */
@Startup
@ApplicationScoped
class SecretKeys {
  private static final String SETTING = "gantry.secrets.key-file";
  private static final int UNAVAILABLE = 503;

  private final Optional<SecretCipher> cipher;

  SecretKeys(
      SecretsConfig config,
      @ConfigProperty(name = "gantry.embedded", defaultValue = "false") boolean embedded)
      throws IOException, GeneralSecurityException {
    cipher =
        config.keyFile().isEmpty()
            ? Optional.empty()
            : Optional.of(open(config.keyFile().get(), embedded));
  }

  private static SecretCipher open(Path file, boolean embedded)
      throws IOException, GeneralSecurityException {
    if (embedded && !Files.exists(file)) {
      KeyFile.create(file);
    }
    return new SecretCipher(KeyFile.read(file));
  }

  /** Fails with 503, naming the setting, when this process has no keys. */
  SecretCipher cipher() {
    return cipher.orElseThrow(
        () ->
            new ApiException(
                ErrorCode.INTERNAL_ERROR,
                UNAVAILABLE,
                "This installation keeps no secrets: "
                    + SETTING
                    + " must name a file with its keys",
                Map.of("setting", SETTING, "error", "is not set")));
  }
}
