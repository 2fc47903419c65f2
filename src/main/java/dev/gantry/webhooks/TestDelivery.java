package dev.gantry.webhooks;

import dev.gantry.database.DatabaseClock;
import dev.gantry.http.ApiException;
import dev.gantry.http.ErrorCode;
import dev.gantry.webhooks.Claimed.Receiver;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends an event of no meaning to one subscription, once and at once, also when it is disabled.
 * Event loop, never blocks.
 */
@ApplicationScoped
class TestDelivery {
  private final DeliveryStore store;
  private final Sending sending;
  private final DeliveryLog log;
  private final DatabaseClock clock;
  private final WebhooksConfig config;
  private final AtomicLong last = new AtomicLong();

  TestDelivery(
      DeliveryStore store,
      Sending sending,
      DeliveryLog log,
      DatabaseClock clock,
      WebhooksConfig config) {
    this.store = store;
    this.sending = sending;
    this.log = log;
    this.clock = clock;
    this.config = config;
  }

  /** Answers with what came of it; fails with 409 for a webhook that sends nothing. */
  Uni<DeliveryView> send(Webhook webhook) {
    requireReceiver(webhook);
    Instant now = clock.now();
    long position = last.updateAndGet(before -> Math.max(before + 1, micros(now)));
    Payload payload = Payload.test(webhook, position, now);
    Claimed delivery = claimed(webhook, payload, position, now);
    return store
        .addClaimed(delivery, payload, config.delivery().timeout().plusSeconds(10))
        .chain(() -> sending.test(delivery))
        .chain(() -> log.get(webhook, delivery.id().toString()));
  }

  private static void requireReceiver(Webhook webhook) {
    if (!webhook.isSubscription() || !Destination.isUrl(webhook.destination)) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "This webhook sends nothing: it has no events and url",
          Map.of("field", "events", "error", "make it a subscription"));
    }
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  private static Claimed claimed(Webhook webhook, Payload payload, long position, Instant now) {
    boolean formerCounts = webhook.formerUntil != null && now.isBefore(webhook.formerUntil);
    return new Claimed(
        new DeliveryId(position, webhook.id),
        webhook.organizationId,
        payload.text(),
        Destination.place(webhook.destination),
        1,
        1,
        now,
        new Receiver(
            webhook.type,
            webhook.destination,
            true,
            webhook.secret,
            formerCounts ? webhook.formerSecret : null));
  }
}
