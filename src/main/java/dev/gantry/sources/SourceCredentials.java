package dev.gantry.sources;

import dev.gantry.database.SessionContext;
import dev.gantry.http.ApiException;
import dev.gantry.integrations.IntegrationSettings;
import dev.gantry.integrations.UnusableIntegrationException;
import dev.gantry.secrets.SecretValues;
import dev.gantry.secrets.UnusableSecretsException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Reads what a source's credentials name: a secret is a token, or a private key for ssh; of an
 * integration it is the secret for a well-known variable, or the only one that it has. Read when
 * they are needed, never kept. Any thread, never blocks.
 */
@ApplicationScoped
class SourceCredentials {
  private static final List<String> TOKENS = List.of("GIT_TOKEN", "GITHUB_TOKEN");
  private static final List<String> KEYS = List.of("SSH_PRIVATE_KEY");
  private static final String PASSPHRASE = "SSH_PASSPHRASE";

  private final Vertx vertx;
  private final SecretValues secrets;
  private final IntegrationSettings integrations;

  SourceCredentials(Vertx vertx, SecretValues secrets, IntegrationSettings integrations) {
    this.vertx = vertx;
    this.secrets = secrets;
    this.integrations = integrations;
  }

  /**
   * @return fails with an {@code ApiException} when they cannot be used
   */
  Uni<GitCredentials> of(UUID organization, Origin.Credentials named, SourceAddress address) {
    if (named == null) {
      return Uni.createFrom().item(GitCredentials.NONE);
    }
    return SessionContext.within(
            vertx,
            () ->
                named.secret() == null
                    ? ofIntegration(organization, named.integration(), address)
                    : ofSecret(organization, named.secret(), address))
        .onFailure(SourceCredentials::isUnusable)
        .transform(failure -> ApiException.invalid("credentials", failure.getMessage()));
  }

  private static boolean isUnusable(Throwable failure) {
    return failure instanceof UnusableSecretsException
        || failure instanceof UnusableIntegrationException;
  }

  private Uni<GitCredentials> ofSecret(UUID organization, String name, SourceAddress address) {
    return secrets
        .reveal(organization, Set.of(name))
        .map(values -> credentials(values.get(name), null, address));
  }

  private Uni<GitCredentials> ofIntegration(UUID organization, String name, SourceAddress address) {
    return integrations
        .of(organization, List.of(name))
        .chain(
            settings -> {
              Map<String, String> named = settings.secrets();
              String main = named.get(variable(name, named, isSsh(address) ? KEYS : TOKENS));
              String phrase = isSsh(address) ? named.get(PASSPHRASE) : null;
              Map<String, String> wanted = new HashMap<>();
              wanted.put(main, main);
              if (phrase != null) {
                wanted.put(phrase, phrase);
              }
              return secrets
                  .reveal(organization, wanted.keySet())
                  .map(
                      values ->
                          credentials(
                              values.get(main),
                              phrase == null ? null : values.get(phrase),
                              address));
            });
  }

  private static String variable(String name, Map<String, String> named, List<String> known) {
    return known.stream()
        .filter(named::containsKey)
        .findFirst()
        .or(() -> named.size() == 1 ? named.keySet().stream().findFirst() : Optional.empty())
        .orElseThrow(
            () ->
                ApiException.invalid(
                    "credentials",
                    "the integration '%s' has no secret for %s"
                        .formatted(name, String.join(" or ", known))));
  }

  private static GitCredentials credentials(String value, String phrase, SourceAddress address) {
    return isSsh(address)
        ? new GitCredentials.Ssh(value, phrase, List.of())
        : GitCredentials.token(value);
  }

  private static boolean isSsh(SourceAddress address) {
    return address.url().startsWith("ssh:") || !address.url().contains("://");
  }
}
