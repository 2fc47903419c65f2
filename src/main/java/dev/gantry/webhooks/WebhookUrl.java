package dev.gantry.webhooks;

/**
 * An address to post to, which is as good as a key.
 *
 * @param webhookUrl shown once
 */
record WebhookUrl(String webhookUrl) {
  /** Without the address, which must not reach a log. */
  @Override
  public String toString() {
    return "WebhookUrl[…]";
  }
}
