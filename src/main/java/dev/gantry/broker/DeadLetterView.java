package dev.gantry.broker;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A dead letter as the API shows it; what is null is left out.
 *
 * @param topic where it could not be handled
 * @param value as it came, when it is text, and at most {@value #SHOWN} characters of it
 * @param valueBase64 else
 * @param size of the value in bytes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
    name = "DeadLetter",
    requiredProperties = {"id", "topic", "partition", "offset", "reason", "at", "size"})
record DeadLetterView(
    String id,
    String topic,
    int partition,
    long offset,
    String reason,
    Instant at,
    String key,
    String value,
    String valueBase64,
    int size) {
  private static final int SHOWN = 8192;

  static DeadLetterView of(ConsumerRecord<String, byte[]> letter) {
    byte[] value = letter.value() == null ? new byte[0] : letter.value();
    String text = text(value);
    return new DeadLetterView(
        new LetterId(letter.topic(), letter.partition(), letter.offset()).toString(),
        DeadLetterBox.header(letter, "topic"),
        Integer.parseInt(DeadLetterBox.header(letter, "partition")),
        Long.parseLong(DeadLetterBox.header(letter, "offset")),
        DeadLetterBox.header(letter, "reason"),
        Instant.ofEpochMilli(letter.timestamp()),
        letter.key(),
        text == null ? null : text.substring(0, Math.min(text.length(), SHOWN)),
        text == null ? base64(value) : null,
        value.length);
  }

  private static String base64(byte[] value) {
    return Base64.getEncoder().encodeToString(Arrays.copyOf(value, Math.min(value.length, SHOWN)));
  }

  private static String text(byte[] value) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
    } catch (CharacterCodingException binary) {
      return null;
    }
  }

  /** Whether it says where it came from: what does not was put there by somebody else. */
  static boolean isWhole(ConsumerRecord<String, byte[]> letter) {
    for (String name : DeadLetterBox.HEADERS) {
      Header header = letter.headers().lastHeader(DeadLetterBox.HEADER + name);
      if (header == null || header.value() == null) {
        return false;
      }
    }
    return true;
  }
}
