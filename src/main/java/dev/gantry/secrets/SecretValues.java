package dev.gantry.secrets;

import dev.gantry.audit.AuditEntry;
import dev.gantry.audit.AuditTrail;
import dev.gantry.http.Actor;
import dev.gantry.resources.Fields;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reveals the values of secrets to who starts a step, or has to hide them; no route leads here.
 * Event loop, on the caller's context; never blocks.
 */
@ApplicationScoped
public class SecretValues {
  private static final String STORED =
      "select name, ciphertext, expiresAt from Secret where organizationId = ?1 and name in ?2";

  private final SecretKeys keys;
  private final AuditTrail audit;
  private final Pool pool;

  SecretValues(SecretKeys keys, AuditTrail audit, Pool pool) {
    this.keys = keys;
    this.audit = audit;
    this.pool = pool;
  }

  /** What a value is read with. */
  record Stored(String name, byte[] ciphertext, Instant expiresAt) {
    boolean isExpired(Instant now) {
      return expiresAt != null && !expiresAt.isAfter(now);
    }
  }

  /**
   * The values by name, all or none.
   *
   * @param names few, as one step has them
   * @return fails with {@link UnusableSecretsException} when there is one that the organization
   *     does not have or that has expired
   */
  public Uni<Map<String, String>> reveal(UUID organization, Set<String> names) {
    return reveal(organization, names, stored -> requireUsable(names, stored));
  }

  /**
   * The values of those that there are, to hide them: one that has expired may open something
   * still.
   *
   * @param names few, as one step has them
   */
  public Uni<Map<String, String>> revealKnown(UUID organization, Set<String> names) {
    return reveal(organization, names, stored -> {});
  }

  private Uni<Map<String, String>> reveal(
      UUID organization, Set<String> names, Consumer<Map<String, Stored>> check) {
    if (names.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    SecretCipher cipher = keys.cipher();
    return Panache.withSession(() -> stored(organization, names))
        .map(
            stored -> {
              check.accept(stored);
              Map<String, String> values = new LinkedHashMap<>();
              for (String name : names) {
                if (stored.containsKey(name)) {
                  byte[] ciphertext = stored.get(name).ciphertext;
                  values.put(name, cipher.decrypt(organization, name, ciphertext));
                }
              }
              return values;
            });
  }

  /**
   * The same for somebody who uses them, which the audit trail hears of before the values are
   * answered: a use that cannot be told of is none.
   *
   * @param what they are used for
   */
  public Uni<Map<String, String>> use(Actor actor, Set<String> names, Map<String, Object> what) {
    return reveal(actor.organization(), names)
        .call(
            values ->
                Multi.createFrom()
                    .iterable(values.keySet())
                    .onItem()
                    .transformToUniAndConcatenate(
                        name ->
                            audit.add(
                                pool,
                                new AuditEntry(actor, "secret.use", "secret", name, name, what)))
                    .collect()
                    .asList());
  }

  private static Uni<Map<String, Stored>> stored(UUID organization, Set<String> names) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createSelectionQuery(STORED, Stored.class)
                    .setParameter(1, organization)
                    .setParameter(2, names.stream().filter(Fields::isVariable).toList())
                    .getResultList())
        .map(found -> found.stream().collect(Collectors.toMap(Stored::name, Function.identity())));
  }

  private static void requireUsable(Set<String> names, Map<String, Stored> stored) {
    Instant now = Instant.now();
    List<String> missing = names.stream().filter(name -> !stored.containsKey(name)).toList();
    List<String> expired =
        names.stream()
            .filter(stored::containsKey)
            .filter(n -> stored.get(n).isExpired(now))
            .toList();
    if (!missing.isEmpty() || !expired.isEmpty()) {
      throw new UnusableSecretsException(missing, expired);
    }
  }
}
