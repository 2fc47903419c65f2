package dev.gantry.secrets;

import dev.gantry.resources.Fields;
import dev.gantry.resources.References;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Which secrets there are; one that has expired still exists. */
@ApplicationScoped
class SecretReferences implements References {
  private static final String THERE_ARE =
      "select name from secrets where organization_id = :organization and name = any(:names)";

  @Override
  public String kind() {
    return "secret";
  }

  @Override
  public Uni<Set<String>> missing(UUID organization, Collection<String> named) {
    // What cannot be a secret's name may not even be text to the database.
    String[] names = named.stream().filter(Fields::isVariable).toArray(String[]::new);
    if (names.length == 0) {
      return Uni.createFrom().item(Set.copyOf(named));
    }
    return Panache.withSession(
        () ->
            Panache.getSession()
                .chain(
                    session ->
                        session
                            .createNativeQuery(THERE_ARE, String.class)
                            .setParameter("organization", organization)
                            .setParameter("names", names)
                            .getResultList())
                .map(
                    found -> {
                      Set<String> missing = new HashSet<>(named);
                      found.forEach(missing::remove);
                      return missing;
                    }));
  }
}
