package dev.gantry.webhooks;

import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Map;

/** Makes the addresses that others post to. Pure code. */
@ApplicationScoped
class WebhookAddresses {
  private final WebhooksConfig config;

  WebhookAddresses(WebhooksConfig config) {
    this.config = config;
  }

  /**
   * Gives the webhook a new address, which nobody can read again.
   *
   * @param reached where the caller has reached the API
   */
  String renew(Webhook webhook, URI reached) {
    if (webhook.isSubscription()) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "This webhook tells of events and has no address to post to",
          Map.of("field", "events"));
    }
    String token = WebhookTokens.random();
    webhook.tokenHash = WebhookTokens.hash(token);
    String base = config.publicUrl().orElse(reached.getScheme() + "://" + reached.getAuthority());
    return base.replaceAll("/+$", "") + "/api/v1/hooks/" + token;
  }
}
