package dev.gantry.webhooks;

import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * A delivery that this process makes an attempt at, until its lease ends.
 *
 * @param payload a JSON object
 * @param place the host and port where it was to go when it was planned
 * @param attempt its number, from 1: the fence
 * @param tries since it was planned or last asked for, this one included
 * @param until when it has failed
 * @param to null when the webhook is gone
 */
record Claimed(
    DeliveryId id,
    UUID organization,
    String payload,
    String place,
    int attempt,
    int tries,
    Instant until,
    Receiver to) {

  /**
   * The webhook, as it is now.
   *
   * @param secret encrypted; null = nothing is signed
   * @param formerSecret encrypted; null = none that still counts
   */
  record Receiver(String type, String url, boolean enabled, byte[] secret, byte[] formerSecret) {}

  static Claimed of(Row row) {
    return new Claimed(
        new DeliveryId(row.getLong("position"), row.getUUID("webhook_id")),
        row.getUUID("organization_id"),
        row.getString("payload"),
        row.getString("destination"),
        row.getInteger("attempts"),
        row.getInteger("tries"),
        instant(row, "until"),
        row.getString("url") == null ? null : receiver(row));
  }

  private static Receiver receiver(Row row) {
    return new Receiver(
        row.getString("webhook_type"),
        row.getString("url"),
        row.getString("webhook_status").equals(Webhook.ACTIVE),
        bytes(row, "secret"),
        bytes(row, "former_secret"));
  }

  private static byte[] bytes(Row row, String column) {
    Buffer buffer = row.getBuffer(column);
    return buffer == null ? null : buffer.getBytes();
  }

  private static Instant instant(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time.toInstant();
  }
}
