package dev.gantry.webhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A delivery as the API shows it; what there is not is left out.
 *
 * @param id the {@code webhook-id} of its messages
 * @param reason why it is not delivered
 * @param attempts how many were begun; one that its process did not live to tell of is not shown
 * @param createdAt when it was planned, by the database's clock
 * @param request what is sent; in the answer that shows one delivery
 * @param log what became of each attempt, the first one first; as {@code request}
 */
@Schema(
    name = "WebhookDelivery",
    requiredProperties = {"id", "event", "event_id", "subject", "status", "attempts", "created_at"})
@JsonInclude(Include.NON_NULL)
record DeliveryView(
    String id,
    String event,
    String eventId,
    String subject,
    Long sequence,
    @Schema(enumeration = {"pending", "delivered", "failed"}) String status,
    String reason,
    int attempts,
    Instant createdAt,
    Instant nextAttemptAt,
    Instant endedAt,
    Request request,
    List<AttemptView> log) {

  /**
   * What is sent, without the signature.
   *
   * @param headers those of each attempt; {@code webhook-timestamp} is its time
   */
  @Schema(name = "WebhookDeliveryRequest")
  record Request(Map<String, String> headers, String body) {}

  static DeliveryView of(Row row) {
    return of(row, null, null);
  }

  static DeliveryView of(Row row, Request request, List<AttemptView> log) {
    JsonNode payload = Payload.read(row.getString("payload"));
    UUID webhook = row.getUUID("webhook_id");
    return new DeliveryView(
        new DeliveryId(row.getLong("position"), webhook).toString(),
        row.getString("type"),
        payload.path("id").asText(),
        row.getString("subject"),
        payload.path("sequence").asLong(),
        row.getString("status"),
        row.getString("reason"),
        row.getInteger("attempts"),
        time(row, "planned_at"),
        time(row, "next_at"),
        time(row, "ended_at"),
        request,
        log);
  }

  static Instant time(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }
}
