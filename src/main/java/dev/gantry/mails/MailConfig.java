package dev.gantry.mails;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The installation's mail server, which workflows use that name none. */
@ConfigMapping(prefix = "gantry.mail")
interface MailConfig {
  /** Without it, workflows have to name a server. */
  Optional<String> host();

  @WithDefault("587")
  int port();

  Optional<String> username();

  Optional<String> password();

  /** Who mails are from that do not say it. */
  @WithDefault("gantry@localhost")
  String from();

  /** {@code optional}, {@code required}, {@code implicit} (as on port 465) or {@code none}. */
  @WithDefault("optional")
  Tls tls();

  /** How the connection is protected. */
  enum Tls {
    OPTIONAL,
    REQUIRED,
    IMPLICIT,
    NONE
  }
}
