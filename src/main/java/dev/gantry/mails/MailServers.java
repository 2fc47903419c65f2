package dev.gantry.mails;

import dev.gantry.database.SessionContext;
import dev.gantry.executions.ResultMail;
import dev.gantry.http.Actor;
import dev.gantry.mails.MailConfig.Tls;
import dev.gantry.network.AddressPolicy;
import dev.gantry.secrets.SecretValues;
import dev.gantry.workflows.MailSettings.Server;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.StartTLSOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which server a mail goes to, and how it is spoken to: the one that its workflow names, if its
 * address may be connected to, with user and password from the organization's secrets; else the
 * installation's. Never blocks.
 */
@ApplicationScoped
class MailServers {
  private static final int SUBMISSION = 587;
  private static final int SUBMISSION_OVER_TLS = 465;

  private final Vertx vertx;
  private final MailConfig config;
  private final AddressPolicy policy;
  private final SecretValues secrets;

  MailServers(Vertx vertx, MailConfig config, AddressPolicy policy, SecretValues secrets) {
    this.vertx = vertx;
    this.config = config;
    this.policy = policy;
    this.secrets = secrets;
  }

  /** Fails with {@link UnsendableMailException} when there is none that it can go to. */
  Uni<io.vertx.ext.mail.MailConfig> of(ResultMail mail) {
    Server server = mail.server();
    if (server == null) {
      return Uni.createFrom().item(this::own);
    }
    int port = port(server.port());
    Tls tls = port == SUBMISSION_OVER_TLS ? Tls.IMPLICIT : Tls.OPTIONAL;
    return check(server.host())
        .chain(() -> secretsOf(mail))
        .map(
            values ->
                connecting(
                    server.host(),
                    port,
                    tls,
                    either(mail.usernameSecret(), values, server.username()),
                    either(mail.passwordSecret(), values, server.password())));
  }

  private static String either(String secret, Map<String, String> values, String text) {
    return secret == null ? text : values.get(secret);
  }

  private io.vertx.ext.mail.MailConfig own() {
    String host =
        config
            .host()
            .orElseThrow(
                () ->
                    new UnsendableMailException(
                        "there is no mail server: the workflow names none in smtp, and"
                            + " GANTRY_MAIL_HOST is not set"));
    return connecting(
        host,
        config.port(),
        config.tls(),
        config.username().orElse(null),
        config.password().orElse(null));
  }

  private static io.vertx.ext.mail.MailConfig connecting(
      String host, int port, Tls tls, String username, String password) {
    io.vertx.ext.mail.MailConfig connection =
        new io.vertx.ext.mail.MailConfig(host, port)
            .setSsl(tls == Tls.IMPLICIT)
            .setStarttls(
                switch (tls) {
                  case REQUIRED -> StartTLSOptions.REQUIRED;
                  case OPTIONAL -> StartTLSOptions.OPTIONAL;
                  default -> StartTLSOptions.DISABLED;
                })
            .setKeepAlive(false)
            .setLogin(username == null ? LoginOption.DISABLED : LoginOption.REQUIRED);
    return username == null ? connection : connection.setUsername(username).setPassword(password);
  }

  private static int port(String port) {
    try {
      return port == null ? SUBMISSION : Integer.parseInt(port.strip());
    } catch (NumberFormatException e) {
      throw new UnsendableMailException("smtp.port is no number: " + port);
    }
  }

  /** On a worker, since it looks the name up. */
  private Uni<Void> check(String host) {
    return Uni.createFrom()
        .<Void>item(
            () -> {
              try {
                policy.resolve(host);
                return null;
              } catch (UnknownHostException e) {
                throw new UnsendableMailException("the mail server " + host + " is not known");
              }
            })
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
  }

  /** By name. */
  private Uni<Map<String, String>> secretsOf(ResultMail mail) {
    Set<String> names = new HashSet<>();
    for (String name : new String[] {mail.usernameSecret(), mail.passwordSecret()}) {
      if (name != null) {
        names.add(name);
      }
    }
    if (names.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    Actor actor = Actor.system(mail.organization(), "mail of " + mail.execution());
    Map<String, Object> what =
        Map.of("execution_id", mail.execution(), "execution", mail.workflow(), "step", "smtp");
    return SessionContext.within(vertx, () -> secrets.use(actor, names, what));
  }
}
