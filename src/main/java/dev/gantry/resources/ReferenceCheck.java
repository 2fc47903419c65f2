package dev.gantry.resources;

import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Checks that what a request refers to exists. Event loop, on the caller's context; never blocks.
 */
@ApplicationScoped
public class ReferenceCheck {
  private final List<References> references;

  ReferenceCheck(@All List<References> references) {
    this.references = references;
  }

  /**
   * Adds a fault for each one that the organization does not have.
   *
   * @param kind as {@link References#kind}
   * @param named null, and null in it, is for others to judge
   */
  public Uni<Void> exist(
      UUID organization, String kind, String field, Collection<String> named, Fields fields) {
    if (named == null || named.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Set<String> names = new LinkedHashSet<>(named);
    names.remove(null);
    return missing(organization, kind, names)
        .invoke(
            missing ->
                names.stream()
                    .filter(missing::contains)
                    .forEach(name -> fields.fault(field, "no " + kind + " '" + name + "'")))
        .replaceWithVoid();
  }

  /** Without a room that has this kind, there is nothing of it. */
  private Uni<Set<String>> missing(UUID organization, String kind, Set<String> names) {
    return references.stream()
        .filter(known -> known.kind().equals(kind))
        .findFirst()
        .map(known -> known.missing(organization, names))
        .orElse(Uni.createFrom().item(names));
  }
}
