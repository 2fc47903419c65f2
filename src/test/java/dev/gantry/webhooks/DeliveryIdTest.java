package dev.gantry.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryIdTest {
  private static final UUID WEBHOOK = UUID.fromString("01a213a1-0c39-7f1e-8a1c-2f3d6b1a9c55");

  @Test
  void isReadAsItIsWritten() {
    DeliveryId id = new DeliveryId(1795626000123456L, WEBHOOK);

    assertThat(DeliveryId.parse(id.toString(), WEBHOOK)).contains(id);
    assertThat(DeliveryId.parse(id.toString(), UUID.randomUUID())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "msg_1",
        "msg_-1_01a213a1-0c39-7f1e-8a1c-2f3d6b1a9c55",
        "msg_9999999999999999999_01a213a1-0c39-7f1e-8a1c-2f3d6b1a9c55",
        "msg_1_01A213A1-0C39-7F1E-8A1C-2F3D6B1A9C55",
        "msg_1_01a213a1-0c39-7f1e-8a1c-2f3d6b1a9c55 "
      })
  void anythingElseIsNone(String text) {
    assertThat(DeliveryId.parse(text, WEBHOOK)).isEmpty();
  }
}
