package dev.gantry.webhooks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gantry.events.ToldEvent;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;

/**
 * What is sent of an event: {@code event}, {@code data} and {@code timestamp}, and {@code id},
 * {@code subject} and {@code sequence}, by which a receiver can order events and miss none. Pure
 * code.
 *
 * @param text as it is sent
 */
record Payload(String type, String subject, String text, JsonNode json) {
  private static final ObjectMapper JSON = new ObjectMapper();
  static final String TEST = "webhook.test";

  static Payload of(ToldEvent event) {
    return of(
        event.id(),
        event.type(),
        event.subject(),
        event.sequence(),
        event.time(),
        read(event.data()));
  }

  /** Of an event that nobody else is told of. */
  static Payload test(Webhook webhook, long position, Instant time) {
    JsonNode about = JSON.valueToTree(Map.of("uuid", webhook.publicId(), "name", webhook.name));
    return of(
        webhook.publicId() + "-test-" + position,
        TEST,
        webhook.publicId(),
        0,
        time,
        JSON.createObjectNode().set("webhook", about));
  }

  private static Payload of(
      String id, String type, String subject, long sequence, Instant time, JsonNode data) {
    ObjectNode json = JSON.createObjectNode().put("event", type);
    json.set("data", data);
    json.put("timestamp", time.toString());
    json.put("id", id).put("subject", subject).put("sequence", sequence);
    return new Payload(type, subject, json.toString(), json);
  }

  static JsonNode read(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("what Gantry has stored is no JSON", e);
    }
  }
}
