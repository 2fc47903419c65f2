package dev.gantry.webhooks;

import dev.gantry.database.DatabaseClock;
import dev.gantry.secrets.SealedTexts;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/** Keeps what webhooks' messages are signed with. Event loop, never blocks. */
@ApplicationScoped
class WebhookSecrets {
  private final SealedTexts sealed;
  private final DatabaseClock clock;

  WebhookSecrets(SealedTexts sealed, DatabaseClock clock) {
    this.sealed = sealed;
    this.clock = clock;
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
    webhook.seal(sealed.seal(webhook.organizationId, place(webhook.id), secret));
  }

  /**
   * Makes another secret, beside which the one before counts for a while.
   *
   * @param until when it counts no more
   */
  String rotate(Webhook webhook, Instant until) {
    String secret = Signature.newSecret();
    webhook.rotate(sealed.seal(webhook.organizationId, place(webhook.id), secret), until);
    return secret;
  }

  /** All that count now, the newest first. */
  List<String> open(Webhook webhook) {
    return open(
        webhook.organizationId,
        webhook.id,
        webhook.secret,
        webhook.formerUntil == null || clock.now().isAfter(webhook.formerUntil)
            ? null
            : webhook.formerSecret);
  }

  /**
   * @param ciphertexts of the webhook's secrets; null = none
   */
  List<String> open(UUID organization, UUID webhook, byte[]... ciphertexts) {
    return Stream.of(ciphertexts)
        .filter(Objects::nonNull)
        .map(ciphertext -> sealed.open(organization, place(webhook), ciphertext))
        .toList();
  }

  private static String place(UUID webhook) {
    return "webhook/" + webhook;
  }
}
