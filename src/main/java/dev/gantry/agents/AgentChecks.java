package dev.gantry.agents;

import dev.gantry.http.ApiException;
import dev.gantry.messaging.TopicCatalog;
import dev.gantry.resources.Fields;
import dev.gantry.resources.ReferenceCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/**
 * Checks a request: its fields, and that what it refers to exists. Event loop, on the caller's
 * context; never blocks.
 */
@ApplicationScoped
class AgentChecks {
  private final TopicCatalog catalog;
  private final ReferenceCheck references;

  AgentChecks(TopicCatalog catalog, ReferenceCheck references) {
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
    return references
        .exist(organization, "source", "sources", body.sources(), fields)
        .chain(() -> references.exist(organization, "secret", "secrets", body.secrets(), fields))
        .chain(() -> runner(body.runner(), fields))
        .invoke(fields::check);
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
