package dev.gantry.apikeys;

import dev.gantry.http.ApiKeys;
import dev.gantry.http.Caller.Role;
import dev.gantry.resources.ResourceStore;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/**
 * Issues the tokens that runners enrol with: keys of the role {@code RUNNER}, each bound to one
 * runner of an organization. Event loop, on the caller's context; never blocks.
 */
@ApplicationScoped
public class KeyIssuer {
  private static final String OF_RUNNER = "organizationId = ?1 and runner = ?2";

  private final ResourceStore store;
  private final ApiKeys known;

  KeyIssuer(ResourceStore store, ApiKeys known) {
    this.store = store;
    this.known = known;
  }

  /**
   * A new token for the runner; those before it are revoked, in the transaction that the caller has
   * begun, or in one of its own.
   *
   * @return the token, which nobody can read again
   */
  public Uni<String> issueToRunner(UUID organization, String runner) {
    KeyText text = KeyText.forRunners();
    ApiKey key = new ApiKey();
    key.name = "runner " + runner;
    key.role = Role.RUNNER;
    key.runner = runner;
    key.keyHash = text.hash();
    return Panache.withTransaction(
        () ->
            revokeOfRunner(organization, runner)
                .chain(() -> store.create(key, organization))
                .replaceWith(text.text()));
  }

  /** Revokes all tokens of the runner, in the caller's transaction or in one of its own. */
  public Uni<Void> revokeOfRunner(UUID organization, String runner) {
    return Panache.withTransaction(
        () ->
            ApiKey.<ApiKey>list(OF_RUNNER, organization, runner)
                .invoke(this::forget)
                .chain(() -> ApiKey.delete(OF_RUNNER, organization, runner))
                .replaceWithVoid());
  }

  private void forget(List<ApiKey> keys) {
    keys.forEach(key -> known.revoked(key.id));
  }
}
