package dev.gantry.integrations;

import dev.gantry.platform.Ids;
import dev.gantry.resources.Fields;
import dev.gantry.resources.References;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Finds integrations by name or id for those who use them; {@value #IN_CLUSTER} is there without
 * being made. Event loop, on the caller's context; never blocks.
 */
@ApplicationScoped
public class IntegrationSettings implements References {
  /** The cluster that the step runs in. */
  static final String IN_CLUSTER = "kubernetes/incluster";

  private static final String NAMED =
      "from Integration where organizationId = ?1 and (name in ?2 or id in ?3)";

  @Override
  public String kind() {
    return "integration";
  }

  @Override
  public Uni<Set<String>> missing(UUID organization, Collection<String> named) {
    return find(organization, named)
        .map(
            found -> {
              Set<String> missing = new HashSet<>(named);
              missing.removeAll(found.keySet());
              missing.remove(IN_CLUSTER);
              return missing;
            });
  }

  /**
   * What they give to a step.
   *
   * @return fails with {@link UnusableIntegrationException} for one that is not there or inactive
   */
  public Uni<IntegrationVariables> of(UUID organization, List<String> named) {
    if (named.isEmpty()) {
      return Uni.createFrom().item(IntegrationVariables.of(List.of(), false));
    }
    return find(organization, named)
        .map(
            found -> {
              List<Integration> usable =
                  named.stream()
                      .filter(name -> !name.equals(IN_CLUSTER))
                      .map(name -> usable(name, found.get(name)))
                      .toList();
              return IntegrationVariables.of(usable, named.contains(IN_CLUSTER));
            });
  }

  private static Integration usable(String name, Integration found) {
    if (found == null) {
      throw new UnusableIntegrationException("no integration '" + name + "'");
    }
    if (!found.status.equals(Integration.ACTIVE)) {
      throw new UnusableIntegrationException("the integration '" + name + "' is not active");
    }
    return found;
  }

  /** By what each is called in {@code named}; a name wins over an id. */
  private static Uni<Map<String, Integration>> find(UUID organization, Collection<String> named) {
    List<String> names = named.stream().filter(Fields::isLine).toList();
    List<UUID> ids = named.stream().flatMap(name -> Ids.parse("", name).stream()).toList();
    return Panache.withSession(
            () ->
                Panache.getSession()
                    .chain(
                        session ->
                            session
                                .createSelectionQuery(NAMED, Integration.class)
                                .setParameter(1, organization)
                                .setParameter(2, names)
                                .setParameter(3, ids)
                                .getResultList()))
        .map(
            rows -> {
              Map<String, Integration> found = new HashMap<>();
              rows.forEach(row -> found.put(row.publicId(), row));
              rows.forEach(row -> found.put(row.name, row));
              return found;
            });
  }
}
