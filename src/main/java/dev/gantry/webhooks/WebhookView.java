package dev.gantry.webhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.gantry.webhooks.Target.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A webhook as the API shows it; what it does not have is left out.
 *
 * @param url of a subscription: its destination
 * @param signed whether it has a secret, which is never shown
 * @param status of a subscription: nothing is sent while it is disabled
 * @param webhookUrl where to post to; in the answer that makes it and never again
 * @param secret in the answer that has made it up and never again
 */
@Schema(name = "Webhook")
@JsonInclude(Include.NON_EMPTY)
record WebhookView(
    @Schema(format = "uuid") String uuid,
    String name,
    @Schema(enumeration = {"http", "slack", "teams"}) String type,
    String destination,
    @Schema(description = "Of a subscription") String url,
    List<String> events,
    String prompt,
    String agent,
    String workflow,
    String tool,
    String source,
    String runner,
    Map<String, String> variables,
    Map<String, String> args,
    String filter,
    @Schema(description = "Whether it has a secret") boolean signed,
    @Schema(description = "Of a subscription: whether events of a subject come one by one")
        Boolean ordered,
    @Schema(
            description = "Of a subscription",
            enumeration = {"active", "disabled"})
        String status,
    @Schema(description = "Why it is disabled") String statusReason,
    @Schema(description = "Where to post to; shown once") String webhookUrl,
    @Schema(description = "When it was made here; shown once") String secret,
    Instant createdAt,
    Instant updatedAt) {
  private static final Target NOTHING = new Target(null, null, null, null, null);

  static WebhookView of(Webhook webhook) {
    return of(webhook, null, null);
  }

  /**
   * @param webhookUrl null = as before
   * @param secret null = as before, or as the caller gave it
   */
  static WebhookView of(Webhook webhook, String webhookUrl, String secret) {
    Target target = webhook.target == null ? NOTHING : webhook.target;
    return new WebhookView(
        webhook.publicId(),
        webhook.name,
        webhook.type,
        webhook.destination,
        webhook.isSubscription() ? webhook.destination : null,
        webhook.events,
        webhook.prompt,
        target.nameIf(Kind.AGENT),
        target.nameIf(Kind.WORKFLOW),
        target.nameIf(Kind.TOOL),
        target.source(),
        target.runner(),
        target.kind() == Kind.WORKFLOW ? target.inputs() : null,
        target.kind() == Kind.TOOL ? target.inputs() : null,
        webhook.filter,
        webhook.secret != null,
        webhook.isSubscription() ? webhook.ordered : null,
        webhook.isSubscription() ? webhook.status : null,
        webhook.statusReason,
        webhookUrl,
        secret,
        webhook.createdAt,
        webhook.updatedAt);
  }

  /** Without what is shown once, which must not reach a log. */
  @Override
  public String toString() {
    return "WebhookView[uuid=" + uuid + "]";
  }
}
