package dev.gantry.webhooks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gantry.events.PublicEvent;
import dev.gantry.messaging.Outbox;
import dev.gantry.messaging.Topics;
import dev.gantry.testing.TestOrganization;
import jakarta.enterprise.inject.spi.CDI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells events of one organization, by the outbox and Kafka as any other room does. */
final class Telling {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TestOrganization mine;
  private final Map<String, Long> sequences = new HashMap<>();

  Telling(TestOrganization mine) {
    this.mine = mine;
  }

  /** Answers with the event's id. */
  String tell(String type, String subject, String data) {
    long sequence = sequences.merge(subject, 1L, Long::sum);
    PublicEvent event =
        new PublicEvent(type, subject, sequence, Instant.now(), mine.id(), null, read(data));
    String topic = CDI.current().select(Topics.class).get().events();
    CDI.current()
        .select(Outbox.class)
        .get()
        .publish(List.of(event.toMessage(topic)))
        .await()
        .atMost(Duration.ofSeconds(10));
    return subject + "-" + sequence;
  }

  private static Map<String, Object> read(String json) {
    try {
      return JSON.readValue(json, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  String completed(String execution) {
    return tell(
        "workflow.completed",
        execution,
        "{\"workflow\": {\"execution_id\": \"%s\", \"name\": \"deploy\", \"status\": \"completed\"}}"
            .formatted(execution));
  }
}
