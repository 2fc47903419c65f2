package dev.gantry.webhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.databind.JsonNode;
import dev.gantry.platform.Durations;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What became of one attempt at a delivery.
 *
 * @param number from 1
 * @param duration from the look-up of the name to the end of the answer
 * @param address that was connected to
 * @param status of the answer; without it there was none
 * @param headers a few of the answer's
 * @param body how the answer begins
 * @param error why it counts for nothing
 */
@Schema(
    name = "WebhookAttempt",
    requiredProperties = {"number", "started_at", "duration", "url"})
@JsonInclude(Include.NON_NULL)
record AttemptView(
    int number,
    Instant startedAt,
    String duration,
    String url,
    String address,
    Integer status,
    Map<String, String> headers,
    String body,
    String error) {

  static AttemptView of(Row row) {
    Integer status = row.getInteger("status");
    return new AttemptView(
        row.getInteger("number"),
        DeliveryView.time(row, "started_at"),
        Durations.format(Duration.ofMillis(row.getInteger("took_ms"))),
        row.getString("url"),
        row.getString("address"),
        status,
        status == null ? null : headers(row.getString("headers")),
        row.getString("body"),
        row.getString("error"));
  }

  private static Map<String, String> headers(String json) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> header : Payload.read(json).properties()) {
      headers.put(header.getKey(), header.getValue().asText());
    }
    return headers;
  }
}
