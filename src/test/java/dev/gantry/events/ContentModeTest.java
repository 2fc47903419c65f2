package dev.gantry.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.events.EventsConfig.Mode;
import dev.gantry.messaging.OutboxMessage;
import dev.gantry.messaging.Topics;
import dev.gantry.platform.TraceContext;
import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Events in either content mode, as the CloudEvents SDK reads them. */
class ContentModeTest {
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final Topics TOPICS = new Topics("t");
  private static final UUID ORGANIZATION = UUID.randomUUID();
  private static final Instant TIME = Instant.parse("2026-11-25T11:33:36.827Z");

  private static ProducerRecord<String, byte[]> record(OutboxMessage message) {
    RecordHeaders headers = new RecordHeaders();
    message.headers().forEach((k, v) -> headers.add(k, v.getBytes(StandardCharsets.UTF_8)));
    return new ProducerRecord<>(message.topic(), null, message.key(), message.payload(), headers);
  }

  private static CloudEvent read(ProducerRecord<String, byte[]> sent) {
    return KafkaMessageFactory.createReader(
            new ConsumerRecord<>(
                sent.topic(),
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                sent.key(),
                sent.value(),
                sent.headers(),
                Optional.empty()))
        .toEvent();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void isReadByTheSdk(Mode mode) {
    PublicEvent told =
        new PublicEvent(
            "agent.created",
            "01a2",
            7,
            TIME,
            ORGANIZATION,
            TraceContext.parse(TRACE).orElseThrow(),
            Map.of("agent", Map.of("name", "Ä \"quoted\"\n")));

    CloudEvent event =
        read(new ContentMode(() -> mode, TOPICS).of(record(told.toMessage(TOPICS.events()))));

    assertThat(event.getSpecVersion()).isEqualTo(SpecVersion.V1);
    assertThat(event.getId()).isEqualTo("01a2-7");
    assertThat(event.getSource()).hasToString("/gantry");
    assertThat(event.getType()).isEqualTo("agent.created");
    assertThat(event.getSubject()).isEqualTo("01a2");
    assertThat(event.getTime()).isEqualTo(TIME.atOffset(ZoneOffset.UTC));
    assertThat(event.getDataSchema()).hasToString("urn:gantry:events:agent.created:1");
    assertThat(event.getDataContentType()).isEqualTo("application/json");
    assertThat(event.getExtension("sequence")).isEqualTo("7");
    assertThat(event.getExtension("partitionkey")).isEqualTo("01a2");
    assertThat(event.getExtension("traceparent")).isEqualTo(TRACE);
    assertThat(event.getExtension("organization")).isEqualTo(ORGANIZATION.toString());
    assertThat(new String(event.getData().toBytes(), StandardCharsets.UTF_8))
        .isEqualTo("{\"agent\":{\"name\":\"Ä \\\"quoted\\\"\\n\"}}");
  }

  @Test
  void leavesWhatIsNoEventAsItIs() {
    ProducerRecord<String, byte[]> command =
        new ProducerRecord<>(TOPICS.steps(), "key", new byte[] {1});

    assertThat(new ContentMode(() -> Mode.STRUCTURED, TOPICS).of(command)).isSameAs(command);
  }
}
