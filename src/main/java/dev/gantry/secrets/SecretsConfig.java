package dev.gantry.secrets;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Where the keys of secrets are. */
@ConfigMapping(prefix = "gantry.secrets")
interface SecretsConfig {
  /** A Tink keyset in JSON; without it there are no secrets. */
  Optional<Path> keyFile();
}
