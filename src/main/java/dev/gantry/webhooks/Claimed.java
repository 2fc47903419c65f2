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
  /** Of {@code webhook_deliveries d}: nothing before it that has to be sent first is under way. */
  static final String MAY_BE_SENT =
      """
      not exists (
        select from webhooks w
        join webhook_deliveries before on before.webhook_id = w.id
          and before.subject = d.subject and before.position < d.position
          and before.next_at is not null
        where w.id = d.webhook_id and w.ordered)
      """;

  /** What a claim changes beside the lease. */
  static final String COUNTED = "tries = tries + 1, attempts = attempts + 1";

  /** What {@link #of} reads, of the claimed delivery {@code c} and its webhook {@code w}. */
  static final String COLUMNS =
      """
      c.position, c.webhook_id, c.organization_id, c.payload, c.destination, c.attempts,
      c.tries, c.until, w.type as webhook_type, w.destination as url,
      w.status as webhook_status, w.secret,
      case when w.former_until > now() then w.former_secret end as former_secret
      """;

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
