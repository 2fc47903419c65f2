package dev.gantry.models;

import dev.gantry.database.SessionContext;
import dev.gantry.http.ApiException;
import dev.gantry.network.AddressPolicy;
import dev.gantry.secrets.SecretValues;
import dev.gantry.secrets.UnusableSecretsException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds where a model is asked and with what key. What the operator has named may be anywhere; what
 * comes from an organization's secret is judged as all that callers name. Never blocks.
 */
@ApplicationScoped
class Accesses {
  private final Values secrets;
  private final AddressPolicy network;

  /** Reads secrets of an organization by their names, all or none. */
  @FunctionalInterface
  interface Values {
    Uni<Map<String, String>> of(UUID organization, Set<String> names);
  }

  @Inject
  Accesses(Vertx vertx, SecretValues secrets, AddressPolicy network) {
    this(
        (organization, names) ->
            SessionContext.within(vertx, () -> secrets.reveal(organization, names)),
        network);
  }

  Accesses(Values secrets, AddressPolicy network) {
    this.secrets = secrets;
    this.network = network;
  }

  /** Fails with an {@link ApiException} when the organization lacks a secret that it needs. */
  Uni<Access> of(UUID organization, ConfiguredModel model) {
    Set<String> names =
        Stream.of(
                Optional.ofNullable(model.keySecret()), Optional.ofNullable(model.baseUrlSecret()))
            .flatMap(Optional::stream)
            .collect(Collectors.toSet());
    Uni<Map<String, String>> values =
        names.isEmpty() ? Uni.createFrom().item(Map.of()) : secrets.of(organization, names);
    return values
        .onFailure(UnusableSecretsException.class)
        .transform(failure -> unusable(model, failure.getMessage()))
        .map(found -> access(model, found));
  }

  private Access access(ConfiguredModel model, Map<String, String> values) {
    String key = model.keySecret() == null ? model.key() : values.get(model.keySecret());
    if (model.baseUrlSecret() == null) {
      return new Access(model.baseUrl(), key, network.exempting(model.baseUrl().getHost()));
    }
    URI theirs =
        BaseUrls.read(values.get(model.baseUrlSecret()))
            .orElseThrow(
                () ->
                    unusable(
                        model,
                        "the secret '%s' holds no URL as https://models.example.com/v1"
                            .formatted(model.baseUrlSecret())));
    return new Access(theirs, key, network);
  }

  private static ApiException unusable(ConfiguredModel model, String why) {
    return ApiException.invalid(
        Catalog.FIELD, "the model '%s' cannot be asked: %s".formatted(model.name(), why));
  }
}
