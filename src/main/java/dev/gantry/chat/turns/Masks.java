package dev.gantry.chat.turns;

import dev.gantry.chat.turns.Entry.Asked;
import dev.gantry.chat.turns.Entry.Document;
import dev.gantry.database.SessionContext;
import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import dev.gantry.runner.masking.Mask;
import dev.gantry.secrets.SecretValues;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Hides in what is said to an agent the values of its secrets, as runners hide them in what its
 * tools print. Those of the agent alone: of any other, whoever may chat could try out values. Any
 * thread, never blocks.
 */
@ApplicationScoped
public class Masks {
  private static final int UNAVAILABLE = 503;

  private final Vertx vertx;
  private final SecretValues secrets;

  Masks(Vertx vertx, SecretValues secrets) {
    this.vertx = vertx;
    this.secrets = secrets;
  }

  /**
   * Fails with 503 when one of the secrets cannot be read: what it is would show.
   *
   * @param names of the agent's secrets; one that is gone hides nothing
   */
  Uni<Mask> of(UUID organization, Collection<String> names) {
    return names.isEmpty()
        ? Uni.createFrom().item(Mask.NONE)
        : SessionContext.within(vertx, () -> secrets.revealKnown(organization, Set.copyOf(names)))
            .map(values -> Mask.of(values.values()))
            .onFailure(IllegalStateException.class)
            .transform(
                unreadable ->
                    new ApiException(
                        ErrorCode.INTERNAL_ERROR,
                        UNAVAILABLE,
                        "The agent's secrets cannot be hidden: " + unreadable.getMessage(),
                        Map.of()));
  }

  /** What was asked, as it may be kept. */
  public Uni<Asked> masked(UUID organization, Collection<String> names, Asked asked) {
    return of(organization, names).map(mask -> masked(mask, asked));
  }

  private static Asked masked(Mask mask, Asked asked) {
    return new Asked(
        mask.apply(asked.message()),
        asked.documents().stream()
            .map(each -> new Document(mask.apply(each.name()), mask.apply(each.content())))
            .toList());
  }
}
