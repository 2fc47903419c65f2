package dev.gantry.runners;

import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import dev.gantry.messaging.TopicCatalog;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.UUID;

/**
 * Whom a runner's name belongs to. The commands of a runner are one topic for the whole
 * installation, so that no two organizations may have runners of one name; and a name that a
 * process of the installation serves already is not given to any. Event loop, never blocks.
 */
@ApplicationScoped
class RunnerNames {
  private static final String CLAIM =
      """
      insert into runner_names (name, organization_id)
      select :name, :organization
      where not :served or exists (select from runner_names where name = :name)
      on conflict (name) do update set name = excluded.name
      where runner_names.organization_id = excluded.organization_id
      """;

  private final TopicCatalog catalog;

  RunnerNames(TopicCatalog catalog) {
    this.catalog = catalog;
  }

  /** Whether there are commands of this name, whoever may write them. */
  Uni<Boolean> isServed(String name) {
    return catalog.hasRunner(name);
  }

  /**
   * Takes the name for the organization, in the session's transaction; fails with 409 when it
   * belongs to another one or to the installation, and does not say to whom.
   */
  Uni<Void> claim(String name, UUID organization, boolean served) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(CLAIM)
                    .setParameter("name", name)
                    .setParameter("organization", organization)
                    .setParameter("served", served)
                    .executeUpdate())
        .invoke(
            claimed -> {
              if (claimed == 0) {
                throw new ApiException(
                    ErrorCode.CONFLICT,
                    "There is a runner with this name already; choose another",
                    Map.of("field", "name", "error", "is taken"));
              }
            })
        .replaceWithVoid();
  }
}
