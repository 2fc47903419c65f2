package dev.gantry.agents;

import dev.gantry.http.ApiException;
import dev.gantry.resources.Fields;
import dev.gantry.resources.ReferenceCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/**
 * Checks a request: its fields, and that what it refers to exists. Event loop, on the caller's
 * context; never blocks.
 */
@ApplicationScoped
class AgentChecks {
  private final ReferenceCheck references;

  AgentChecks(ReferenceCheck references) {
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
        .chain(() -> references.exist(organization, "runner", "runner", runner(body), fields))
        .invoke(fields::check);
  }

  /** An empty one takes away what there is. */
  private static List<String> runner(AgentRequest body) {
    return body.runner() == null || body.runner().isEmpty() ? null : List.of(body.runner());
  }
}
