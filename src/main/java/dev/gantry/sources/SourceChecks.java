package dev.gantry.sources;

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
class SourceChecks {
  private final ReferenceCheck references;
  private final SourceConfig config;

  SourceChecks(ReferenceCheck references, SourceConfig config) {
    this.references = references;
    this.config = config;
  }

  /** Fails with all that is wrong with the body of a create; answers the origin. */
  Uni<Origin> checkNew(UUID organization, SourceRequest body) {
    Fields fields = new Fields();
    if (body != null) {
      fields.required("name", body.name());
    }
    return whole(organization, body, fields);
  }

  /** Fails with all that is wrong with the body of a preview; answers the origin. */
  Uni<Origin> checkPreview(UUID organization, SourceRequest body) {
    Fields fields = new Fields();
    if (body != null && (body.name() != null || body.description() != null)) {
      fields.fault(body.name() == null ? "description" : "name", "a preview has none");
    }
    return whole(organization, body, fields);
  }

  private Uni<Origin> whole(UUID organization, SourceRequest body, Fields fields) {
    require(body);
    body.check(fields);
    Origin origin = body.origin(null, config);
    origin.check(fields, config);
    body.checkDefinitions(origin, fields);
    if (origin.isInline() && !body.hasDefinitions()) {
      fields.fault("tools", "or workflows are required by type 'inline'");
    }
    return existing(organization, body, fields).invoke(fields::check).replaceWith(origin);
  }

  /** Fails with what is wrong with the body of an update by itself. */
  Uni<Void> check(UUID organization, SourceRequest body) {
    require(body);
    Fields fields = new Fields();
    body.check(fields);
    return existing(organization, body, fields).invoke(fields::check);
  }

  /** Changes a source, or fails with what is wrong with the two together. */
  void update(Source source, SourceRequest body) {
    Origin origin = body.origin(source.origin, config);
    Fields fields = new Fields();
    origin.check(fields, config);
    body.checkDefinitions(origin, fields);
    if (origin.isInline() && !source.origin.isInline() && !body.hasDefinitions()) {
      fields.fault("tools", "or workflows are required by type 'inline'");
    }
    fields.check();
    if (!origin.equals(source.origin) || body.hasDefinitions()) {
      source.status = Source.SCANNING;
    }
    source.origin = origin;
    if (!origin.isInline()) {
      source.inlineTools = null;
      source.inlineWorkflows = null;
    }
    body.applyTo(source);
  }

  private static void require(SourceRequest body) {
    if (body == null) {
      throw ApiException.invalid("body", "is required");
    }
  }

  private Uni<Void> existing(UUID organization, SourceRequest body, Fields fields) {
    Origin.Credentials named =
        body.credentials() == null ? new Origin.Credentials(null, null) : body.credentials();
    return exists(organization, "secret", named.secret(), fields)
        .chain(() -> exists(organization, "integration", named.integration(), fields))
        .chain(() -> runner(organization, body.runner(), fields));
  }

  private Uni<Void> exists(UUID organization, String kind, String name, Fields fields) {
    List<String> names = name == null ? null : List.of(name);
    return references.exist(organization, kind, "credentials." + kind, names, fields);
  }

  private Uni<Void> runner(UUID organization, String name, Fields fields) {
    if (name == null || name.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return references.exist(organization, "runner", "runner", List.of(name), fields);
  }
}
