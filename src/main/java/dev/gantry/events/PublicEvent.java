package dev.gantry.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.gantry.messaging.OutboxMessage;
import dev.gantry.platform.TraceContext;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * One event for subscribers.
 *
 * @param type the reference's name, as {@code workflow.started}
 * @param subject the resource's id as the API shows it; also the record's key and partition key
 * @param sequence counts per subject from 1, without gaps
 * @param organization whose event it is
 * @param trace where in a trace it happened; null = nowhere
 * @param data the event's JSON data
 */
public record PublicEvent(
    String type,
    String subject,
    long sequence,
    Instant time,
    UUID organization,
    TraceContext trace,
    Map<String, Object> data) {
  static final String SPEC_VERSION = "1.0";
  static final String SOURCE = "/gantry";
  static final String CONTENT_TYPE = "application/json";
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  /** The event in Kafka's binary content mode: attributes as {@code ce_} headers, data as value. */
  public OutboxMessage toMessage(String topic) {
    try {
      return new ToldEvent(
              0,
              organization,
              subject + "-" + sequence,
              type,
              subject,
              sequence,
              time,
              trace == null ? null : trace.text(),
              JSON.writeValueAsString(data))
          .toMessage(topic);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
