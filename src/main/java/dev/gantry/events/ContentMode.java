package dev.gantry.events;

import dev.gantry.events.EventsConfig.Mode;
import dev.gantry.messaging.RecordForm;
import dev.gantry.messaging.Topics;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Puts events into the content mode that subscribers want. What waits to be told is in binary mode
 * whatever the setting, so that it may be changed at any time. Pure code.
 */
@ApplicationScoped
class ContentMode implements RecordForm {
  static final String STRUCTURED = "application/cloudevents+json; charset=UTF-8";

  /** What the name of a header with an attribute begins with. */
  static final String HEADER = "ce_";

  private final Mode mode;
  private final Topics topics;

  ContentMode(EventsConfig config, Topics topics) {
    this.mode = config.mode();
    this.topics = topics;
  }

  @Override
  public ProducerRecord<String, byte[]> of(ProducerRecord<String, byte[]> record) {
    return mode == Mode.BINARY || !topics.isOfEvents(record.topic()) ? record : structured(record);
  }

  private static ProducerRecord<String, byte[]> structured(ProducerRecord<String, byte[]> record) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("content-type", STRUCTURED.getBytes(StandardCharsets.UTF_8));
    String json =
        EventJson.of(
            name -> {
              Header header = record.headers().lastHeader(HEADER + name);
              return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
            },
            new String(record.value(), StandardCharsets.UTF_8));
    return new ProducerRecord<>(
        record.topic(),
        record.partition(),
        record.key(),
        json.getBytes(StandardCharsets.UTF_8),
        headers);
  }
}
