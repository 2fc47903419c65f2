package dev.gantry.webhooks;

import dev.gantry.secrets.SealedTexts;
import jakarta.enterprise.context.ApplicationScoped;

/** Keeps what webhooks' messages are signed with. Event loop, never blocks. */
@ApplicationScoped
class WebhookSecrets {
  private final SealedTexts sealed;

  WebhookSecrets(SealedTexts sealed) {
    this.sealed = sealed;
  }

  /**
   * Does what a request says of the secret; the webhook has its id.
   *
   * @return the secret when it was made up here, else null
   */
  String apply(Webhook webhook, WebhookRequest body) {
    if (body.secret() != null) {
      seal(webhook, body.secret());
    } else if (Boolean.FALSE.equals(body.signed())) {
      webhook.seal(null);
    } else if (Boolean.TRUE.equals(body.signed()) && webhook.secret == null) {
      String secret = Signature.newSecret();
      seal(webhook, secret);
      return secret;
    }
    return null;
  }

  private void seal(Webhook webhook, String secret) {
    webhook.seal(sealed.seal(webhook.organizationId, place(webhook), secret));
  }

  String open(Webhook webhook) {
    return sealed.open(webhook.organizationId, place(webhook), webhook.secret);
  }

  private static String place(Webhook webhook) {
    return "webhook/" + webhook.id;
  }
}
