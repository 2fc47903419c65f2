package dev.gantry.events;

import dev.gantry.messaging.OutboxMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An event that has been told: Kafka has it.
 *
 * @param position its place in the order of telling, over all organizations; microseconds since
 *     1970, counted up where two would be equal
 * @param id of the CloudEvent, made of subject and sequence
 * @param traceparent where in a trace it happened (W3C Trace Context), or null
 * @param data a JSON object
 */
public record ToldEvent(
    long position,
    UUID organizationId,
    String id,
    String type,
    String subject,
    long sequence,
    Instant time,
    String traceparent,
    String data) {
  /** The CloudEvent's, but for the content type of the data, which all have. */
  static final List<String> ATTRIBUTES =
      List.of(
          "specversion",
          "id",
          "source",
          "type",
          "subject",
          "time",
          "dataschema",
          "partitionkey",
          "sequence",
          "organization",
          "traceparent");

  /** Null when the event has no such attribute. */
  String attribute(String name) {
    return switch (name) {
      case "specversion" -> PublicEvent.SPEC_VERSION;
      case "id" -> id;
      case "source" -> PublicEvent.SOURCE;
      case "type" -> type;
      case "subject", "partitionkey" -> subject;
      case "time" -> time.toString();
      case "dataschema" -> EventTypes.schema(type);
      case "sequence" -> Long.toString(sequence);
      case "organization" -> organizationId.toString();
      case "traceparent" -> traceparent;
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** The event once more, as it was told first. */
  public OutboxMessage toMessage(String topic) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : ATTRIBUTES) {
      String value = attribute(name);
      if (value != null) {
        headers.put(ContentMode.HEADER + name, value);
      }
    }
    headers.put("content-type", PublicEvent.CONTENT_TYPE);
    return new OutboxMessage(topic, subject, headers, data.getBytes(StandardCharsets.UTF_8));
  }
}
