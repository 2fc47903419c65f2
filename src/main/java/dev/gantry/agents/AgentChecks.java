package dev.gantry.agents;

import dev.gantry.http.ApiException;
import dev.gantry.messaging.TopicCatalog;
import dev.gantry.resources.Fields;
import dev.gantry.resources.References;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Checks a request: its fields, and that what it refers to exists. Event loop, on the caller's
 * context; never blocks.
 */
@ApplicationScoped
class AgentChecks {
  private final TopicCatalog catalog;
  private final List<References> references;

  AgentChecks(TopicCatalog catalog, @All List<References> references) {
    this.catalog = catalog;
    this.references = references;
  }

  /** Fails with all that is wrong with the body of a create. */
  Uni<Void> checkNew(UUID organization, AgentRequest body) {
    Fields fields = new Fields();
    if (body != null) {
      fields.required("name", body.name());
    }
    return check(organization, body, fields);
  }

  /** Fails with all that is wrong with the body of an update. */
  Uni<Void> check(UUID organization, AgentRequest body) {
    return check(organization, body, new Fields());
  }

  private Uni<Void> check(UUID organization, AgentRequest body, Fields fields) {
    if (body == null) {
      throw ApiException.invalid("body", "is required");
    }
    body.check(fields);
    return exist(organization, "source", "sources", body.sources(), fields)
        .chain(() -> exist(organization, "secret", "secrets", body.secrets(), fields))
        .chain(() -> runner(body.runner(), fields))
        .invoke(fields::check);
  }

  private Uni<Void> exist(
      UUID organization, String kind, String field, List<String> named, Fields fields) {
    if (named == null) {
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

  private Uni<Void> runner(String name, Fields fields) {
    if (name == null || name.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return catalog
        .hasRunner(name)
        .invoke(
            known -> {
              if (!known) {
                fields.fault("runner", catalog.noRunner(name));
              }
            })
        .replaceWithVoid();
  }
}
