package dev.gantry.webhooks;

import dev.gantry.http.ApiException;
import dev.gantry.network.AddressPolicy;
import dev.gantry.resources.Fields;
import dev.gantry.resources.ReferenceCheck;
import dev.gantry.tools.DefinitionKind;
import dev.gantry.tools.NamedDefinitions;
import dev.gantry.webhooks.Target.Kind;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/**
 * Checks a request: its fields, that what it refers to exists, and that the webhook which it makes
 * or changes is one that makes sense. Event loop, on the caller's context; never blocks.
 */
@ApplicationScoped
class WebhookChecks {
  private final ReferenceCheck references;
  private final NamedDefinitions definitions;
  private final AddressPolicy network;
  private final WebhooksConfig config;

  WebhookChecks(
      ReferenceCheck references,
      NamedDefinitions definitions,
      AddressPolicy network,
      WebhooksConfig config) {
    this.references = references;
    this.definitions = definitions;
    this.network = network;
    this.config = config;
  }

  /** Fails with all that is wrong with the body of a create; answers the webhook. */
  Uni<Webhook> checkNew(UUID organization, WebhookRequest body) {
    require(body);
    Fields fields = new Fields();
    boolean subscription = body.events() != null && !body.events().isEmpty();
    if (!subscription) {
      fields.required("name", body.name());
    }
    body.check(fields);
    return existing(organization, body, fields)
        .map(
            checked -> {
              Webhook webhook = new Webhook();
              body.applyTo(webhook);
              if (webhook.name == null) {
                webhook.name = webhook.destination;
              }
              requireCoherent(webhook, body);
              return webhook;
            });
  }

  /** Fails with what is wrong with the body of an update by itself. */
  Uni<Void> check(UUID organization, WebhookRequest body) {
    require(body);
    Fields fields = new Fields();
    body.check(fields);
    return existing(organization, body, fields);
  }

  /** Changes a webhook, or fails with what is wrong with the two together. */
  void update(Webhook webhook, WebhookRequest body) {
    boolean subscription = webhook.isSubscription();
    body.applyTo(webhook);
    if (webhook.isSubscription() != subscription) {
      throw ApiException.invalid(
          "events",
          subscription
              ? "cannot be empty; delete the webhook to be told of nothing"
              : "make a subscription; create one beside this webhook");
    }
    requireCoherent(webhook, body);
  }

  /** Within the transaction of a create: fails when there are more webhooks now than may be. */
  Uni<Void> requireRoom(UUID organization) {
    return Webhook.count("organizationId", organization)
        .invoke(
            count -> {
              if (count > config.maxPerOrganization()) {
                throw ApiException.invalid(
                    "webhooks",
                    "an organization may have %d, which gantry.webhooks.max-per-organization sets"
                        .formatted(config.maxPerOrganization()));
              }
            })
        .replaceWithVoid();
  }

  private static void require(WebhookRequest body) {
    if (body == null) {
      throw ApiException.invalid("body", "is required");
    }
  }

  private Uni<Void> existing(UUID organization, WebhookRequest body, Fields fields) {
    return references
        .exist(organization, "agent", "agent", named(body.agent()), fields)
        .chain(
            () -> references.exist(organization, "runner", "runner", named(body.runner()), fields))
        .invoke(fields::check)
        .chain(() -> defined(organization, body));
  }

  private static List<String> named(String name) {
    return name == null || name.isEmpty() ? null : List.of(name);
  }

  private Uni<Void> defined(UUID organization, WebhookRequest body) {
    Kind kind = body.kind();
    if (kind == null || kind == Kind.AGENT) {
      return Uni.createFrom().voidItem();
    }
    boolean workflow = kind == Kind.WORKFLOW;
    return definitions
        .named(
            organization,
            workflow ? DefinitionKind.WORKFLOW : DefinitionKind.TOOL,
            kind.field(),
            workflow ? body.workflow() : body.tool(),
            body.source() == null || body.source().isEmpty() ? null : body.source())
        .replaceWithVoid();
  }

  private void requireCoherent(Webhook webhook, WebhookRequest body) {
    Fields fields = new Fields();
    if (webhook.isSubscription()) {
      checkSubscription(webhook, body, fields);
    } else {
      checkIncoming(webhook, body, fields);
    }
    if (isAddress(webhook)) {
      String field = webhook.isSubscription() ? "url" : "destination";
      Destination.check(field, webhook.destination, network, fields);
    }
    fields.check();
  }

  /** Of the others, a destination may also be a channel. */
  private static boolean isAddress(Webhook webhook) {
    return Destination.isUrl(webhook.destination)
        || (webhook.type.equals(Webhook.HTTP) && !webhook.destination.isEmpty());
  }

  private static void checkSubscription(Webhook webhook, WebhookRequest body, Fields fields) {
    if (webhook.destination.isEmpty()) {
      fields.fault("url", "is required by events: where to tell of them");
    }
    if (webhook.target != null || !webhook.prompt.isEmpty()) {
      fields.fault(
          webhook.target == null ? "prompt" : webhook.target.kind().field(),
          "does not go with events: a subscription starts nothing");
    }
    if (Boolean.TRUE.equals(body.signed()) && body.secret() == null && webhook.secret == null) {
      fields.fault("secret", "is required: what you check the signature with");
    }
  }

  private static void checkIncoming(Webhook webhook, WebhookRequest body, Fields fields) {
    if (body.url() != null) {
      fields.fault("url", "goes with events only; an answer goes to destination");
    }
    if (Boolean.TRUE.equals(body.ordered())) {
      fields.fault("ordered", "goes with events only");
    }
    if (body.secret() != null) {
      Signature.check("secret", body.secret(), fields);
    }
    Target target = webhook.target;
    if (target != null && target.kind() == Kind.AGENT) {
      if (target.source() != null || target.runner() != null) {
        fields.fault(
            target.source() == null ? "runner" : "source", "goes with workflow and tool only");
      }
    }
  }
}
